import { dayMs, startOfDay } from '../base/time.ts'
import type { UsageRow } from '../model/usage.ts'
import type { Facts } from './judge.ts'
import { type Reading, reader } from './reading.ts'

/** On which days an account sent offers that break, and whether it has stopped. */
export interface Habit {
  firstMs: number
  /** Start of the last day with such an offer. */
  lastMs: number
  /** Stayed away with its old offers for longer than its rhythm explains, and was seen with better ones since. */
  isMended: boolean
}

/** Facts without what accounts did before they were mended: that is history, and belongs to the burn-down, not to who is left. */
export function withoutMended<F extends Pick<Facts, 'rows' | 'shapes' | 'floor' | 'check'>>(
  facts: F,
  options: { cleanCycles: number; nowMs: number },
): { facts: F; found: ReadonlyMap<string, Habit>; isCurrent(row: UsageRow): boolean } {
  const found = habits(facts.rows, reader(facts), options)
  const isCurrent = (row: UsageRow) => {
    const habit = found.get(row.account)
    return !habit?.isMended || row.dayMs > habit.lastMs
  }
  return { facts: { ...facts, rows: facts.rows.filter(isCurrent) }, found, isCurrent }
}

/**
 * The habit of each account that sent offers which break. Silence is not enough to call an account mended: a monthly job is silent for weeks.
 * It must have been seen with offers that pass since, and its old offers must have been away for more than `cleanCycles` times the longest
 * pause that they made before. One day alone shows no rhythm, so nothing follows from its end.
 */
export function habits(
  rows: Iterable<UsageRow>,
  read: (row: UsageRow) => Reading,
  { cleanCycles, nowMs }: { cleanCycles: number; nowMs: number },
): ReadonlyMap<string, Habit> {
  const breaking = new Map<string, Set<number>>()
  const passing = new Map<string, number>()
  for (const row of rows) {
    const day = startOfDay(row.dayMs)
    const { kind } = read(row)
    if (kind === 'breaks') {
      const days = breaking.get(row.account) ?? new Set()
      breaking.set(row.account, days.add(day))
    } else if (kind === 'passes') passing.set(row.account, Math.max(passing.get(row.account) ?? 0, day))
  }
  return new Map(
    [...breaking].map(([account, found]) => {
      const days = [...found].sort((a, b) => a - b)
      const lastMs = days.at(-1)!
      const pauses = days.slice(1).map((day, i) => day - days[i]!)
      const longest = pauses.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...pauses)
      const awayMs = startOfDay(nowMs) - lastMs
      return [
        account,
        {
          firstMs: days[0]!,
          lastMs,
          // Traffic of nobody is of many: that some of it passes says nothing about the rest.
          isMended:
            account !== '' &&
            awayMs > Math.max(1, cleanCycles) * Math.max(longest, dayMs) &&
            (passing.get(account) ?? 0) > lastMs,
        },
      ]
    }),
  )
}
