import { describe, expect, test } from 'vitest'
import { hasStopped, hourText, rhythmOf } from '../../src/identify/rhythm.ts'
import { day, monday } from './facts.ts'

const daysFrom = (count: number, every: number) =>
  Array.from({ length: count }, (_, i) => monday + i * every * day)

describe('rhythm', () => {
  test.each([
    ['daily', daysFrom(30, 1)],
    ['daily', daysFrom(42, 1).filter(at => new Date(at).getUTCDay() % 6 !== 0)],
    ['weekly', daysFrom(9, 7)],
    ['monthly', [0, 31, 61, 92].map(offset => monday + offset * day)],
    ['irregular', [0, 2, 13, 14, 33, 40].map(offset => monday + offset * day)],
    ['once', [monday]],
  ])('%s', (kind, seen) => {
    expect(rhythmOf(seen, seen.at(-1)! + day)?.kind).toBe(kind)
  })

  test('a monthly job is not gone after 20 quiet days, and is after two missed runs', () => {
    const seen = [0, 30, 61, 91].map(offset => monday + offset * day)
    const quietFor = (days: number) => rhythmOf(seen, seen.at(-1)! + days * day)!
    expect(hasStopped(quietFor(20), 1)).toBe(false)
    expect(quietFor(20)).toMatchObject({ cleanCycles: 0, wouldHaveBeenSeen: 0, dueMs: monday + 122 * day })
    expect(hasStopped(quietFor(63), 2)).toBe(true)
    expect(quietFor(63)).toMatchObject({ cleanCycles: 2, wouldHaveBeenSeen: 0.75 })
  })

  test('one day alone never counts as stopped', () => {
    const rhythm = rhythmOf([monday], monday + 300 * day)!
    expect(rhythm).toMatchObject({ kind: 'once', cycleDays: null, cleanCycles: 0, wouldHaveBeenSeen: 0 })
    expect(hasStopped(rhythm, 1)).toBe(false)
  })

  test('the hours at which it usually comes', () => {
    const hours = new Array<number>(168).fill(0)
    hours[2] = 40
    hours[26] = 7
    expect(rhythmOf([monday], monday, hours)!.usualHours.map(hourText)).toEqual([
      'Monday 02:00',
      'Tuesday 02:00',
    ])
  })

  test('days are named only where they matter, hours only where they lie close together', () => {
    const usually = (count: (hour: number) => number) =>
      rhythmOf(
        [monday],
        monday,
        Array.from({ length: 168 }, (_, hour) => count(hour)),
      )!.usually
    expect(usually(hour => (hour === 26 ? 9 : 0))).toBe('Tuesday 02:00 UTC')
    expect(usually(hour => (hour % 24 === 10 ? 5 : 0))).toBe('10:00 UTC')
    expect(usually(hour => (hour % 24 >= 8 && hour % 24 < 14 ? 5 : 0))).toBe('08:00 to 13:00 UTC')
    expect(usually(() => 1)).toBe('')
  })
})

/** A year of days on which a job runs that never changes; a fixed seed. */
function yearOf(runs: (dayOfYear: number, random: () => number) => boolean, seed: number): number[] {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: 730 }, (_, i) => i)
    .filter(i => runs(i, random))
    .map(i => monday + i * day)
}

const isMonthEnd = (i: number) => new Date(monday + (i + 1) * day).getUTCDate() === 1
const jobs: Record<string, (i: number, random: () => number) => boolean> = {
  'every day': () => true,
  weekdays: i => i % 7 < 5,
  'weekdays, one in ten skipped': (i, random) => i % 7 < 5 && random() > 0.1,
  weekly: i => i % 7 === 2,
  'weekly, one in ten skipped': (i, random) => i % 7 === 2 && random() > 0.1,
  'month end': isMonthEnd,
  'twice a month': i => isMonthEnd(i) || new Date(monday + i * day).getUTCDate() === 15,
  'now and then, every ten days': (_, random) => random() < 0.1,
}

describe('false ready: jobs that never changed, judged every day from the 90 days before it', () => {
  test.each(Object.entries(jobs))('%s', (name, runs) => {
    let judged = 0
    let wrong = 0
    for (let seed = 1; seed <= 20; seed++) {
      const seen = yearOf(runs, seed)
      for (let now = 120; now < 730; now += 3) {
        const nowMs = monday + now * day
        const rhythm = rhythmOf(
          seen.filter(at => at < nowMs && at >= nowMs - 90 * day),
          nowMs,
        )
        if (!rhythm) continue
        judged++
        if (hasStopped(rhythm, 2)) wrong++
      }
    }
    expect(judged).toBeGreaterThan(1000)
    expect(wrong / judged, `${name}: ${wrong} of ${judged} called ready`).toBeLessThan(
      // What comes by chance alone has no rhythm to go by.
      name.startsWith('now and then') ? 0.015 : 0.005,
    )
  })
})
