import { dayMs, hourMs, startOfDay } from '../../base/time.ts'
import { type KnownHello, knownHellos } from '../../identify/stacks/compare.ts'
import { highestOffered, type Offer } from '../../model/offer.ts'
import type { HelloShape } from '../../model/usage.ts'
import { TLS_1_2, TLS_1_3 } from '../../model/version.ts'
import { rowFragment } from '../../spool/line.ts'
import { openSpool } from '../../spool/writer.ts'
import { ja3, ja4, shapeOf } from '../../wire/fingerprint.ts'
import { sampleSource } from '../store-facts.ts'
import { demoDomain, demoHost } from './story.ts'

/** So many days before the start. */
export const historyDays = 42

/** How often a client works: its hours of the day (UTC), on which days. */
type Cadence = 'hourly' | 'office' | 'nightly' | 'weekly' | 'monthly'

interface Past {
  account: string
  /** Names of hellos in the table of stacks: what they used before, and what they use since `fixedDay`. */
  old: string
  cadence: Cadence
  perHour: number
  /** Day of the history on which the last old client was replaced; absent: it never was. */
  fixedDay?: number
}

const java6 = 'Java 6u45'
const java7 = 'Java 7u25'
const windows7 = 'IE 8 Win 7'
const openssl098 = 'OpenSSL 0.9.8y'
const android4 = 'Android 4.2.2'
const vista = 'IE 7 Vista'
const modern = 'OpenSSL 1.1.1b (Debian)'

/** Most mend themselves after a notice, some late, some not at all; one works once a month and looks gone for weeks. */
const pasts: readonly Past[] = [
  { account: 'contoso', old: java6, cadence: 'hourly', perHour: 40 },
  { account: 'fabrikam', old: windows7, cadence: 'nightly', perHour: 60 },
  { account: 'northwind', old: openssl098, cadence: 'office', perHour: 25 },
  { account: 'woodgrove', old: openssl098, cadence: 'weekly', perHour: 30 },
  { account: 'tailspin', old: openssl098, cadence: 'hourly', perHour: 6 },
  { account: 'wingtip', old: vista, cadence: 'monthly', perHour: 12 },
  { account: 'coho', old: java7, cadence: 'hourly', perHour: 30, fixedDay: 6 },
  { account: 'lamna', old: windows7, cadence: 'hourly', perHour: 22, fixedDay: 6 },
  { account: 'alpine', old: java6, cadence: 'office', perHour: 10, fixedDay: 9 },
  { account: 'relecloud', old: openssl098, cadence: 'hourly', perHour: 55, fixedDay: 11 },
  { account: 'vanarsdel', old: windows7, cadence: 'hourly', perHour: 35, fixedDay: 13 },
  { account: 'margie', old: android4, cadence: 'hourly', perHour: 14, fixedDay: 17 },
  { account: 'fourth-coffee', old: java7, cadence: 'office', perHour: 18, fixedDay: 18 },
  { account: 'graphic-design', old: windows7, cadence: 'office', perHour: 9, fixedDay: 21 },
  { account: 'trey', old: java7, cadence: 'hourly', perHour: 26, fixedDay: 24 },
  { account: 'lucerne', old: openssl098, cadence: 'nightly', perHour: 45, fixedDay: 27 },
  { account: 'southridge', old: java6, cadence: 'hourly', perHour: 8, fixedDay: 32 },
  { account: 'blue-yonder', old: windows7, cadence: 'hourly', perHour: 17, fixedDay: 36 },
]

const alwaysModern = ['litware', 'adatum', 'proseware', 'fabrikam', 'woodgrove', 'contoso-dev', 'humongous']

/**
 * Writes made-up observations of the past weeks to the spool, where the store takes them in like any others. The same start gives the same
 * history. Their source is `sample-history`, by which the console labels them.
 */
export function writeHistory(spoolDir: string, nowMs: number): void {
  const today = startOfDay(nowMs)
  const chance = randomOf(2013)
  const shapes = new Map<string, HelloShape>()
  const shapeNamed = (name: string) => {
    let shape = shapes.get(name)
    if (!shape) {
      shape = shapeOfKnown(name)
      shapes.set(name, shape)
    }
    return shape
  }
  const spool = openSpool({
    dir: spoolDir,
    writer: 'sample',
    origin: { service: `*.${demoDomain}`, source: sampleSource },
    sealBytes: 1 << 30,
    sealAfterMs: 3_600_000,
    now: () => nowMs,
  })

  const write = (account: string, hello: string, atMs: number, count: number) => {
    if (atMs >= nowMs || count === 0) return
    const shape = shapeNamed(hello)
    const offeredMax = highestOffered(shape.offer)
    const fragment = rowFragment({
      service: `*.${demoDomain}`,
      account,
      attributedBy: 'sni',
      confidence: 'certain',
      source: sampleSource,
      sni: demoHost(account),
      shape: shape.id,
      offeredMax,
      breaks: offeredMax < TLS_1_2 ? 'version' : '',
      operation: '',
      userAgent: '',
      count,
    })
    const negotiated = Math.min(offeredMax, TLS_1_3)
    const connection = spool.opened(atMs, `192.0.2.${1 + Math.floor(chance() * 200)}`)
    spool.decided(
      connection,
      { outcome: 'accepted', reason: '', negotiated, suite: 0, group: 0 },
      shape,
      fragment,
    )
  }

  for (let day = 0; day <= historyDays; day++) {
    const dayStartMs = today - (historyDays - day) * dayMs
    for (const past of pasts) {
      const hello = past.fixedDay !== undefined && day >= past.fixedDay ? modern : past.old
      for (const hour of hoursOf(past.cadence, day, dayStartMs))
        write(
          past.account,
          hello,
          dayStartMs + hour * hourMs + Math.floor(chance() * hourMs),
          Math.round(past.perHour * (0.7 + 0.6 * chance())),
        )
    }
    for (const account of alwaysModern)
      for (let hour = 0; hour < 24; hour += 3)
        write(account, modern, dayStartMs + hour * hourMs, Math.round(90 + 120 * chance()))
  }
  spool.close()
}

function hoursOf(cadence: Cadence, day: number, dayStartMs: number): number[] {
  // On the first day everybody is seen, so that the line does not begin with a rise.
  if (day === 0) return [6]
  const weekday = new Date(dayStartMs).getUTCDay()
  const isWorkday = weekday > 0 && weekday < 6
  switch (cadence) {
    case 'hourly':
      return [0, 4, 8, 12, 16, 20]
    case 'office':
      return isWorkday ? [8, 10, 13, 15] : []
    case 'nightly':
      return [2]
    case 'weekly':
      return weekday === 1 ? [3, 4] : []
    case 'monthly':
      return day % 30 === 17 ? [5] : []
  }
}

/** A hello of the table as an offer; what the table does not keep (order of extensions) does not matter to a verdict. */
function shapeOfKnown(name: string): HelloShape {
  const known = knownHellos().find(hello => hello.name === name)
  if (!known) throw new Error(`no such hello in the table of stacks: ${name}`)
  const offer = offerOf(known)
  const fingerprint = ja4(offer)
  return { ...shapeOf(offer), ja3: known.ja3 || ja3(offer), ja4: fingerprint.ja4, ja4r: fingerprint.raw }
}

function offerOf({ features }: KnownHello): Offer {
  const has = (type: number) => features.extensions.includes(type)
  return {
    format: features.sslv2 ? 'sslv2' : 'tls',
    recordVersion: 0x0301,
    legacyVersion: features.legacyVersion,
    supportedVersions: features.versions,
    suites: features.suites,
    sslv2Specs: [],
    compression: [0],
    extensions: features.extensions.length > 0 ? [0, ...features.extensions] : [],
    withoutExtensions: features.extensions.length === 0,
    sni: null,
    groups: features.groups,
    pointFormats: features.points,
    signatureSchemes: features.schemes,
    signatureSchemesCert: [],
    alpn: features.alpn === '' ? [] : features.alpn.split(','),
    keyShareGroups: has(51) ? features.groups.slice(0, 1) : [],
    pskModes: has(45) ? [1] : [],
    offersPsk: false,
    extendedMasterSecret: has(23),
    sessionTicket: has(35),
    ech: false,
  }
}

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
