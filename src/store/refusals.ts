import { dayMs } from '../base/time.ts'
import type { Refusal, Window } from '../model/api.ts'
import type { Database } from './database.ts'
import { lotsOf } from './lots.ts'

/** The latest refusals of the window, newest first, from the raw rows; of one account when it is named. */
export async function refusals(
  db: Database,
  query: Window & { account?: string; limit: number },
): Promise<Refusal[]> {
  const lots = await lotsOf(db, { ...query, outcome: 'refused' })
  let found: Row[] = []
  for (let taken = 1; lots.length > 0; taken *= 2) {
    found = [...found, ...(await rowsOf(db, query, lots.splice(-taken)))]
      .sort(newestFirst)
      .slice(0, query.limit)
    const oldest = found[query.limit - 1]
    const next = lots.at(-1)
    // What is filed under a day happened on that day or before.
    if (oldest && next !== undefined && Number(oldest.at_ms) >= Date.parse(next) + dayMs) break
  }
  const ja4 = await ja4Of(db, [...new Set(found.map(row => String(row.shape)))])
  return found.map(row => ({
    id: `${row.at_ms}-${row.batch}-${row.seq}`,
    atMs: Number(row.at_ms),
    account: String(row.account),
    sni: String(row.sni),
    address: String(row.address),
    offeredMax: Number(row.offered_max),
    clause: String(row.reason),
    ja4: ja4.get(String(row.shape)) ?? '',
    source: String(row.source),
    count: Number(row.count),
  }))
}

type Row = Record<string, unknown>

/** The engine finds the rows by the columns that it sorts, and reads the other columns for those alone. */
async function rowsOf(
  db: Database,
  query: Window & { account?: string; limit: number },
  lots: readonly string[],
): Promise<Row[]> {
  return db.rows(
    `SELECT batch, seq, toUnixTimestamp64Milli(at) AS at_ms, account, sni, address, offered_max, reason, shape, source, count
     FROM observations
     WHERE lot IN {lots:Array(Date)} AND outcome = 'refused' AND at >= fromUnixTimestamp64Milli({fromMs:Int64})
       AND at < fromUnixTimestamp64Milli({toMs:Int64}) ${query.account === undefined ? '' : 'AND account = {account:String}'}
     ORDER BY at DESC, batch, seq LIMIT {limit:UInt32}`,
    {
      lots,
      fromMs: query.fromMs,
      toMs: query.toMs,
      limit: query.limit,
      ...(query.account !== undefined && { account: query.account }),
    },
  )
}

function newestFirst(a: Row, b: Row): number {
  if (a.at_ms !== b.at_ms) return Number(b.at_ms) - Number(a.at_ms)
  if (a.batch !== b.batch) return String(a.batch) < String(b.batch) ? -1 : 1
  return Number(a.seq) - Number(b.seq)
}

async function ja4Of(db: Database, shapes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (shapes.length === 0) return new Map()
  const found = await db.rows<{ shape: string; ja4_: string }>(
    'SELECT shape, any(ja4) AS ja4_ FROM hellos WHERE shape IN {shapes:Array(String)} GROUP BY shape',
    { shapes },
  )
  return new Map(found.map(row => [row.shape, row.ja4_]))
}
