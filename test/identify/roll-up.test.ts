import { expect, test } from 'vitest'
import { rollUp } from '../../src/identify/roll-up.ts'
import type { Observation } from '../../src/model/observation.ts'
import { TLS_1_0, TLS_1_1, TLS_1_2 } from '../../src/model/version.ts'
import { day, monday } from './facts.ts'

const seen = (changes: Partial<Observation> = {}): Observation => ({
  atMs: monday,
  service: 'api',
  account: 'acme',
  attributedBy: 'sni',
  confidence: 'certain',
  source: 'pcap',
  address: '192.0.2.1',
  sni: 'acme.example',
  shape: 's',
  offeredMax: TLS_1_2,
  negotiated: TLS_1_2,
  suite: 0xc02f,
  group: 0,
  outcome: 'accepted',
  reason: '',
  breaks: '',
  operation: '',
  userAgent: '',
  count: 1,
  ...changes,
})

test('adds what is alike, by day, and counts distinct addresses', () => {
  const rows = rollUp([
    seen(),
    seen({ atMs: monday + 3_600_000, count: 4 }),
    seen({ atMs: monday + 3_600_001, address: '192.0.2.2', sni: 'b.example' }),
    seen({ atMs: monday + day }),
  ])
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatchObject({
    dayMs: monday,
    connections: 6,
    addresses: 2,
    firstSeenMs: monday,
    lastSeenMs: monday + 3_600_001,
    snis: ['acme.example', 'b.example'],
  })
  expect(rows[0]!.hours.slice(0, 3)).toEqual([1, 5, 0])
  expect(rows[1]!.hours[24]).toBe(1)
})

test('a lower try from the same address right after a failure is a retry, not another client', () => {
  const failed = { negotiated: 0, suite: 0, outcome: 'failed', reason: 'upstream-alert' } as const
  const rows = rollUp([
    seen({ ...failed, offeredMax: TLS_1_1 }),
    seen({ ...failed, atMs: monday + 200, offeredMax: TLS_1_0, shape: 't' }),
    seen({ ...failed, atMs: monday + 60_000, offeredMax: TLS_1_0, shape: 't' }),
    seen({ atMs: monday + 60_100, address: '192.0.2.9', offeredMax: TLS_1_0, shape: 't' }),
  ])
  expect(rows.map(row => [row.offeredMax, row.retry ?? false, row.connections])).toEqual([
    [TLS_1_1, false, 1],
    [TLS_1_0, true, 1],
    [TLS_1_0, false, 1],
    [TLS_1_0, false, 1],
  ])
})
