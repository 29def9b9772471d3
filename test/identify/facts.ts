import type { Facts } from '../../src/identify/judge.ts'
import { emptyOffer, highestOffered, type Offer, withoutGrease } from '../../src/model/offer.ts'
import type { Clause } from '../../src/model/prediction.ts'
import type { HelloShape, UsageRow } from '../../src/model/usage.ts'
import { TLS_1_0, TLS_1_2, TLS_1_3 } from '../../src/model/version.ts'

export const monday = Date.UTC(2026, 10, 16)
export const day = 86_400_000

export function offerOf(changes: Partial<Offer> = {}): Offer {
  return {
    ...emptyOffer(),
    recordVersion: TLS_1_0,
    legacyVersion: TLS_1_2,
    suites: [0xc02f, 0x002f],
    compression: [0],
    extensions: [0, 10, 13],
    groups: [0x001d, 0x0017],
    pointFormats: [0],
    signatureSchemes: [0x0403, 0x0401],
    extendedMasterSecret: true,
    sessionTicket: true,
    ...changes,
  }
}

function shapeFrom(id: string, changes: Partial<Offer> = {}): HelloShape {
  return { id, offer: offerOf(changes), ja3: `ja3-${id}`, ja4: `ja4-${id}`, ja4r: '' }
}

/** Hellos that the tests speak of by name. */
export const shapes = new Map(
  [
    shapeFrom('modern', { supportedVersions: [TLS_1_3, TLS_1_2], suites: [0x1301, 0xc02f] }),
    shapeFrom('tls12', {}),
    shapeFrom('tls12-cbc', { suites: [0x002f, 0x0035] }),
    shapeFrom('tls10', { legacyVersion: TLS_1_0, suites: [0x002f, 0x000a] }),
    shapeFrom('retry10', { legacyVersion: TLS_1_0, suites: [0x002f, 0x5600] }),
  ].map(shape => [shape.id, shape]),
)

/** A floor check that is simple enough to see through: version first, then the suites of the floor. */
export const aeadOnly = { version: TLS_1_2, suites: [0xc02f, 0xc030], title: 'TLS 1.2, suites aead' }
const tls12Floor = { version: TLS_1_2, title: 'TLS 1.2' }

function checkAgainst(floor: { version: number; suites?: number[] }): (offer: Offer) => Clause | null {
  return offer => {
    const highest = highestOffered(offer)
    if (highest < floor.version) return 'version'
    if (highest >= TLS_1_3 || floor.suites === undefined) return null
    return withoutGrease(offer.suites).some(suite => floor.suites?.includes(suite)) ? null : 'suite'
  }
}

export function rowOf(changes: Partial<UsageRow> = {}): UsageRow {
  const shape = shapes.get(changes.shape ?? '')
  const firstSeenMs = changes.firstSeenMs ?? monday + 9 * 3_600_000
  return {
    dayMs: Math.floor(firstSeenMs / day) * day,
    service: 'api',
    account: 'acme',
    attributedBy: 'sni',
    confidence: 'certain',
    source: 'gateway',
    shape: '',
    offeredMax: shape ? highestOffered(shape.offer) : 0,
    negotiated: 0,
    suite: 0,
    outcome: 'accepted',
    reason: '',
    operation: '',
    userAgent: '',
    connections: 1,
    firstSeenMs,
    lastSeenMs: firstSeenMs,
    addresses: 1,
    hours: Array<number>(168).fill(0),
    snis: [],
    ...changes,
  }
}

export function factsOf(rows: UsageRow[], changes: Partial<Facts> = {}): Facts {
  const floor = changes.floor ?? tls12Floor
  return {
    retirement: 'test',
    service: 'api',
    rows,
    shapes,
    floor,
    check: checkAgainst(floor),
    window: { fromMs: monday, toMs: monday + 7 * day },
    cutoffMs: null,
    stackOf: () => ({ id: 'unknown', title: 'unknown', strength: 'suggests', also: [], remedy: null }),
    ...changes,
  }
}
