import { dayMs, startOfDay } from '../base/time.ts'
import { daysOf, lastDayOf } from '../model/day-set.ts'
import type { UsageRow } from '../model/usage.ts'
import type { Facts } from './judge.ts'
import { type Reading, reader } from './reading.ts'

/** `once`: one day says nothing about the next. `daily` may leave out weekends. */
type RhythmKind = 'once' | 'daily' | 'weekly' | 'monthly' | 'irregular'

/**
 * When something comes back, read off the days on which it came. No model is fitted: the pauses that it made are the only evidence, so the
 * next one is judged by how it compares with them.
 */
export interface Rhythm {
  kind: RhythmKind
  /** Days on which it was seen. */
  days: number
  firstMs: number
  /** Start of the last day. */
  lastMs: number
  /** After so many days it should have come again, going by the longest pause; null when it was seen on one day only. */
  cycleDays: number | null
  /** Days from the last one to now, both full. */
  awayDays: number
  /**
   * How surely it would have been seen by now if it had not stopped, 0 to 1: the rank of the present pause among the past ones. With n pauses,
   * each as likely to be the longest, it can reach n/(n+1) and no more: five weekly runs never prove as much as a year of daily ones.
   */
  wouldHaveBeenSeen: number
  /** Whole cycles that passed without it; 0 when no cycle is known. */
  cleanCycles: number
  /** When it is due again by its longest pause; null when no cycle is known. */
  dueMs: number | null
  /** The busiest hours of the week, Monday 00:00 UTC is 0; at most five. */
  usualHours: number[]
}

/** The rhythm of what was seen on these days. `hours` counts connections by hour of the week. Undefined for no days. */
export function rhythmOf(
  seenMs: Iterable<number>,
  nowMs: number,
  hours: readonly number[] = [],
): Rhythm | undefined {
  const days = [...new Set([...seenMs].map(startOfDay))].sort((a, b) => a - b)
  const lastMs = days.at(-1)
  if (lastMs === undefined) return undefined
  const pauses = days.slice(1).map((day, i) => (day - days[i]!) / dayMs)
  const awayDays = Math.max(0, (startOfDay(nowMs) - lastMs) / dayMs)
  const kind = kindOf(pauses)
  const cycleDays = cycleOf(kind, pauses)
  return {
    kind,
    days: days.length,
    firstMs: days[0]!,
    lastMs,
    cycleDays,
    awayDays,
    wouldHaveBeenSeen: pauses.filter(pause => pause < awayDays).length / (pauses.length + 1),
    cleanCycles: cycleDays === null ? 0 : Math.floor(awayDays / cycleDays),
    dueMs: cycleDays === null ? null : lastMs + cycleDays * dayMs,
    usualHours: busiest(hours),
  }
}

/** Pauses from which a rhythm of days, or the lack of any, can be read. */
const fewPauses = 5
const monthDays = 31

/**
 * The longest pause. Where no rhythm shows it is stretched, by the less the more pauses were seen, since the longest of a few is shorter than the
 * longest to come; and a few irregular visits may be those of a monthly job.
 */
function cycleOf(kind: RhythmKind, pauses: readonly number[]): number | null {
  if (pauses.length === 0) return null
  const longest = Math.max(...pauses)
  if (kind !== 'irregular') return longest
  const stretched = Math.ceil(longest * (1 + 2 / pauses.length))
  return pauses.length < fewPauses ? Math.max(monthDays, stretched) : stretched
}

function kindOf(pauses: readonly number[]): RhythmKind {
  if (pauses.length === 0) return 'once'
  // Two runs may be any distance apart.
  if (pauses.length === 1) return 'irregular'
  const share = (holds: (pause: number) => boolean) => pauses.filter(holds).length / pauses.length
  // A long weekend or a missed run is no change of rhythm.
  if (pauses.length >= fewPauses && share(pause => pause <= 4) >= 0.9 && share(pause => pause <= 1) >= 0.5)
    return 'daily'
  if (share(pause => pause % 7 === 0 && pause <= 28) >= 0.8) return 'weekly'
  if (share(pause => pause >= 26 && pause <= 35) >= 0.8) return 'monthly'
  return 'irregular'
}

function busiest(hours: readonly number[]): number[] {
  return hours
    .map((count, hour) => ({ count, hour }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.hour - b.hour)
    .slice(0, 5)
    .map(({ hour }) => hour)
    .sort((a, b) => a - b)
}

/**
 * Whether it has stopped, as far as waiting can tell: as many whole cycles as were agreed have passed without it. What was seen on one day
 * only never counts as stopped; somebody has to say so.
 */
export function hasStopped(rhythm: Rhythm, cleanCycles: number): boolean {
  return rhythm.cycleDays !== null && rhythm.awayDays > Math.max(1, cleanCycles) * rhythm.cycleDays
}

/** `Monday 02:00`, for an hour of the week. */
export function hourText(hour: number): string {
  const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
  return `${names[Math.floor(hour / 24)]} ${String(hour % 24).padStart(2, '0')}:00`
}

/** When an account sent offers that break, and whether that is over. */
export interface Habit {
  rhythm: Rhythm
  /**
   * Its old offers stayed away for the agreed number of clean cycles, and it was seen with better ones since. Silence alone is never enough: who
   * does not come at all has mended nothing.
   */
  isMended: boolean
}

export interface Agreed {
  cleanCycles: number
  nowMs: number
}

/** The habit of each account that sent offers which break. Traffic of no account is of many, and never counts as mended. */
export function habitsOf(
  rows: Iterable<UsageRow>,
  read: (row: UsageRow) => Reading,
  { cleanCycles, nowMs }: Agreed,
): ReadonlyMap<string, Habit> {
  const breaking = new Map<string, { days: Set<number>; hours: number[] }>()
  const passing = new Map<string, number>()
  for (const row of rows) {
    const { kind } = read(row)
    if (kind === 'passes') passing.set(row.account, Math.max(passing.get(row.account) ?? 0, lastDayOf(row)))
    if (kind !== 'breaks') continue
    const found = breaking.get(row.account) ?? { days: new Set(), hours: new Array<number>(168).fill(0) }
    breaking.set(row.account, found)
    for (const day of daysOf(row)) found.days.add(day)
    row.hours?.forEach((count, hour) => {
      found.hours[hour]! += count
    })
  }
  return new Map(
    [...breaking].map(([account, { days, hours }]) => {
      const rhythm = rhythmOf(days, nowMs, hours)!
      const isMended =
        account !== '' && hasStopped(rhythm, cleanCycles) && (passing.get(account) ?? 0) > rhythm.lastMs
      return [account, { rhythm, isMended }]
    }),
  )
}

type Judged = Pick<Facts, 'rows' | 'shapes' | 'floor' | 'check'>

/** Rows of accounts from after the day that starts at the instant; folded rows cannot be cut, so they are asked for again. */
export type RowsAfter = (accounts: ReadonlyMap<string, number>) => Promise<UsageRow[]>

/** Facts without what accounts did before they were mended: that is history, and belongs to the burn-down, not to who is left. */
export async function withoutMended<F extends Judged>(
  facts: F,
  agreed: Agreed,
  rowsAfter?: RowsAfter,
): Promise<{ facts: F; habits: ReadonlyMap<string, Habit>; isCurrent(row: UsageRow): boolean }> {
  const habits = habitsOf(facts.rows, reader(facts), agreed)
  const isCurrent = (row: UsageRow) => {
    const habit = habits.get(row.account)
    return !habit?.isMended || row.dayMs > habit.rhythm.lastMs
  }
  const mended = new Map(
    [...habits]
      .filter(([, habit]) => habit.isMended)
      .map(([account, { rhythm }]) => [account, rhythm.lastMs]),
  )
  const rows =
    rowsAfter && mended.size > 0
      ? [...facts.rows.filter(row => !mended.has(row.account)), ...(await rowsAfter(mended))]
      : facts.rows.filter(isCurrent)
  return { facts: { ...facts, rows }, habits, isCurrent }
}
