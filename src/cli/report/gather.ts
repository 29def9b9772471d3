import type { Fault } from '../../base/fault.ts'
import type { Window } from '../../model/api.ts'
import type { SourceCoverage } from '../../model/coverage.ts'
import type { JunkRule } from '../../model/junk/rules.ts'
import type { Crawler, JunkCount } from '../../model/junk/set-apart.ts'
import type { HelloShape, UsageRow } from '../../model/usage.ts'

/** What is said beside a report. */
export type ReportBasis = Pick<Gathered, 'sources' | 'accountsBy' | 'notes' | 'examples' | 'faults'>

/** What is said beside the outcomes of floors. */
export type WhatIfBasis = Pick<
  Gathered,
  'accountsBy' | 'window' | 'skipped' | 'junk' | 'coverage' | 'faults'
> & {
  shapes: { size: number }
}

/** Everything that a report is made of, wherever it came from. */
export interface Gathered {
  rows: UsageRow[]
  /** Where the rows are folded: those of some accounts from after a day. Absent: the rows are of one day each. */
  rowsAfter?: (accounts: ReadonlyMap<string, number>) => Promise<UsageRow[]>
  /** Where the rows are folded: those of one account as they are stored. Absent: the rows are. */
  rowsOf?: (account: string) => Promise<UsageRow[]>
  shapes: Map<string, HelloShape>
  sources: { id: string; title: string; blind: readonly string[] }[]
  /** Lines and connections that gave no observation, by reason. */
  skipped: Record<string, number>
  /** What was set apart, and is not among the rows. */
  junk: readonly JunkCount[]
  /** How it was told apart. Absent: nothing was set apart. */
  apart?: { rules: readonly JunkRule[]; crawlers: readonly Crawler[] }
  coverage: readonly SourceCoverage[]
  /** What was odd about a file, or about lines of it. */
  notes?: readonly string[]
  /** Those of the notes that show lines which were skipped. */
  examples?: readonly string[]
  /** Files that were named and could not be read: of them nothing is in here. */
  faults: readonly Fault[]
  /** How accounts came about, for people. */
  accountsBy: string
  window: Window
  /** Rows reach back to this instant: before the window, where the store was asked for the rhythms of accounts. */
  rowsFromMs: number
  /** Accounts ever seen, with the last time, where the store knows. */
  known: readonly { account: string; lastSeenMs: number }[]
}
