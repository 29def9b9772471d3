import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '../../src/model/observation.ts'
import type { Offer } from '../../src/model/offer.ts'
import type { HelloShape } from '../../src/model/usage.ts'
import { openedLine, originLine, rowFragment, rowLine, shapeLine } from '../../src/spool/line.ts'

/** Monday 2026-11-02, 10:00 UTC. */
export const someMondayMs = Date.UTC(2026, 10, 2, 10)

export function observation(changes: Partial<Observation> = {}): Observation {
  return {
    atMs: someMondayMs,
    service: 'api',
    account: 'contoso',
    attributedBy: 'sni',
    confidence: 'certain',
    source: 'gateway',
    address: '192.0.2.1',
    sni: 'contoso.example.com',
    shape: '',
    offeredMax: 0x0303,
    negotiated: 0x0303,
    suite: 0xc02f,
    group: 29,
    outcome: 'accepted',
    reason: '',
    breaks: '',
    operation: '',
    userAgent: 'curl/8',
    count: 1,
    ...changes,
  }
}

export function helloShape(id: string, changes: Partial<Offer> = {}): HelloShape {
  return {
    id,
    ja3: `ja3-${id}`,
    ja4: `ja4-${id}`,
    ja4r: `ja4r-${id}`,
    offer: {
      format: 'tls',
      recordVersion: 0x0301,
      legacyVersion: 0x0303,
      supportedVersions: [0x0a0a, 0x0304, 0x0303],
      suites: [0x1301, 0xc02f],
      sslv2Specs: [],
      compression: [0],
      extensions: [0, 10, 43],
      withoutExtensions: false,
      sni: null,
      groups: [29, 23],
      pointFormats: [0],
      signatureSchemes: [0x0403],
      signatureSchemesCert: [],
      alpn: ['h2', 'http/1.1'],
      keyShareGroups: [29],
      pskModes: [1],
      offersPsk: false,
      extendedMasterSecret: true,
      sessionTicket: true,
      ech: false,
      ...changes,
    },
  }
}

/** A sealed segment as the gateway leaves it. */
export function writeSegment(
  spoolDir: string,
  name: string,
  rows: readonly Observation[],
  hellos: readonly HelloShape[] = [],
  rest = '',
): void {
  mkdirSync(spoolDir, { recursive: true })
  const lines = rows.map((row, index) => {
    const { atMs, address, outcome, reason, negotiated, suite, group, ...shared } = row
    const opened = { id: index + 1, atMs, address }
    return (
      openedLine(opened) + rowLine(opened, { outcome, reason, negotiated, suite, group }, rowFragment(shared))
    )
  })
  const text = [originLine({ service: 'api', source: 'gateway' }), ...hellos.map(shapeLine), ...lines, rest]
  writeFileSync(join(spoolDir, `${name}.ready`), text.join(''))
}
