import { dayMs, startOfDay } from '../base/time.ts'
import type { Sighting, SightingPage, Window } from '../model/api.ts'
import type { Database } from './database.ts'
import { lotsOf } from './lots.ts'

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
  let fromMs = Math.max(query.fromMs, afterMs)
  // A page is often full after a few days; how many it takes is not known before.
  for (let span = 1; fromMs < query.toMs && found.length < query.limit; span *= 2) {
    const toMs = Math.min(query.toMs, startOfDay(fromMs) + span * dayMs)
    const lots = await lotsOf(db, { fromMs, toMs, account: query.account })
    if (lots.length > 0)
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
            lots,
            fromMs,
            toMs,
            limit: query.limit - found.length,
            ...(query.after === undefined ? {} : { afterMs, afterBatch, afterSeq }),
          },
        )),
      )
    fromMs = toMs
  }
  const last = found.at(-1)
  return {
    sightings: found.map(sightingOf),
    next: last && found.length === query.limit ? `${last.at_ms}~${last.seq}~${last.batch}` : null,
  }
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
