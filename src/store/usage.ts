import { dayMs } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import type { UsageRow } from '../model/usage.ts'
import type { BurnDownPoint } from '../model/verdict.ts'
import type { Version } from '../model/version.ts'
import { clientNumber, clientsOf } from './clients.ts'
import { camelKeys } from './columns.ts'
import type { Database } from './database.ts'

/** What makes a row of the roll-up, beside its numbers. */
const keys =
  'day, service, account, source, attributed_by, confidence, shape, offered_max, negotiated, suite, outcome, reason, retry, operation, user_agent'

/** The numbers of a row, as folded from parts of different lots. */
const numbers = `sum(connections) AS connections_,
  toUnixTimestamp64Milli(min(first_seen)) AS first_seen_ms,
  toUnixTimestamp64Milli(max(last_seen)) AS last_seen_ms,
  uniqCombinedMerge(12)(addresses) AS addresses_,
  sumMap(hours) AS hours_,
  groupUniqArrayMerge(8)(snis) AS snis_`

export interface UsageQuery extends Window {
  account?: string
}

type UsageRecord = Record<string, unknown> & {
  day_ms: number
  connections_: number
  first_seen_ms: number
  last_seen_ms: number
  addresses_: number
  hours_: Record<string, number>
  snis_: string[]
}

/** The roll-up of the days that the window touches, [fromMs, toMs) in UTC; of one account when it is named. */
export async function usageRows(db: Database, query: UsageQuery): Promise<UsageRow[]> {
  if (query.account !== undefined) return accountRows(db, query, query.account)
  const found = await db.rows<UsageRecord>(
    `SELECT ${dayMsOf} AS day_ms, ${keys.slice('day, '.length)}, ${numbers}
     FROM usage
     WHERE ${insideDays}
     GROUP BY ${keys}
     ORDER BY ${keys}`,
    days(query),
  )
  return found.map(usageRowOf)
}

const dayMsOf = "toUnixTimestamp(toDateTime(day, 'UTC')) * 1000"

/** What is behind a client is looked up by its number: to read twelve columns less in every lot halves the cost of a few rows. */
async function accountRows(db: Database, window: Window, account: string): Promise<UsageRow[]> {
  const found = await db.rows<UsageRecord & { number: string }>(
    `SELECT hex(reinterpretAsFixedString(client)) AS number, ${dayMsOf} AS day_ms, operation, ${numbers}
     FROM usage
     WHERE ${insideDays} AND account = {account:String}
     GROUP BY client, day, operation
     ORDER BY day, client, operation`,
    { ...days(window), account },
  )
  const numberOf = ({ number }: { number: string }) => clientNumber(Buffer.from(number, 'hex'), 0)
  const clients = await clientsOf(db, [...new Set(found.map(numberOf))], window.fromMs)
  return found.map(({ number, ...record }) => {
    const { retry, ...client } = clients.get(numberOf({ number }))!
    const row = Object.assign(usageRowOf(record as UsageRecord), client)
    if (retry) row.retry = true
    return row
  })
}

/** A record of `usageRows`. */
function usageRowOf(record: UsageRecord): UsageRow {
  const { day_ms, connections_, first_seen_ms, last_seen_ms, addresses_, hours_, snis_, retry, ...rest } =
    record
  const hours = noHours.slice()
  for (const hour in hours_) hours[Number(hour)] = Number(hours_[hour])
  // Rows come by the ten thousand: one object each.
  const row = camelKeys(rest) as unknown as { -readonly [Key in keyof UsageRow]: UsageRow[Key] }
  row.dayMs = Number(day_ms)
  row.connections = Number(connections_)
  row.firstSeenMs = Number(first_seen_ms)
  row.lastSeenMs = Number(last_seen_ms)
  row.addresses = Number(addresses_)
  row.hours = hours
  row.snis = snis_.length > 1 ? [...snis_].sort() : snis_
  if (retry) row.retry = true
  return row
}

const noHours: readonly number[] = new Array<number>(168).fill(0)

export interface SourceSeen {
  source: string
  /** In the window; the two instants are of all time. */
  connections: number
  firstSeenMs: number
  lastSeenMs: number
  /** In the window, by reason. */
  skipped: Record<string, number>
}

/** What each source delivered and skipped. */
export async function sourcesSeen(db: Database, window: Window): Promise<SourceSeen[]> {
  const [seen, counted, skipped] = await Promise.all([
    db.rows<Record<string, unknown>>(
      `SELECT source, toUnixTimestamp64Milli(min(first_seen)) AS first_seen_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_seen_ms
       FROM clients GROUP BY source ORDER BY source`,
    ),
    db.rows<{ source: string; connections_: number }>(
      `SELECT source, sum(connections) AS connections_ FROM source_days WHERE ${insideDays} GROUP BY source`,
      days(window),
    ),
    skips(db, window),
  ])
  const connections = new Map(counted.map(row => [row.source, Number(row.connections_)]))
  const bySource = new Map<string, SourceSeen>()
  for (const row of seen)
    bySource.set(String(row.source), {
      source: String(row.source),
      connections: connections.get(String(row.source)) ?? 0,
      firstSeenMs: Number(row.first_seen_ms),
      lastSeenMs: Number(row.last_seen_ms),
      skipped: {},
    })
  for (const skip of skipped) {
    const empty: SourceSeen = {
      source: skip.source,
      connections: 0,
      firstSeenMs: 0,
      lastSeenMs: 0,
      skipped: {},
    }
    const source = bySource.get(skip.source) ?? empty
    source.skipped[skip.why] = (source.skipped[skip.why] ?? 0) + skip.lines
    bySource.set(skip.source, source)
  }
  return [...bySource.values()]
}

export interface SkipSeen {
  source: string
  why: string
  lines: number
  /** Number of the first such line in its file. */
  line: number
  /** File or segment of that line. */
  origin: string
}

/** What was read in the window, or of one batch, and gave no observation. */
export async function skips(db: Database, window: Window, batch?: string): Promise<SkipSeen[]> {
  const found = await db.rows<{ source: string; why: string; lines_: number; line_: number; batch_: string }>(
    `SELECT source, why, sum(lines) AS lines_, argMin(line, at) AS line_, argMin(batch, at) AS batch_
     FROM skips
     WHERE at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND at < fromUnixTimestamp64Milli({toMs:Int64})
       ${batch === undefined ? '' : 'AND batch = {batch:String}'}
     GROUP BY source, why ORDER BY lines_ DESC, why`,
    { fromMs: window.fromMs, toMs: window.toMs, ...(batch === undefined ? {} : { batch }) },
  )
  if (found.length === 0) return []
  const origins = await db.rows<{ batch: string; origin_: string }>(
    'SELECT batch, any(origin) AS origin_ FROM batches WHERE batch IN {ids:Array(String)} GROUP BY batch',
    { ids: [...new Set(found.map(skip => skip.batch_))] },
  )
  const originOf = new Map(origins.map(row => [row.batch, row.origin_]))
  return found.map(skip => ({
    source: skip.source,
    why: skip.why,
    lines: Number(skip.lines_),
    line: Number(skip.line_),
    origin: originOf.get(skip.batch_) ?? '',
  }))
}

/**
 * The burn-down by days, counted in the engine: a connection would break when its offer was found to fail the next floor as it came in, or
 * when the highest version it is known to reach lies under `floorVersion`. Days without traffic are left out.
 */
export async function burnDown(
  db: Database,
  query: UsageQuery & { floorVersion: Version },
): Promise<BurnDownPoint[]> {
  const breaking = `NOT retry AND (breaks != '' OR (offered_max > 0 AND offered_max < {floor:UInt16})
    OR (offered_max = 0 AND negotiated > 0 AND negotiated < {floor:UInt16}))`
  const found = await db.rows<Record<string, unknown>>(
    `SELECT ${dayMsOf} AS at_ms, sum(connections) AS all_,
       sumIf(connections, ${breaking}) AS breaking_, sumIf(connections, outcome = 'refused') AS refused_,
       uniqExactIf(account, account != '' AND ${breaking}) AS accounts_
     FROM usage
     WHERE ${insideDays} ${query.account === undefined ? '' : 'AND account = {account:String}'}
     GROUP BY day ORDER BY day`,
    {
      ...days(query),
      floor: query.floorVersion,
      ...(query.account === undefined ? {} : { account: query.account }),
    },
  )
  return found.map(row => ({
    atMs: Number(row.at_ms),
    connections: Number(row.all_),
    wouldBreak: Number(row.breaking_),
    refused: Number(row.refused_),
    accountsThatBreak: Number(row.accounts_),
  }))
}

export const insideDays = 'day >= {fromDay:Date} AND day <= {toDay:Date}'

export function days(window: Window): Record<string, string> {
  const text = (atMs: number) => new Date(Math.min(Math.max(atMs, 0), lastDayMs)).toISOString().slice(0, 10)
  return { fromDay: text(window.fromMs), toDay: text(Math.max(window.fromMs, window.toMs - 1)) }
}

/** The last day that a Date of the engine holds: 2149-06-06. */
const lastDayMs = 65_535 * dayMs
