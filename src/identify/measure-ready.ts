import { dayMs } from '../base/time.ts'
import type { UsageRow } from '../model/usage.ts'
import { habitsOf } from './rhythm.ts'

/** A made-up customer: the days (counted from 0) on which each of its old clients connects. */
export interface Calendar {
  title: string
  /** One list of days per client stack. */
  stacks(chance: () => number, days: number): number[][]
}

/** How often somebody who goes on as before was called ready, and how long it took to notice somebody who stopped. */
export interface ReadyScore {
  title: string
  /** Days on which it was asked, over all accounts. */
  asked: number
  falselyReady: number
  /** Accounts called ready at least once. */
  accountsFalselyReady: number
  accounts: number
  /** Days from the last old offer until the account counts as ready, the middle of all; null when most never did within a year. */
  noticedAfterDays: number | null
}

const epochMs = Date.UTC(2026, 0, 1)
/** The history that is looked at, as commands and console do. */
const historyDays = 180
/** Days on which it is asked, after the history is full. */
const askedDays = 120

/**
 * Plays made-up customers with known rhythms, who never stop, and asks every day whether they are ready. They send better offers every day as well:
 * only the rhythm of the old ones stands between them and "ready". Then each stops, and it is counted how long that goes unnoticed.
 */
export function measureReady(
  calendar: Calendar,
  options: { accounts: number; cleanCycles: number; seed: number },
): ReadyScore {
  const chance = chanceFrom(options.seed)
  let falselyReady = 0
  let accountsFalselyReady = 0
  const noticed: number[] = []
  for (let nth = 0; nth < options.accounts; nth++) {
    const stacks = calendar.stacks(chance, historyDays + askedDays)
    let times = 0
    for (let day = historyDays; day < historyDays + askedDays; day++)
      if (isReady(stacks, day, options.cleanCycles)) times++
    falselyReady += times
    if (times > 0) accountsFalselyReady++
    const stopped = stacks.map(days => days.filter(day => day < historyDays))
    const last = Math.max(0, ...stopped.flat())
    let day = last + 1
    while (day < last + 365 && !isReady(stopped, day, options.cleanCycles)) day++
    noticed.push(day - last)
  }
  noticed.sort((a, b) => a - b)
  const middle = noticed[Math.floor(noticed.length / 2)]!
  return {
    title: calendar.title,
    asked: options.accounts * askedDays,
    falselyReady,
    accountsFalselyReady,
    accounts: options.accounts,
    noticedAfterDays: middle >= 365 ? null : middle,
  }
}

function isReady(stacks: readonly (readonly number[])[], today: number, cleanCycles: number): boolean {
  const old = stacks.flatMap((days, stack) =>
    days.filter(day => day <= today && day > today - historyDays).map(day => rowOn(day, `stack ${stack}`)),
  )
  // Who was not seen with an old offer for the whole history has none left to wait for.
  if (old.length === 0) return true
  const habits = habitsOf(
    [...old, rowOn(today, '')],
    row =>
      row.shape === '' ? { kind: 'passes', by: 'hello' } : { kind: 'breaks', by: 'hello', clause: 'version' },
    row => row.shape,
    { cleanCycles, nowMs: epochMs + today * dayMs },
  )
  return habits.get('a')?.isMended === true
}

function rowOn(day: number, shape: string): UsageRow {
  return { account: 'a', shape, dayMs: epochMs + day * dayMs } as UsageRow
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const range = (days: number) => Array.from({ length: days }, (_, day) => day)
const weekday = (day: number) => new Date(epochMs + day * dayMs).getUTCDay()
const dateOf = (day: number) => new Date(epochMs + day * dayMs).getUTCDate()

function every(step: number, jitter: number, missed: number, chance: () => number, days: number): number[] {
  const found = new Set<number>()
  for (let at = chance() * step; at < days; at += step)
    if (chance() >= missed) found.add(Math.max(0, Math.round(at + (chance() - 0.5) * 2 * jitter)))
  return [...found].filter(day => day < days).sort((a, b) => a - b)
}

function atRandom(meanPause: number, chance: () => number, days: number): number[] {
  const found = new Set<number>()
  for (let at = 0; at < days; at += -Math.log(1 - chance()) * meanPause) found.add(Math.floor(at))
  return [...found]
}

/** The last working day of each month. */
function monthEnds(days: number): number[] {
  return range(days).filter(day => {
    const isWorking = (other: number) => weekday(other) > 0 && weekday(other) < 6
    const rest = range(7).map(ahead => day + 1 + ahead)
    const inMonth = rest.filter(other => dateOf(other) > dateOf(day))
    return isWorking(day) && !inMonth.some(isWorking)
  })
}

/** Active for some days, then away for a while that nobody can foretell. */
function bursts(chance: () => number, days: number): number[] {
  const found: number[] = []
  for (let at = 0; at < days; ) {
    const active = 2 + Math.floor(chance() * 6)
    for (let i = 0; i < active; i++) found.push(at + i)
    at += active + 5 + Math.floor(chance() * 25)
  }
  return found.filter(day => day < days)
}

/** The rhythms that customers are known to have. */
export const calendars: readonly Calendar[] = [
  {
    title: 'every day, 2 in 100 missed',
    stacks: (chance, days) => [range(days).filter(() => chance() >= 0.02)],
  },
  {
    title: 'working days, with a week off now and then',
    stacks(chance, days) {
      const off = Math.floor(chance() * days)
      return [range(days).filter(day => weekday(day) % 6 !== 0 && !(day >= off && day < off + 7))]
    },
  },
  { title: 'weekly, 5 in 100 missed', stacks: (chance, days) => [every(7, 0, 0.05, chance, days)] },
  {
    title: 'every two weeks, a day early or late',
    stacks: (chance, days) => [every(14, 1, 0, chance, days)],
  },
  { title: 'last working day of the month', stacks: (_, days) => [monthEnds(days)] },
  { title: 'monthly, two days early or late', stacks: (chance, days) => [every(30.4, 2, 0, chance, days)] },
  { title: 'every quarter', stacks: (chance, days) => [every(91, 2, 0, chance, days)] },
  { title: 'at random, every 3 days on average', stacks: (chance, days) => [atRandom(3, chance, days)] },
  { title: 'at random, every 10 days on average', stacks: (chance, days) => [atRandom(10, chance, days)] },
  { title: 'at random, every 30 days on average', stacks: (chance, days) => [atRandom(30, chance, days)] },
  { title: 'some days, then away for one to four weeks', stacks: (chance, days) => [bursts(chance, days)] },
  {
    title: 'daily until it moved, beside a monthly job that did not',
    stacks: (chance, days) => [range(historyDays - 5), every(30.4, 2, 0, chance, days)],
  },
]
