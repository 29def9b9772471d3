import { chanceFrom } from './measure-ready.ts'
import { outlook, wholeAccounts } from './outlook.ts'

/** A made-up burn-down: how many accounts are left on each day. */
export interface Course {
  title: string
  counts(chance: () => number, days: number): number[]
}

/** How often what came lay in the range that was stated, for forecasts made on many days of many courses. */
export interface ForecastScore {
  title: string
  aheadDays: number
  forecasts: number
  inRange: number
  /** Accounts by which the middle was off, the middle of all forecasts. */
  error: number
  /** Accounts from the low end of the range to the high end, likewise. */
  width: number
}

const days = 170
/** History that a forecast needs before it is made here. */
const firstDay = 21

/** Looks back from every seventh day of each course, with what was known that day, and compares with what came. */
export function measureForecast(
  course: Course,
  options: { runs: number; seed: number; aheadDays: number },
): ForecastScore {
  const { runs, seed, aheadDays } = options
  const chance = chanceFrom(seed)
  const errors: number[] = []
  const widths: number[] = []
  let inRange = 0
  for (let run = 0; run < runs; run++) {
    const counts = course.counts(chance, days)
    for (let today = firstDay; today + aheadDays < days; today += 7) {
      const left = counts[today]!
      if (left === 0) break
      const found = outlook(counts.slice(0, today + 1), aheadDays)
      if (!found) continue
      const { value } = found
      const range = wholeAccounts(found.range)
      const actual = counts[today + aheadDays]!
      if (actual >= range[0] && actual <= range[1]) inRange++
      errors.push(Math.abs(value - actual))
      widths.push(range[1] - range[0])
    }
  }
  const middle = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return {
    title: course.title,
    aheadDays,
    forecasts: errors.length,
    inRange,
    error: middle(errors),
    width: middle(widths),
  }
}

/** Accounts that leave one by one, each with its own chance on each day. */
function leaving(
  accounts: number,
  chance: () => number,
  length: number,
  rate: (day: number) => number,
): number[] {
  const counts: number[] = []
  let left = accounts
  for (let day = 0; day < length; day++) {
    let gone = 0
    for (let i = 0; i < left; i++) if (chance() < rate(day)) gone++
    left -= gone
    counts.push(left)
  }
  return counts
}

/** The courses that retirements are known to take. */
export const courses: readonly Course[] = [
  {
    title: 'the same number every week',
    counts(chance, length) {
      const perDay = 0.3 + chance() * 0.7
      let left = 120
      return Array.from({ length }, () => {
        if (chance() < perDay) left = Math.max(0, left - 1)
        return left
      })
    },
  },
  {
    title: 'a share of those that are left (the last are slow)',
    counts(chance, length) {
      const rate = 0.01 + chance() * 0.02
      return leaving(120, chance, length, () => rate)
    },
  },
  { title: 'nobody moves', counts: (_, length) => new Array<number>(length).fill(40) },
  {
    title: 'in waves, after each notice',
    counts: (chance, length) => leaving(120, chance, length, day => (day % 42 < 10 ? 0.04 : 0.003)),
  },
  {
    title: 'fast, then a hard core that stays',
    counts: (chance, length) => leaving(100, chance, length, () => 0.04).map(left => left + 20),
  },
  {
    title: 'nothing, then everybody before the cutoff',
    counts: (chance, length) => leaving(80, chance, length, day => (day < 90 ? 0.001 : 0.04)),
  },
  {
    title: 'steady, and some come back',
    counts(chance, length) {
      let left = 120
      return Array.from({ length }, () => {
        if (chance() < 0.6) left = Math.max(0, left - 1)
        if (chance() < 0.1) left++
        return left
      })
    },
  },
]
