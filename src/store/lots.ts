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
