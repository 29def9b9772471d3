import { expect, test } from 'vitest'
import { minuteMs } from '../../src/base/time.ts'
import { ruleAt } from '../../src/model/schedule.ts'
import { breach, cutShort } from '../../src/server/guardrails.ts'
import { madeUp } from './made-up.ts'

test.each([
  [{}, { accounts: 900, connections: 900, of: 900 }, null],
  [{ abortIfRefusedAccounts: 3 }, { accounts: 2, connections: 500, of: 500 }, null],
  [
    { abortIfRefusedAccounts: 3 },
    { accounts: 3, connections: 3, of: 500 },
    '3 customers refused, the guardrail is 3',
  ],
  [{ abortIfRefusedShare: 0.02 }, { accounts: 1, connections: 9, of: 9 }, null],
  [{ abortIfRefusedShare: 0.02 }, { accounts: 1, connections: 1, of: 200 }, null],
  [
    { abortIfRefusedShare: 0.02 },
    { accounts: 1, connections: 4, of: 200 },
    '2 % of connections refused, the guardrail is 2 %',
  ],
  [{ abortIfRefusedShare: 0.02 }, { accounts: 0, connections: 0, of: 0 }, null],
])('%j with %j', (guardrails, refused, why) => {
  expect(breach(guardrails, refused)).toBe(why)
})

test('a brownout that was broken off ends there, and the others stay', () => {
  const { policy } = madeUp(() => Date.UTC(2026, 10, 22, 12))
  const [first, second] = policy.brownouts
  const atMs = first!.fromMs + 2 * minuteMs
  const cut = cutShort(policy, [{ fromMs: first!.fromMs, atMs }])
  expect(ruleAt(cut, atMs - 1)).toBe('brownout')
  expect(ruleAt(cut, atMs)).toBe('before-cutoff')
  expect(cut.brownouts[1]).toEqual(second)
  expect(cutShort(cut, [{ fromMs: first!.fromMs, atMs: atMs + minuteMs }]).brownouts).toEqual(cut.brownouts)
})
