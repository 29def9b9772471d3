import { atOnce, type Steps } from '../base/steps.ts'
import { listText, percentText, plural } from '../base/text.ts'
import { dayMs, startOfDay, utcDay } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import { daysOf, lastDayOf } from '../model/day-set.ts'
import type { UsageRow } from '../model/usage.ts'
import type { Facts } from './judge.ts'
import { type Reading, reader } from './reading.ts'

/** `once`: one day says nothing about the next. `daily` may leave out weekends; `month-end` is monthly, in the last days of a month or on its first. */
type RhythmKind = 'once' | 'daily' | 'weekly' | 'monthly' | 'month-end' | 'irregular'

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
  /** When most of it comes, in words: `Monday 02:00 UTC`, `08:00 to 14:00 UTC`; empty when it is spread too evenly. */
  usually: string
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
  const kind = kindOf(pauses, days)
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
    usually: usuallyText(hours),
  }
}

/** Pauses from which a rhythm of days, or the lack of any, can be read. */
const fewPauses = 5
const monthDays = 31

/**
 * The longest pause; a week for what leaves out weekends, since days off come by the week. Where no rhythm shows it is stretched, by the less the
 * more pauses were seen, since the longest of a few is shorter than the longest to come; and a few irregular visits may be those of a monthly job.
 */
function cycleOf(kind: RhythmKind, pauses: readonly number[]): number | null {
  if (pauses.length === 0) return null
  const longest = Math.max(...pauses)
  if (kind === 'daily' && longest >= weekendPause) return Math.max(weekDays, longest)
  if (kind !== 'irregular') return longest
  const stretched = Math.ceil(longest * (1 + 3 / pauses.length))
  return pauses.length < fewPauses ? Math.max(monthDays, stretched) : stretched
}

/** From Friday to Monday. */
const weekendPause = 3
const weekDays = 7

function kindOf(pauses: readonly number[], days: readonly number[]): RhythmKind {
  if (pauses.length === 0) return 'once'
  // Two runs may be any distance apart.
  if (pauses.length === 1) return 'irregular'
  const share = (holds: (pause: number) => boolean) => pauses.filter(holds).length / pauses.length
  // A long weekend or a missed run is no change of rhythm.
  if (pauses.length >= fewPauses && share(pause => pause <= 4) >= 0.9 && share(pause => pause <= 1) >= 0.5)
    return 'daily'
  if (share(pause => pause % 7 === 0 && pause <= 28) >= 0.8) return 'weekly'
  if (share(pause => pause >= 26 && pause <= 35) >= 0.8)
    return days.every(isMonthEnd) ? 'month-end' : 'monthly'
  return 'irregular'
}

/** One of the last four days of a month, which hold its last working day, or the first day of the next. */
function isMonthEnd(dayStartMs: number): boolean {
  return new Date(dayStartMs + 4 * dayMs).getUTCDate() <= 5
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

/** `weekly, due by 2026-11-27; 0 cycles without it, would have been seen by now: 67 %; mostly Monday 02:00 UTC`. */
export function rhythmText(rhythm: Rhythm, stopped = false): string {
  const usually = rhythm.usually === '' ? '' : `; mostly ${rhythm.usually}`
  if (rhythm.cycleDays === null) return `seen on one day: no rhythm yet${usually}`
  const due = rhythm.dueMs === null || stopped ? '' : `, due by ${utcDay(rhythm.dueMs)}`
  return `${rhythm.kind}${due}; ${plural(rhythm.cleanCycles, 'cycle')} without it, would have been seen by now: ${percentText(rhythm.wouldHaveBeenSeen)}${usually}`
}

/** So much of it makes hours the usual ones. */
const mostShare = 0.5

/** Hours of the week if a few of them hold most of it; else the hours of the day, whatever the day, if they lie close together. */
function usuallyText(hours: readonly number[]): string {
  const total = hours.reduce((sum, count) => sum + (count ?? 0), 0)
  if (total === 0) return ''
  const few = busiest(hours)
  const ofDay = new Array<number>(24).fill(0)
  hours.forEach((count, hour) => {
    ofDay[hour % 24] = ofDay[hour % 24]! + count
  })
  const isOneHour = new Set(few.map(hour => hour % 24)).size === 1 && few.length > 2
  if (!isOneHour && few.reduce((sum, hour) => sum + hours[hour]!, 0) >= mostShare * total)
    return `${listText(few.slice(0, 2).map(hourText))} UTC`
  return hoursOfDayText(ofDay, total)
}

/** More than a working day is no usual time. */
const mostHours = 9

function hoursOfDayText(ofDay: readonly number[], total: number): string {
  const clock = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00`
  for (let length = 1; length <= mostHours; length++)
    for (let from = 0; from < 24; from++) {
      const inside = Array.from({ length }, (_, i) => ofDay[(from + i) % 24]!)
      if (inside.reduce((sum, count) => sum + count, 0) < 0.8 * total) continue
      return length === 1 ? `${clock(from)} UTC` : `${clock(from)} to ${clock(from + length)} UTC`
    }
  return ''
}

/** When one client stack of an account sent offers that break. */
export interface StackHabit {
  stack: string
  rhythm: Rhythm
  /** Its old offers stayed away for the agreed number of its own clean cycles. */
  hasStopped: boolean
}

/** When an account sent offers that break, and whether that is over. */
export interface Habit {
  /** Of all its old offers together. */
  rhythm: Rhythm
  /** The same for each client stack, the one that is furthest from clean first: a daily client that moved must not hide a monthly job that did not. */
  stacks: StackHabit[]
  /**
   * The old offers of every stack stayed away for the agreed number of its clean cycles, and the account was seen with better ones since. Silence
   * alone is never enough: who does not come at all has mended nothing.
   */
  isMended: boolean
}

export interface Agreed {
  cleanCycles: number
  nowMs: number
}

interface Seen {
  days: Set<number>
  hours: number[]
}

/** The habit of each account that sent offers which break. Traffic of no account is of many, and never counts as mended. */
export function habitsOf(...asked: Parameters<typeof findingHabits>): ReadonlyMap<string, Habit> {
  return atOnce(findingHabits(...asked))
}

/** The same in steps, of a row or an account each. */
function* findingHabits(
  rows: Iterable<UsageRow>,
  read: (row: UsageRow) => Reading,
  stackOf: (row: UsageRow) => string,
  { cleanCycles, nowMs }: Agreed,
): Steps<ReadonlyMap<string, Habit>> {
  const breaking = new Map<string, Map<string, Seen>>()
  const passing = new Map<string, number>()
  for (const row of rows) {
    yield
    const { kind } = read(row)
    if (kind === 'passes') passing.set(row.account, Math.max(passing.get(row.account) ?? 0, lastDayOf(row)))
    if (kind !== 'breaks') continue
    const stacks = breaking.get(row.account) ?? new Map<string, Seen>()
    breaking.set(row.account, stacks)
    const stack = stackOf(row)
    const seen = stacks.get(stack) ?? { days: new Set(), hours: [] }
    stacks.set(stack, seen)
    for (const day of daysOf(row)) seen.days.add(day)
    row.hours?.forEach((count, hour) => {
      seen.hours[hour] = (seen.hours[hour] ?? 0) + count
    })
  }
  const habits = new Map<string, Habit>()
  for (const [account, seen] of breaking) {
    yield
    const rhythm = rhythmOf(
      [...seen.values()].flatMap(({ days }) => [...days]),
      nowMs,
      addHours([...seen.values()].map(({ hours }) => hours)),
    )!
    const stacks = [...seen]
      .map(([stack, { days, hours }]) => {
        const own = seen.size === 1 ? rhythm : rhythmOf(days, nowMs, hours)!
        return { stack, rhythm: own, hasStopped: stackHasStopped(own, rhythm, cleanCycles, seen.size) }
      })
      .sort(leastCleanFirst)
    const isMended =
      account !== '' && stacks.every(stack => stack.hasStopped) && (passing.get(account) ?? 0) > rhythm.lastMs
    habits.set(account, { rhythm, stacks, isMended })
  }
  return habits
}

/**
 * A stack that was seen on one day only, beside others of the same account, may be the first run of a monthly job: so long is waited for it, and not
 * for ever as for an account that was seen once.
 */
function stackHasStopped(own: Rhythm, ofAll: Rhythm, cleanCycles: number, stacks: number): boolean {
  if (own.cycleDays !== null || stacks === 1) return hasStopped(own, cleanCycles)
  return hasStopped({ ...own, cycleDays: Math.max(monthDays, ofAll.cycleDays ?? 0) }, cleanCycles)
}

function leastCleanFirst(a: StackHabit, b: StackHabit): number {
  return (
    Number(a.hasStopped) - Number(b.hasStopped) ||
    a.rhythm.cleanCycles - b.rhythm.cleanCycles ||
    b.rhythm.lastMs - a.rhythm.lastMs ||
    (a.stack < b.stack ? -1 : 1)
  )
}

function addHours(all: readonly (readonly number[])[]): number[] {
  const sum: number[] = []
  for (const hours of all)
    hours.forEach((count, hour) => {
      sum[hour] = (sum[hour] ?? 0) + count
    })
  return sum
}

type Judged = Pick<Facts, 'rows' | 'shapes' | 'floor' | 'check' | 'stackOf'> & { window: Window }

/** Rows of accounts from after the day that starts at the instant; folded rows cannot be cut, so they are asked for again. */
export type RowsAfter = (accounts: ReadonlyMap<string, number>) => Promise<UsageRow[]>

/** How `habitsOf` tells the stacks of an account apart: by what they are called. */
export function stackTitles({
  shapes,
  stackOf,
}: Pick<Facts, 'shapes' | 'stackOf'>): (row: UsageRow) => string {
  return row => stackOf(row, shapes.get(row.shape)).title
}

/**
 * Facts without what accounts did before they were mended: that is history, and belongs to the burn-down, not to who is left. A window that was
 * named keeps everything: it is asked what happened in it.
 */
export async function withoutMended<F extends Judged>(
  facts: F,
  agreed: Agreed,
  rowsAfter?: RowsAfter,
  run: <Result>(steps: Steps<Result>) => Result | Promise<Result> = atOnce,
): Promise<{ facts: F; habits: ReadonlyMap<string, Habit>; isCurrent(row: UsageRow): boolean }> {
  const habits = await run(findingHabits(facts.rows, reader(facts), stackTitles(facts), agreed))
  if (facts.window.named) return { facts, habits, isCurrent: () => true }
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
