import type { Window } from '../model/api.ts'
import type { BurnDownPoint } from '../model/verdict.ts'
import type { Database } from './database.ts'

/** Rows are filed under the day on which they were taken in, never before they happened. */
const inside = `lot >= toDate(fromUnixTimestamp64Milli({fromMs:Int64})) AND at >= fromUnixTimestamp64Milli({fromMs:Int64})
  AND at < fromUnixTimestamp64Milli({toMs:Int64})`

/**
 * Counts in steps shorter than a day, for the last minutes, from the raw rows: what failed the next floor as it came in, and what was refused.
 * Steps without traffic are left out.
 */
export async function pulse(db: Database, window: Window, stepMs: number): Promise<BurnDownPoint[]> {
  const found = await db.rows<Record<string, unknown>>(
    `SELECT intDiv(toUnixTimestamp64Milli(at), {stepMs:Int64}) * {stepMs:Int64} AS at_ms, sum(count) AS all_,
       sumIf(count, breaks != '' AND NOT retry) AS breaking_, sumIf(count, outcome = 'refused') AS refused_,
       uniqExactIf(account, account != '' AND breaks != '' AND NOT retry) AS accounts_
     FROM observations WHERE ${inside} GROUP BY at_ms ORDER BY at_ms`,
    { ...window, stepMs: Math.round(stepMs) },
  )
  return found.map(row => ({
    atMs: Number(row.at_ms),
    connections: Number(row.all_),
    wouldBreak: Number(row.breaking_),
    refused: Number(row.refused_),
    accountsThatBreak: Number(row.accounts_),
  }))
}

/** How many accounts were refused in a window, how often, and of how many connections; refusals of no known account count as connections only. */
export async function refusedIn(
  db: Database,
  window: Window,
): Promise<{ accounts: number; connections: number; of: number }> {
  const [row] = await db.rows<Record<string, unknown>>(
    `SELECT uniqExactIf(account, account != '' AND outcome = 'refused') AS accounts_, sumIf(count, outcome = 'refused') AS refused_,
       sum(count) AS all_
     FROM observations WHERE ${inside}`,
    { ...window },
  )
  return {
    accounts: Number(row?.accounts_ ?? 0),
    connections: Number(row?.refused_ ?? 0),
    of: Number(row?.all_ ?? 0),
  }
}
