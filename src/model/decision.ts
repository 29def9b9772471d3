import type { Brownout, Policy } from './policy.ts'

/** The numbers of a retirement at an instant, on which a decision or a change of dates rested. */
export interface DecisionNumbers {
  /** Accounts that still break by their own rhythm, exempt ones apart. */
  remaining: number
  stopped: number
  exempt: number
  connections: number
  wouldBreak: number
}

/** Go or no go on one day, with everything that it rested on. */
export interface DecisionRecord {
  atMs: number
  /** The UTC day that it speaks for; there is one record for each day and policy. */
  day: string
  go: boolean | null
  because: string
  window: { fromMs: number; toMs: number }
  thresholds: Policy['ready']
  numbers: DecisionNumbers
  /** Names of those that remain; cut after a hundred, the number says how many there are. */
  remaining: string[]
  cutoffMs: number | null
  policyHash: string
}

/** The dates of a retirement file that others rely on. */
export interface Dates {
  cutoffMs: number | null
  brownouts: Pick<Brownout, 'fromMs' | 'toMs'>[]
  ramp: Policy['ramp']
}

/** A change of those dates, and what the numbers were when it was seen. The first entry has no `from`: the dates as they were first seen. */
export interface Slip {
  atMs: number
  from: Dates | null
  to: Dates
  /** Days by which the cutoff moved, later being more; null where one of the two is not set. */
  cutoffMovedDays: number | null
  numbers: DecisionNumbers | null
  policyHash: string
}

/** What is on record of a retirement, oldest first. */
export interface GoLedger {
  decisions: DecisionRecord[]
  slips: Slip[]
}

export function datesOf(policy: Policy): Dates {
  return {
    cutoffMs: policy.cutoffMs ?? null,
    brownouts: policy.brownouts.map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    ramp: policy.ramp,
  }
}
