import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountDetail, burnDown } from '../../src/identify/clients.ts'
import { judge } from '../../src/identify/judge.ts'
import type { UsageRow } from '../../src/model/usage.ts'
import type { AccountVerdict, VerdictKind } from '../../src/model/verdict.ts'
import { TLS_1_0, TLS_1_2 } from '../../src/model/version.ts'
import { aeadOnly, day, factsOf, monday, rowOf, shapes } from './facts.ts'

function only(rows: UsageRow[], changes: Parameters<typeof factsOf>[1] = {}): AccountVerdict {
  const { accounts } = judge(factsOf(rows, changes))
  expect(accounts).toHaveLength(1)
  return accounts[0]!
}

describe('the verdict of an account', () => {
  test('breaks when an offer fails the floor, with counts, clients and the last time', () => {
    const verdict = only([
      rowOf({ shape: 'modern', connections: 992, negotiated: TLS_1_2 }),
      rowOf({ shape: 'tls10', connections: 212, lastSeenMs: monday + 4 * day + 14 * 3_600_000 + 180_000 }),
    ])
    expect(verdict.verdict).toBe('breaks')
    expect(verdict.because).toBe(
      '212 of 1,204 connections (18 %) from 1 client offer at most TLS 1.0; last on 2026-11-20 14:03 UTC',
    )
    expect(verdict.clauses).toEqual(['version'])
    expect(verdict.counts).toMatchObject({ connections: 1204, wouldBreak: 212 })
    expect(verdict.lastBreakingMs).toBe(monday + 4 * day + 14 * 3_600_000 + 180_000)
  })

  test('names every clause, the most frequent first', () => {
    const verdict = only(
      [rowOf({ shape: 'tls12-cbc', connections: 3 }), rowOf({ shape: 'tls10', connections: 5 })],
      { floor: aeadOnly },
    )
    expect(verdict.clauses).toEqual(['version', 'suite'])
    expect(verdict.because).toBe(
      '5 of 8 connections (63 %) from 1 client offer at most TLS 1.0; 3 more offer no suite that the floor lets in (TLS 1.2, suites aead); last on 2026-11-16 09:00 UTC',
    )
  })

  test('is clear when every offer passes', () => {
    const verdict = only([rowOf({ shape: 'modern', connections: 7 }), rowOf({ shape: 'tls12' })])
    expect(verdict.verdict).toBe('clear')
    expect(verdict.because).toBe('all 8 connections from 2 clients pass TLS 1.2')
  })

  test('takes an old negotiated version for the client’s best where the edge agrees to more with others', () => {
    const log = { source: 'nginx', confidence: 'likely' } as const
    const rows = [
      rowOf({ ...log, account: 'old', negotiated: TLS_1_0, connections: 4 }),
      rowOf({ ...log, account: 'new', negotiated: TLS_1_2 }),
    ]
    const { accounts } = judge(factsOf(rows))
    expect(accounts.map(entry => [entry.account, entry.verdict])).toEqual([
      ['old', 'breaks'],
      ['new', 'clear'],
    ])
    expect(accounts[0]!.because).toContain(
      'negotiated at most TLS 1.0 at an edge that agrees to TLS 1.2 with others',
    )
    expect(accounts[0]!.blind.join()).toContain(
      'a middlebox or a retry may hide a client that can do better than nginx saw agreed',
    )
  })

  test('is unsure of a program that tries again lower and was seen with better', () => {
    const agent = 'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko'
    const seen = (negotiated: number, userAgent: string) =>
      rowOf({ shape: '', offeredMax: 0, negotiated, userAgent })
    const lower = seen(TLS_1_0, agent)
    expect(judge(factsOf([lower, seen(TLS_1_2, agent)])).accounts[0]).toMatchObject({
      verdict: 'unsure',
      because: expect.stringContaining('tries again lower'),
    })
    expect(judge(factsOf([lower, seen(TLS_1_2, 'curl/8')])).accounts[0]!.verdict).toBe('breaks')
    expect(judge(factsOf([seen(TLS_1_0, 'Java/1.7'), seen(TLS_1_2, 'Java/1.7')])).accounts[0]!.verdict).toBe(
      'breaks',
    )
  })

  test('is unsure where the edge may be the old side', () => {
    const verdict = only([rowOf({ source: 'nginx', negotiated: TLS_1_0 })])
    expect(verdict.verdict).toBe('unsure')
    expect(verdict.because).toContain('old client or old edge')
  })

  test('is unsure about lists that the source does not show, unless the agreed suite is in them', () => {
    const log = { source: 'nginx', negotiated: TLS_1_2 }
    expect(only([rowOf({ ...log, suite: 0x002f })], { floor: aeadOnly }).verdict).toBe('unsure')
    expect(only([rowOf({ ...log, suite: 0xc02f })], { floor: aeadOnly }).verdict).toBe('clear')
  })

  test('does not take the second hello of a fallback for the client’s maximum', () => {
    const verdict = only([
      rowOf({ shape: 'tls12', outcome: 'failed', reason: 'upstream-alert' }),
      rowOf({ shape: 'retry10' }),
    ])
    expect(verdict.verdict).toBe('clear')
    expect(verdict.because).toContain('1 is a lower retry of a client that offered more')
    expect(only([rowOf({ shape: 'retry10' })]).verdict).toBe('unsure')
    expect(only([rowOf({ shape: 'tls12' }), rowOf({ shape: 'tls10', retry: true })]).verdict).toBe('clear')
    expect(only([rowOf({ shape: 'tls10' }), rowOf({ shape: 'tls10', retry: true })]).because).toContain(
      '; 1 is a lower retry of a client that offered more; last on',
    )
  })

  test('counts a refusal without a hello as broken, by its clause', () => {
    const verdict = only([rowOf({ outcome: 'refused', reason: 'version', connections: 2 })])
    expect(verdict.verdict).toBe('breaks')
    expect(verdict.because).toContain('were refused (version)')
  })

  test('is unsure when an edge refuses what the floor lets in', () => {
    expect(only([rowOf({ shape: 'modern', outcome: 'refused', reason: 'certificate' })]).verdict).toBe(
      'unsure',
    )
  })

  test('is unsure of handshakes that failed where the source does not say why', () => {
    const passes = rowOf({ source: 'haproxy', negotiated: TLS_1_2, connections: 10 })
    const failed = rowOf({
      source: 'haproxy',
      outcome: 'failed',
      reason: 'handshake-failed',
      connections: 8,
    })
    const verdict = only([passes, failed])
    expect(verdict.verdict).toBe('unsure')
    expect(verdict.because).toContain('failed in their handshake, and their source does not say why')
  })

  test('noise is not a client', () => {
    const verdict = only([rowOf({ outcome: 'failed', reason: 'not-tls', connections: 9 })])
    expect(verdict.verdict).toBe('unseen')
    expect(verdict.because).toBe('no client was seen: 9 ended before a hello')
  })

  test('an account outside the window is unseen, with the day it was seen last', () => {
    const rows = [rowOf({ shape: 'tls10', firstSeenMs: monday - 20 * day, lastSeenMs: monday - 20 * day })]
    const verdict = only(rows)
    expect(verdict.verdict).toBe('unseen')
    expect(verdict.because).toContain('last seen on 2026-10-27 00:00 UTC')
    const exempt = only([], {
      exemptions: [{ account: 'contoso', untilMs: monday, reason: '', approvedBy: '' }],
    })
    expect(exempt).toMatchObject({ account: 'contoso', verdict: 'unseen', exemptUntilMs: monday })
  })
})

test('the report adds up and puts the worst first', () => {
  const report = judge(
    factsOf(
      [
        rowOf({ account: 'clear', shape: 'modern', connections: 10 }),
        rowOf({ account: '', shape: 'tls10', connections: 3 }),
        rowOf({ account: 'breaks', shape: 'tls10', connections: 2 }),
      ],
      { known: [{ account: 'gone', lastSeenMs: 0 }], skipped: { 'no match': 4 } },
    ),
  )
  expect(report.accounts.map(entry => entry.account)).toEqual(['', 'breaks', 'clear', 'gone'])
  expect(report.totals).toMatchObject({ accounts: 3, accountsThatBreak: 1, connections: 15, wouldBreak: 5 })
  expect(report.totals.skipped).toEqual({ 'no match': 4 })
})

test('the clients of an account, those that break first', () => {
  const clients = accountDetail(
    'acme',
    factsOf([
      rowOf({ shape: 'modern', connections: 5, negotiated: 0x0304, userAgent: 'curl/8.5.0' }),
      rowOf({ shape: 'tls10', connections: 2, negotiated: TLS_1_0, snis: ['acme.example'] }),
      rowOf({ account: 'other', shape: 'tls10' }),
    ]),
  )
  expect(clients.map(client => [client.shape, client.breaks, client.counts.connections])).toEqual([
    ['tls10', 'version', 2],
    ['modern', null, 5],
  ])
  expect(clients[0]!.because).toContain('all 2 connections offer at most TLS 1.0')
})

test('the burn-down counts traffic and accounts by day', () => {
  const later = monday + day
  expect(
    burnDown(
      factsOf([
        rowOf({ shape: 'tls10', connections: 2 }),
        rowOf({ shape: 'tls10', account: 'b', connections: 2, outcome: 'refused', reason: 'version' }),
        rowOf({ shape: 'modern', connections: 9, firstSeenMs: later, lastSeenMs: later }),
      ]),
    ),
  ).toEqual([
    { atMs: monday, connections: 4, wouldBreak: 4, refused: 2, accountsThatBreak: 2 },
    { atMs: later, connections: 9, wouldBreak: 0, refused: 0, accountsThatBreak: 0 },
  ])
})

/** From best to worst: more rows may only go to the right. */
const ranks: VerdictKind[] = ['unseen', 'clear', 'unsure', 'breaks']
const rank = (rows: UsageRow[]) =>
  Math.max(-1, ...judge(factsOf(rows)).accounts.map(entry => ranks.indexOf(entry.verdict)))

const someRow = fc
  .record({
    shape: fc.constantFrom('', ...shapes.keys()),
    account: fc.constantFrom('acme', 'globex', ''),
    negotiated: fc.constantFrom(0, TLS_1_0, TLS_1_2),
    outcome: fc.constantFrom('accepted', 'refused', 'failed'),
    reason: fc.constantFrom('', 'version', 'suite', 'not-tls'),
    source: fc.constantFrom('gateway', 'nginx'),
    connections: fc.integer({ min: 1, max: 1000 }),
  })
  .map(changes => rowOf(changes as Partial<UsageRow>))
const someRows = fc.array(someRow, { maxLength: 12 })

test('the order of rows does not matter', () => {
  fc.assert(
    fc.property(
      someRows.chain(rows =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
      ),
      ([rows, shuffled]) => {
        expect(judge(factsOf(shuffled))).toEqual(judge(factsOf(rows)))
      },
    ),
  )
})

test('one more legacy row never betters a verdict', () => {
  const legacy = fc.constantFrom(
    rowOf({ shape: 'tls10' }),
    rowOf({ source: 'nginx', negotiated: TLS_1_0 }),
    rowOf({ outcome: 'refused', reason: 'version' }),
    rowOf({ shape: 'retry10' }),
  )
  fc.assert(
    fc.property(someRows, legacy, (rows, row) => {
      const own = rows.map(entry => ({ ...entry, account: 'acme' }))
      expect(rank([...own, row])).toBeGreaterThanOrEqual(rank(own))
    }),
  )
})

test('the verdict of a union is the worse of the two where hellos were seen', () => {
  const seen = someRows.map(rows =>
    rows.filter(row => row.shape !== '' && row.shape !== 'retry10').map(row => ({ ...row, account: 'acme' })),
  )
  fc.assert(
    fc.property(seen, seen, (some, others) => {
      expect(rank([...some, ...others])).toBe(Math.max(rank(some), rank(others)))
    }),
  )
})
