import type { HelloShape, UsageRow } from '../../model/usage.ts'

/** Everything that a report is made of, wherever it came from. */
export interface Gathered {
  rows: UsageRow[]
  /** Where the rows are folded: those of some accounts from after a day. Absent: the rows are of one day each. */
  rowsAfter?: (accounts: ReadonlyMap<string, number>) => Promise<UsageRow[]>
  shapes: Map<string, HelloShape>
  sources: { id: string; title: string; blind: readonly string[] }[]
  /** Lines and connections that gave no observation, by reason. */
  skipped: Record<string, number>
  /** How accounts came about, for people. */
  accountsBy: string
  window: { fromMs: number; toMs: number }
}
