import fc from 'fast-check'
import { expect, test } from 'vitest'
import { durationText } from '../../src/base/duration.ts'
import { dayMs, hourMs, minuteMs } from '../../src/base/time.ts'
import type { Summary } from '../../src/model/api.ts'
import { floorInForce } from '../../src/model/decide.ts'
import { headlineText } from '../../src/model/headline.ts'
import type { Policy } from '../../src/model/policy.ts'
import { inForce, nextMoment, schedule } from '../../src/model/schedule.ts'
import { madeUp } from './made-up.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)
const { policy } = madeUp(() => nowMs)
const anybody = { account: null, name: 'service' as const }

test('the console says what the gateway does, at any instant of any plan', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 40 }))
    .map(([from, length]) => ({ fromMs: nowMs + from * minuteMs, toMs: nowMs + (from + length) * minuteMs }))
  fc.assert(
    fc.property(
      fc.array(span, { maxLength: 6 }),
      fc.array(span, { maxLength: 3 }),
      fc.option(fc.integer({ min: 0, max: 220 })),
      fc.integer({ min: -10, max: 260 }),
      (brownouts, freeze, cutoff, at) => {
        const plan: Policy = {
          ...policy,
          ramp: [],
          freeze,
          brownouts: brownouts.map(window => ({ ...window, refuse: 'hard', open: 'leave' })),
        }
        if (cutoff === null) delete plan.cutoffMs
        else plan.cutoffMs = nowMs + cutoff * minuteMs
        const atMs = nowMs + at * minuteMs
        const force = inForce(plan, atMs)
        const real = floorInForce(plan, anybody, atMs)
        expect({ floor: force.floor, rule: force.rule }).toEqual({ floor: real.floor, rule: real.rule })
        if (force.untilMs !== null) {
          expect(floorInForce(plan, anybody, force.untilMs - 1).rule).toBe(force.rule)
          expect(floorInForce(plan, anybody, force.untilMs).rule).not.toBe(force.rule)
        }
      },
    ),
  )
})

test('the schedule is in order, and what comes next is in the future', () => {
  const moments = schedule(policy)
  expect(moments.map(moment => moment.fromMs)).toEqual(
    moments.map(moment => moment.fromMs).toSorted((a, b) => a - b),
  )
  expect(nextMoment(policy, nowMs)).toMatchObject({ kind: 'brownout' })
  expect(nextMoment(policy, policy.cutoffMs!)).toMatchObject({ kind: 'exemption-ends', account: 'contoso' })
})

const numbers: Summary = {
  nowMs,
  retirement: 'r',
  service: 's',
  owner: 'o',
  window: { fromMs: nowMs - dayMs, toMs: nowMs },
  floor: { now: 'TLS 1.0', next: 'TLS 1.2' },
  cutoffMs: nowMs + 31 * dayMs,
  totals: {
    connections: 100_000,
    accepted: 100_000,
    refused: 0,
    failed: 0,
    wouldBreak: 600,
    accounts: 90,
    accountsThatBreak: 14,
    observations: 100_000,
    skipped: {},
  },
  byVersion: [],
  exempt: 3,
  told: 9,
  unsure: 0,
  inForce: { floor: 'now', rule: 'before-cutoff', sinceMs: null, untilMs: null, rampShare: 0 },
  next: null,
  refused: { accounts: 0, connections: 0 },
  alarms: [],
  hasSampleData: false,
}
const nobody = { ...numbers.totals, wouldBreak: 0, accountsThatBreak: 0 }
const brownout = {
  ...numbers.inForce,
  floor: 'next' as const,
  rule: 'brownout' as const,
  untilMs: nowMs + 90_000,
}

test.each<[string, Partial<Summary>]>([
  ['31 days to go. 14 customers, 0.6 % of live traffic, would break today; 9 told, 3 exempt.', {}],
  [
    'No cutoff is set yet. 14 customers, 0.6 % of live traffic, would break today; 9 told, 3 exempt.',
    { cutoffMs: null },
  ],
  [
    '31 days to go. No data: nothing has been seen yet, so nobody can be called ready.',
    { totals: { ...nobody, connections: 0 } },
  ],
  ['31 days to go. Nobody of 90 customers would break today.', { totals: nobody, exempt: 0, told: null }],
  ['31 days to go. Nobody seen would break today; 4 unsure.', { totals: nobody, exempt: 0, unsure: 4 }],
  [
    '31 days to go. 0.6 % of live traffic, of no known customer, would break today.',
    { totals: { ...numbers.totals, accountsThatBreak: 0 }, exempt: 0, told: null },
  ],
  [
    'Brownout, 1 min 30 s more. 31 days to go. 1 customer has been refused since, once; 9 told, 3 exempt.',
    { inForce: brownout, refused: { accounts: 1, connections: 1 } },
  ],
  [
    'TLS 1.2 is the floor since 2 h. 5 customers have been refused since, 1,204 times; 3 exempt.',
    {
      cutoffMs: nowMs - 2 * hourMs,
      told: null,
      inForce: { ...brownout, rule: 'cutoff', untilMs: null },
      refused: { accounts: 5, connections: 1204 },
    },
  ],
])('%s', (text, changes) => {
  expect(headlineText({ ...numbers, ...changes })).toBe(text)
})

test.each([
  [0, '0 s'],
  [-5000, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [135_000, '2 min 15 s'],
  [3 * hourMs + 5 * minuteMs, '3 h 5 min'],
  [dayMs + 4 * hourMs, '1 day 4 h'],
  [31 * dayMs, '31 days'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
