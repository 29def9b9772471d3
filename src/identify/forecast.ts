import { countText, listText, plural } from '../base/text.ts'
import { dayMs, startOfDay, utcDay } from '../base/time.ts'
import type { SourceCoverage } from '../model/coverage.ts'
import type { Exemption } from '../model/policy.ts'
import type { UsageRow } from '../model/usage.ts'
import { type Outlook, outlook, weeklyPace, wholeAccounts } from './outlook.ts'
import type { Reading } from './reading.ts'
import { type Habit, habitsOf, type Rhythm, type StackHabit } from './rhythm.ts'

/** An account that sent offers which break, and whether its rhythm says that it has stopped. */
export interface Remaining {
  account: string
  rhythm: Rhythm
  stacks: StackHabit[]
  /** Every stack clean for as many of its cycles as were agreed, and the account seen with better offers since. */
  stopped: boolean
  exempt: boolean
}

export interface Forecast {
  nowMs: number
  cutoffMs: number | null
  /** Accounts that still break, exempt ones apart; the one that is due soonest first. */
  remaining: Remaining[]
  /** Accounts that broke in the window and have stopped since. */
  stopped: Remaining[]
  exempt: Remaining[]
  /** Traffic of no account that breaks and has not stopped, by client stack: whom it is of nobody knows, so it stands in the way of a go. */
  nobodys: StackHabit[]
  /** Accounts that still broke at the end of each day. */
  burnDown: { atMs: number; accounts: number }[]
  /** Change per week, with its range; null when the days are too few. */
  perWeek: Outlook | null
  /** Expected at the cutoff; null without a cutoff or a trend. */
  atCutoff: Outlook | null
  decision: { go: boolean | null; because: string }
}

export interface ForecastFacts {
  rows: readonly UsageRow[]
  read: (row: UsageRow) => Reading
  /** Tells the stacks of an account apart. */
  stackOf: (row: UsageRow) => string
  nowMs: number
  cutoffMs: number | null
  ready: { maxAccountsThatBreak: number; cleanCycles: number }
  /** Accounts with an exemption that outlives the cutoff. */
  isExempt(account: string): boolean
  /** What the sources delivered: of one that has gone silent nothing is known, and nobody is ready by its silence. */
  coverage?: readonly SourceCoverage[]
}

/**
 * Who is left and when it will be over: each account counts until its own rhythm says that it has stopped, so a monthly job does not look ready
 * after three quiet weeks. Traffic of no account is counted with nobody, and a go waits until its stacks have stopped.
 */
export function forecast(facts: ForecastFacts): Forecast {
  const habits = habitsOf(facts.rows, facts.read, facts.stackOf, {
    cleanCycles: facts.ready.cleanCycles,
    nowMs: facts.nowMs,
  })
  const accounts = rememberAccounts(habits, facts)
  const nobodys = habits.get('')?.stacks.filter(({ hasStopped }) => !hasStopped) ?? []
  const left = accounts.filter(account => !account.stopped && !account.exempt)
  const days = remainingByDay(accounts, facts)
  const counts = days.map(({ accounts: count }) => count)
  const aheadDays = facts.cutoffMs === null ? 0 : (facts.cutoffMs - startOfDay(facts.nowMs)) / dayMs
  const found = outlook(counts, aheadDays)
  return {
    nowMs: facts.nowMs,
    cutoffMs: facts.cutoffMs,
    remaining: left.sort((a, b) => dueMs(a) - dueMs(b) || order(a, b)),
    stopped: accounts.filter(account => account.stopped && !account.exempt).sort(order),
    exempt: accounts.filter(account => account.exempt).sort(order),
    nobodys,
    burnDown: days,
    perWeek: weeklyPace(counts) ?? null,
    atCutoff: found ? { ...found, value: Math.round(found.value), range: wholeAccounts(found.range) } : null,
    decision: decideReady(left, nobodys, facts),
  }
}

/** When the first of its stacks is due that has not stopped, or of all where only better offers are awaited; the end of time without a rhythm. */
function dueMs({ stacks }: Remaining): number {
  const awaited = stacks.some(({ hasStopped }) => !hasStopped)
    ? stacks.filter(({ hasStopped }) => !hasStopped)
    : stacks
  return Math.min(Number.MAX_VALUE, ...awaited.map(({ rhythm }) => rhythm.dueMs ?? Number.MAX_VALUE))
}

/** Whether an account has an exemption beyond an instant: such do not stop a go. */
export function outlives(exemptions: readonly Exemption[], endMs: number): (account: string) => boolean {
  const exempt = new Set(exemptions.filter(entry => entry.untilMs > endMs).map(entry => entry.account))
  return account => exempt.has(account)
}

function order(a: Remaining, b: Remaining): number {
  return a.account < b.account ? -1 : a.account > b.account ? 1 : 0
}

function rememberAccounts(
  habits: ReadonlyMap<string, Habit>,
  { isExempt }: Pick<ForecastFacts, 'isExempt'>,
): Remaining[] {
  return [...habits]
    .filter(([account]) => account !== '')
    .map(([account, { rhythm, stacks, isMended }]) => ({
      account,
      rhythm,
      stacks,
      stopped: isMended,
      exempt: isExempt(account),
    }))
}

/** An account counts from the first day it was seen to the last, and on to today unless it has stopped. */
function remainingByDay(accounts: readonly Remaining[], { nowMs }: ForecastFacts): Forecast['burnDown'] {
  const counted = accounts.filter(account => !account.exempt)
  if (counted.length === 0) return []
  const firstMs = Math.min(...counted.map(account => account.rhythm.firstMs))
  const days: Forecast['burnDown'] = []
  for (let atMs = firstMs; atMs <= startOfDay(nowMs); atMs += dayMs)
    days.push({
      atMs,
      accounts: counted.filter(({ rhythm, stopped }) => !stopped || atMs < rhythm.lastMs).length,
    })
  return days
}

function decideReady(
  left: readonly Remaining[],
  nobodys: readonly StackHabit[],
  { rows, ready, coverage = [] }: ForecastFacts,
): Forecast['decision'] {
  if (rows.length === 0)
    return { go: null, because: 'nothing was seen in the window, so nothing can be decided' }
  const most = ready.maxAccountsThatBreak
  const agreed = `${plural(most, 'account')} at most, each clean for ${plural(ready.cleanCycles, 'cycle')}`
  const isFew = left.length <= most
  const doubts = isFew ? [...ifNobodys(nobodys), ...ifSilent(coverage)] : []
  return {
    go: doubts.length === 0 ? isFew : null,
    because: `${left.length === 0 ? 'no account is' : `${plural(left.length, 'account')} ${left.length === 1 ? 'is' : 'are'}`} left; agreed: ${agreed}${doubts.map(doubt => `; but ${doubt}`).join('')}`,
  }
}

/** Whoever sends it would break: an account that nobody could name, or junk that no rule sets apart yet. */
function ifNobodys(nobodys: readonly StackHabit[]): string[] {
  if (nobodys.length === 0) return []
  const lastMs = Math.max(...nobodys.map(({ rhythm }) => rhythm.lastMs))
  const names = listText(nobodys.slice(0, 3).map(({ stack }) => stack))
  const more = nobodys.length > 3 ? ` and ${plural(nobodys.length - 3, 'other stack')}` : ''
  return [
    `traffic of no known account breaks as well, last on ${utcDay(lastMs)} (${names}${more}): a rule for accounts, or for junk, has to say whose it is`,
  ]
}

function ifSilent(coverage: readonly SourceCoverage[]): string[] {
  const silent = coverage.filter(({ isSilent }) => isSilent).map(({ source }) => source)
  return silent.length > 0
    ? [
        `${listText(silent)} ${silent.length === 1 ? 'has' : 'have'} gone silent, and no data is not no legacy`,
      ]
    : []
}

/** The forecast in one or two sentences. */
export function forecastText(found: Forecast): string {
  const parts = [
    `${found.decision.go === null ? 'Undecided' : found.decision.go ? 'Go' : 'No go'}: ${found.decision.because}.`,
  ]
  if (found.perWeek) {
    const { value, range } = found.perWeek
    parts.push(
      value === 0 && range[0] === 0 && range[1] === 0
        ? 'Their number does not change.'
        : `Their number changes by ${signed(value)} a week (${signed(range[0])} to ${signed(range[1])}).`,
    )
  } else if (found.burnDown.length > 0) parts.push(`Too few days for a trend (${found.burnDown.length}).`)
  if (found.atCutoff && found.cutoffMs !== null)
    parts.push(
      `At the cutoff on ${utcDay(found.cutoffMs)} about ${countText(found.atCutoff.value)} would be left (${countText(found.atCutoff.range[0])} to ${countText(found.atCutoff.range[1])}), if it goes on like this.`,
    )
  return parts.join(' ')
}

function signed(value: number): string {
  const rounded = Number(value.toFixed(1))
  return rounded > 0 ? `+${rounded}` : String(rounded === 0 ? 0 : rounded)
}
