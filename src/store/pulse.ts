import { dayMs, startOfDay, utcDay } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import type { BurnDownPoint } from '../model/verdict.ts'
import type { Database } from './database.ts'
import { lotsOf } from './lots.ts'
import { rawDays } from './raw-days.ts'
import { days, insideDays } from './usage.ts'

/** Rows are filed under the day on which they were taken in, never before they happened. */
const inside = `lot >= toDate(fromUnixTimestamp64Milli({fromMs:Int64})) AND at >= fromUnixTimestamp64Milli({fromMs:Int64})
  AND at < fromUnixTimestamp64Milli({toMs:Int64})`

/**
 * Counts in steps shorter than a day, for the last minutes, from the raw rows: what failed the next floor as it came in, and what was refused.
 * Steps without traffic are left out, and rows for which the condition `junk` holds.
 */
export async function pulse(
  db: Database,
  window: Window,
  stepMs: number,
  junk = 'false',
): Promise<BurnDownPoint[]> {
  const found = await db.rows<Record<string, unknown>>(
    `SELECT intDiv(toUnixTimestamp64Milli(at), {stepMs:Int64}) * {stepMs:Int64} AS at_ms, sum(count) AS all_,
       sumIf(count, breaks != '' AND NOT retry) AS breaking_, sumIf(count, outcome = 'refused') AS refused_,
       uniqExactIf(account, account != '' AND breaks != '' AND NOT retry) AS accounts_
     FROM observations WHERE ${inside} AND NOT ${junk} GROUP BY at_ms ORDER BY at_ms`,
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

/**
 * How many accounts were refused in a window, how often, and of how many connections; refusals of no known account count as connections only.
 * The first and the last day are counted from the raw rows, the days between from the roll-up. A first day whose raw rows have expired counts
 * with those rows of the roll-up that began in the window.
 */
export async function refusedIn(
  db: Database,
  window: Window,
  nowMs: number = Date.now(),
  junk = 'false',
): Promise<{ accounts: number; connections: number; of: number }> {
  const isKept = window.fromMs > nowMs - (rawDays - 1) * dayMs
  const edges = [...(isKept ? [window.fromMs] : []), window.toMs - 1].map(startOfDay)
  const lots = await Promise.all(
    [...new Set(edges)].map(fromMs => lotsOf(db, { fromMs, toMs: fromMs + dayMs })),
  )
  const [row] = await db.rows<Record<string, unknown>>(
    `SELECT uniqExactIf(account, account != '' AND outcome = 'refused') AS accounts_, sumIf(count, outcome = 'refused') AS refused_,
       sum(count) AS all_
     FROM (
       SELECT account, outcome, toUInt64(count) AS count FROM observations
       WHERE lot IN {lots:Array(Date)} AND toDate(at) IN {edges:Array(Date)}
         AND at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND at < fromUnixTimestamp64Milli({toMs:Int64}) AND NOT ${junk}
       UNION ALL
       SELECT account, outcome, toUInt64(connections) AS count FROM usage
       WHERE ${insideDays} AND day NOT IN {edges:Array(Date)} AND first_seen >= fromUnixTimestamp64Milli({fromMs:Int64}) AND NOT ${junk}
     )`,
    { ...window, ...days(window), lots: [...new Set(lots.flat())], edges: [...new Set(edges.map(utcDay))] },
  )
  return {
    accounts: Number(row?.accounts_ ?? 0),
    connections: Number(row?.refused_ ?? 0),
    of: Number(row?.all_ ?? 0),
  }
}
