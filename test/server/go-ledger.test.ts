import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../src/base/time.ts'
import type { Policy } from '../../src/model/policy.ts'
import { policyHash } from '../../src/model/policy-hash.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { createApp } from '../../src/server/app.ts'
import { decisionsOf, goLedger, recordDates, recordDecision } from '../../src/server/go-ledger.ts'
import { type StoreFacts, storeFacts } from '../../src/server/store-facts.ts'
import { auditEntries, brokenLink } from '../../src/store/audit.ts'
import { addHellos } from '../../src/store/hellos.ts'
import { insertObservations } from '../../src/store/observations.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { helloShape, observation } from '../store/made-up.ts'

const startMs = Date.UTC(2026, 10, 22, 12)
let clockMs = startMs
let store: Store
let facts: StoreFacts

function policyOf(cutoff: string, ready = '{ maxAccountsThatBreak: 0 }'): Policy {
  const read = readRetirement(
    `retirement: test\nservice: { names: ["*.example.com"], owner: us }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\ncutoff: ${cutoff}\nready: ${ready}\n`,
    { nowMs: startMs },
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.policy
}

beforeAll(async () => {
  store = await openStore({ kind: 'memory' })
  await addHellos(store.db, [helloShape('old', { supportedVersions: [], legacyVersion: 0x0301 })])
  const rows = Array.from({ length: 20 }, (_, i) =>
    observation({ account: 'contoso', atMs: startMs - i * dayMs - 1, shape: 'old', offeredMax: 0x0301 }),
  )
  await insertObservations(store, 'b', { lot: '2026-11-22', collector: 'test', attempt: 'a' } as never, {
    rows,
    first: 0,
  })
  facts = storeFacts({
    store,
    policy: policyOf('2027-01-31T00:00:00Z'),
    hasGateway: false,
    health: () => Promise.reject(new Error('not asked')),
    now: () => clockMs,
  })
})
afterAll(() => store.close())

test('the decision of a day is on record once, with all that it rests on', async () => {
  const standing = await facts.standing()
  const first = await recordDecision(store, standing, 'test')
  expect(first).toMatchObject({
    isNew: true,
    record: {
      day: '2026-11-22',
      go: false,
      because: '1 account is left; agreed: 0 accounts at most, each clean for 2 cycles',
      thresholds: { maxAccountsThatBreak: 0, cleanCycles: 2 },
      numbers: { remaining: 1, stopped: 0, connections: 20, wouldBreak: 20 },
      remaining: ['contoso'],
      policyHash: policyHash(standing.policy),
    },
  })
  const again = await recordDecision(store, standing, 'test')
  expect([again.isNew, again.record.because]).toEqual([false, first.record.because])
  const moved = { ...standing, policy: policyOf('2027-01-31T00:00:00Z', '{ maxAccountsThatBreak: 9 }') }
  expect((await recordDecision(store, moved, 'test')).isNew).toBe(true)
  const { decisions } = await goLedger(store, 'test')
  expect(decisions.map(entry => entry.thresholds.maxAccountsThatBreak)).toEqual([0, 9])
  expect(decisions[0]).toEqual(first.record)
})

test('each change of dates is on record with what the numbers were; the same dates are not', async () => {
  const standing = await facts.standing()
  const before = policyOf('2027-01-31T00:00:00Z')
  const after = policyOf('2027-03-31T00:00:00Z')
  expect(await recordDates(store, before, startMs, null)).toMatchObject({ from: null })
  expect(await recordDates(store, before, startMs + 1, standing)).toBeNull()
  expect(await recordDates(store, after, startMs + dayMs, standing)).toMatchObject({
    from: { cutoffMs: before.cutoffMs },
    to: { cutoffMs: after.cutoffMs },
    cutoffMovedDays: 59,
    numbers: { remaining: 1 },
  })
  expect((await goLedger(store, 'test')).slips).toHaveLength(2)
  expect((await goLedger(store, 'other')).slips).toHaveLength(0)
  expect(brokenLink(await auditEntries(store))).toBeNull()
})

test('the API tells the decision of now with the record, and puts it there when asked', async () => {
  clockMs += dayMs
  const app = createApp(facts, {
    now: () => clockMs,
    access: 'trusted',
    decisions: decisionsOf(store, facts.standing),
    onBug: error => {
      throw error
    },
  })
  const recorded = await app.request('http://store/v1/decision', { method: 'POST' })
  expect(await recorded.json()).toMatchObject({ isNew: true, record: { day: '2026-11-23' } })
  const answer = (await (await app.request('http://store/v1/decision')).json()) as { decisions: object[] }
  expect(answer).toMatchObject({ go: false })
  expect(answer.decisions.at(-1)).toMatchObject({ day: '2026-11-23' })
  clockMs = startMs
})

test('a policy that says the same has the same hash, whatever the order of its fields', () => {
  const policy = policyOf('2027-01-31T00:00:00Z')
  expect(policyHash(Object.fromEntries(Object.entries(policy).reverse()) as unknown as Policy)).toBe(
    policyHash(policy),
  )
  expect(policyHash({ ...policy, cutoffMs: 1 })).not.toBe(policyHash(policy))
})
