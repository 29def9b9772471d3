import { expect, test } from 'vitest'
import { type Calendar, calendars, measureReady } from '../../src/identify/measure-ready.ts'

const asked = { accounts: 6, cleanCycles: 2, seed: 7 }

test.each(calendars.map(calendar => [calendar.title, calendar] as const))(
  'who comes %s is not called ready between two runs',
  (title, calendar) => {
    const score = measureReady(calendar, asked)
    expect(score.asked).toBe(720)
    // What comes at random can always stay away longer than ever before.
    expect(score.falselyReady / score.asked).toBeLessThanOrEqual(title.startsWith('at random') ? 0.06 : 0.01)
    expect(score.noticedAfterDays).not.toBeNull()
  },
)

test('a daily client that moved hides the monthly job of the same account, unless each has a rhythm of its own', () => {
  const apart = calendars.at(-1)!
  const together: Calendar = {
    title: 'as one',
    stacks: (chance, days) => [apart.stacks(chance, days).flat()],
  }
  expect(measureReady(apart, asked).falselyReady).toBe(0)
  expect(measureReady(together, asked).falselyReady).toBeGreaterThan(0)
})
