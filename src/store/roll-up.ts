import type { UsageRow } from '../model/usage.ts'
import type { Database } from './database.ts'
import { type UsageRecord, usageRowOf } from './usage.ts'

export interface RolledUp {
  rows: UsageRow[]
  observations: number
  skipped: { why: string; lines: number; line: number }[]
}

/** Runs a SELECT that counts lines which are not stored: the columns of `usageRows`, `why` and `line_`, the first line of a group. */
export async function rollUp(db: Database, sql: string): Promise<RolledUp> {
  const found = await db.rows<UsageRecord & { why: string; line_: number }>(sql)
  const rows: UsageRow[] = []
  const skipped: RolledUp['skipped'] = []
  let observations = 0
  for (const { why, line_, ...record } of found) {
    if (why === '') {
      const row = usageRowOf(record as UsageRecord)
      rows.push(row)
      observations += row.connections
    } else skipped.push({ why, lines: Number(record.connections_), line: Number(line_) })
  }
  skipped.sort((a, b) => b.lines - a.lines || (a.why < b.why ? -1 : 1))
  return { rows, observations, skipped }
}
