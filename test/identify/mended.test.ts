import { expect, test } from 'vitest'
import { dayMs } from '../../src/base/time.ts'
import { habitsOf } from '../../src/identify/rhythm.ts'
import type { UsageRow } from '../../src/model/usage.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)

/** One account seen on these days before today with old offers (0x0301) and with new ones. */
function isMended(old: number[], good: number[], cleanCycles = 2): boolean | undefined {
  const row = (daysAgo: number, offeredMax: number) =>
    ({ account: 'a', dayMs: nowMs - 12 * 3_600_000 - daysAgo * dayMs, offeredMax }) as UsageRow
  const rows = [...old.map(days => row(days, 0x0301)), ...good.map(days => row(days, 0x0303))]
  return habitsOf(
    rows,
    ({ offeredMax }) =>
      offeredMax < 0x0303
        ? { kind: 'breaks', by: 'offered', clause: 'version' }
        : { kind: 'passes', by: 'offered' },
    () => 'one',
    { cleanCycles, nowMs },
  ).get('a')?.isMended
}

test.each([
  ['daily, then good for three days', [8, 7, 6, 5, 4, 3], [2, 1, 0], true],
  ['daily, then good for two days only', [7, 6, 5, 4, 3, 2], [1, 0], false],
  ['three days, too few for a rhythm, then good for three', [5, 4, 3], [2, 1, 0], false],
  ['daily, then silent', [30, 29, 28], [], false],
  ['weekly, then good for ten days', [24, 17, 10], [5, 0], false],
  ['weekly, then good for fifteen days', [29, 22, 15], [5, 0], true],
  ['once, a month ago: no rhythm is known', [31], [20, 10, 0], false],
  ['good before, not since', [5, 4, 3], [9, 8], false],
])('%s', (_, old, good, expected) => {
  expect(isMended(old, good)).toBe(expected)
})

test('who never sent an old offer has no habit', () => {
  expect(isMended([], [1])).toBeUndefined()
})

test('one more sighting of an old offer never mends', () => {
  for (let day = 0; day <= 30; day++) {
    const before = isMended([25, 24, 23, 22, 21, 20, 19, 18], [2, 1, 0])
    expect(before).toBe(true)
    if (isMended([25, 24, 23, 22, 21, 20, 19, 18, day], [2, 1, 0])) expect(day).toBeGreaterThan(2)
  }
})
