import type { Window } from '../model/api.ts'
import type { Outcome } from '../model/observation.ts'
import type { Database } from './database.ts'
import { days, insideDays } from './usage.ts'

/**
 * The lots that hold raw rows of these days, oldest first, told by the roll-up: reading the raw rows of a few lots instead of all of them is
 * what makes questions about single connections quick. Late rows are in lots of later days.
 */
export async function lotsOf(
  db: Database,
  query: Window & { account?: string; outcome?: Outcome },
): Promise<string[]> {
  const found = await db.rows<{ lot: string }>(
    `SELECT DISTINCT lot FROM usage WHERE ${insideDays}
       ${query.account === undefined ? '' : 'AND account = {account:String}'} ${query.outcome === undefined ? '' : 'AND outcome = {outcome:String}'}
     ORDER BY lot`,
    {
      ...days(query),
      ...(query.account !== undefined && { account: query.account }),
      ...(query.outcome !== undefined && { outcome: query.outcome }),
    },
  )
  return found.map(row => row.lot)
}

export interface DayOfLots {
  dayMs: number
  /** Where its raw rows are. */
  lots: string[]
  connections: number
}

/** The days on which an account was seen, oldest first, each with the lots of its raw rows. */
export async function lotsByDay(db: Database, query: Window & { account: string }): Promise<DayOfLots[]> {
  const found = await db.rows<{ day_ms: number; lots: string[]; connections_: number }>(
    `SELECT toUnixTimestamp(toDateTime(day, 'UTC')) * 1000 AS day_ms, groupUniqArray(lot) AS lots, sum(connections) AS connections_
     FROM usage WHERE ${insideDays} AND account = {account:String} GROUP BY day ORDER BY day`,
    { ...days(query), account: query.account },
  )
  return found.map(row => ({
    dayMs: Number(row.day_ms),
    lots: row.lots,
    connections: Number(row.connections_),
  }))
}
