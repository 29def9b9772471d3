import { dayMs } from '../base/time.ts'
import type { Sighting, SightingPage, Window } from '../model/api.ts'
import type { Database } from './database.ts'
import { type DayOfLots, lotsByDay } from './lots.ts'

/**
 * The raw observations of one account in a window, oldest first, a page at a time; `after` is the `next` of the page before. They are kept
 * for as long as the observations table keeps them; older days live on in the roll-up only.
 */
export async function sightings(
  db: Database,
  query: Window & { account: string; limit: number; after?: string },
): Promise<SightingPage> {
  const [afterMs = 0, afterBatch = '', afterSeq = 0] = cursorOf(query.after)
  const found: Record<string, unknown>[] = []
  const fromMs = Math.max(query.fromMs, afterMs)
  const seen = await lotsByDay(db, { ...query, fromMs })
  // As many days as fill the page by what the roll-up counts; more when their raw rows are fewer, or have expired.
  for (let times = 1; seen.length > 0 && found.length < query.limit; times *= 2) {
    const days = seen.splice(0, daysFor(seen, (query.limit - found.length) * times))
    found.push(
      ...(await db.rows<Record<string, unknown>>(
        `SELECT toUnixTimestamp64Milli(at) AS at_ms, batch, seq, service, attributed_by, confidence, source, address, sni, shape, offered_max, negotiated, suite, outcome,
             reason, retry, operation, user_agent, count
           FROM observations
           WHERE lot IN {lots:Array(Date)} AND account = {account:String}
             AND at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND at < fromUnixTimestamp64Milli({toMs:Int64})
             ${query.after === undefined ? '' : 'AND (toUnixTimestamp64Milli(at), batch, seq) > ({afterMs:Int64}, {afterBatch:String}, {afterSeq:UInt64})'}
           ORDER BY at_ms, batch, seq LIMIT {limit:UInt32}`,
        {
          account: query.account,
          lots: [...new Set(days.flatMap(({ lots }) => lots))],
          fromMs: Math.max(fromMs, days[0]!.dayMs),
          toMs: Math.min(query.toMs, days.at(-1)!.dayMs + dayMs),
          limit: query.limit - found.length,
          ...(query.after === undefined ? {} : { afterMs, afterBatch, afterSeq }),
        },
      )),
    )
  }
  const last = found.at(-1)
  return {
    sightings: found.map(sightingOf),
    next: last && found.length === query.limit ? `${last.at_ms}~${last.seq}~${last.batch}` : null,
  }
}

/** How many of the days hold so many connections together; one at least. */
function daysFor(days: readonly DayOfLots[], connections: number): number {
  let sum = 0
  const at = days.findIndex(day => {
    sum += day.connections
    return sum >= connections
  })
  return at < 0 ? days.length : at + 1
}

function sightingOf(row: Record<string, unknown>): Sighting {
  return {
    atMs: Number(row.at_ms),
    service: String(row.service),
    attributedBy: String(row.attributed_by),
    confidence: row.confidence as Sighting['confidence'],
    source: String(row.source),
    address: String(row.address),
    sni: String(row.sni),
    shape: String(row.shape),
    offeredMax: Number(row.offered_max),
    negotiated: Number(row.negotiated),
    suite: Number(row.suite),
    outcome: row.outcome as Sighting['outcome'],
    reason: row.reason as Sighting['reason'],
    ...(row.retry ? { retry: true } : {}),
    operation: String(row.operation),
    userAgent: String(row.user_agent),
    count: Number(row.count),
  }
}

/** Anything that is not a cursor starts from the beginning. */
function cursorOf(text: string | undefined): [number?, string?, number?] {
  const parts = /^(\d{1,15})~(\d{1,15})~(.*)$/.exec(text ?? '')
  return parts ? [Number(parts[1]), parts[3], Number(parts[2])] : []
}
