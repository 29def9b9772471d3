import { describe, expect, test } from 'vitest'
import { courses, measureForecast } from '../../src/identify/measure-forecast.ts'
import { outlook, weeklyPace } from '../../src/identify/outlook.ts'

const days = (length: number, count: (day: number) => number) =>
  Array.from({ length }, (_, day) => count(day))

describe('a straight fall', () => {
  const falling = days(40, day => 100 - 2 * day + (day % 11 === 5 ? 30 : 0))

  test('goes on as it is, whatever a few odd days say', () => {
    expect(weeklyPace(falling)!.value).toBeCloseTo(-14, 0)
    const { value, range } = outlook(falling, 5)!
    expect(value).toBeGreaterThan(9)
    expect(value).toBeLessThan(16)
    expect(range[0]).toBeLessThanOrEqual(value)
    expect(range[1]).toBeGreaterThanOrEqual(value)
  })

  test('never falls below nobody, nor rises', () => {
    expect(outlook(falling, 300)).toMatchObject({ range: [0, 22] })
  })
})

test('few days say nothing; days on which nobody left do not say that nobody will', () => {
  expect(outlook([9, 8, 7, 6, 5, 4, 3], 7)).toBeUndefined()
  expect(weeklyPace([9, 8, 7])).toBeUndefined()
  const still = outlook(
    days(60, () => 40),
    30,
  )!
  expect(still.value).toBe(40)
  expect(still.range[0]).toBeLessThan(40)
})

describe('looked back upon, the range held at least as often as it says', () => {
  test.each(
    courses.flatMap(course => [14, 30, 60].map(aheadDays => [course.title, aheadDays, course] as const)),
  )('%s, %i days ahead', (title, aheadDays, course) => {
    const { inRange, forecasts } = measureForecast(course, { runs: 12, seed: 3, aheadDays })
    expect(forecasts).toBeGreaterThan(100)
    // Nobody can foretell from a quiet past that all will move at once.
    if (!title.startsWith('nothing, then')) expect(inRange / forecasts).toBeGreaterThanOrEqual(0.9)
  })
})
