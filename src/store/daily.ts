import { startOfDay } from '../base/time.ts'
import type { UsageRow } from '../model/usage.ts'
import { camelKeys } from './columns.ts'
import type { Database, Params } from './database.ts'
import { type FoldQuery, placedRows } from './folded.ts'
import { insideDays } from './usage.ts'

/** For `dailyRows`: every shape that breaks, or passes, counts as the first of its kind; the reading of some depends on their account. */
export interface ShapeKinds {
  breaks: readonly string[]
  passes: readonly string[]
  byAccount: readonly string[]
}

/** What a burn-down reads of a client. */
const columns = [
  'service',
  'source',
  ...['offered_max', 'negotiated', 'suite', 'outcome', 'reason', 'retry'],
  `if(shape IN {byAccount:Array(String)}, account, '') AS account_`,
  `multiIf(shape = '' OR shape IN {byAccount:Array(String)}, shape, shape IN {breaks:Array(String)}, {breaking:String}, shape IN {passes:Array(String)}, {passing:String}, '') AS shape_`,
]

/**
 * The rows of each day inside the window without accounts and with as few shapes as a burn-down needs to read them; without clients for which
 * the condition `junk` holds.
 */
export async function dailyRows(
  db: Database,
  query: Omit<FoldQuery, 'historyDays' | 'after'> & { junk?: string },
  { breaks, passes, byAccount }: ShapeKinds,
): Promise<UsageRow[]> {
  const { edges, inner, params } = placedRows(query, startOfDay(query.fromMs))
  const all: Params = {
    ...params,
    breaks: [...breaks],
    passes: [...passes],
    byAccount: [...byAccount],
    breaking: breaks[0] ?? '',
    passing: passes[0] ?? '',
  }
  const named = query.withNames ? ', named' : ''
  const by = [...columns, `${query.junk ?? 'false'} AS junk_`]
  // A client that the list does not have yet is in the roll-up, which is read in its place then.
  for (const list of ['clients', `(SELECT *, client FROM usage WHERE ${insideDays})`]) {
    const kinds = `SELECT client, ${by.join(', ')}, cityHash64(${by.map(nameOf).join(', ')}) AS kind FROM ${list}`
    const [legend, found] = await Promise.all([
      db.rows<Kind>(
        `SELECT * EXCEPT (client, kind), toString(kind) AS kind FROM (${kinds}) LIMIT 1 BY kind`,
        all,
      ),
      db.rows<DailyRecord>(
        `SELECT toUnixTimestamp(toDateTime(day, 'UTC')) * 1000 AS day_ms, toString(kind) AS kind${named}, sum(connections) AS connections_,
           toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms
         FROM (SELECT day, client, connections, first_seen, last_seen${named} FROM (${edges} UNION ALL ${inner}) WHERE place = 1) AS r
         GLOBAL ANY LEFT JOIN (SELECT client, kind FROM (${kinds}) LIMIT 1 BY client) AS k ON k.client = r.client
         GROUP BY day, kind${named}`,
        all,
      ),
    ])
    const byKind = new Map(legend.map(({ kind, ...entry }) => [kind, entry]))
    if (found.every(({ kind }) => byKind.has(kind)))
      return found.flatMap(record => {
        const kind = byKind.get(record.kind)!
        return kind.junk_ ? [] : [rowOf(record, kind)]
      })
  }
  throw new Error('a row of the roll-up has no client')
}

function nameOf(column: string): string {
  return column.split(' AS ').at(-1)!
}

type Kind = Record<string, unknown> & { kind: string }

interface DailyRecord {
  day_ms: number
  kind: string
  connections_: number
  first_ms: number
  last_ms: number
  named?: number | boolean
}

function rowOf(record: DailyRecord, kind: Record<string, unknown>): UsageRow {
  const { account_, shape_, junk_: _, retry, ...rest } = kind
  return {
    ...(camelKeys(rest) as unknown as UsageRow),
    account: String(account_),
    shape: String(shape_),
    attributedBy: '' as UsageRow['attributedBy'],
    confidence: 'none',
    dayMs: Number(record.day_ms),
    operation: '',
    userAgent: '',
    connections: Number(record.connections_),
    firstSeenMs: Number(record.first_ms),
    lastSeenMs: Number(record.last_ms),
    addresses: 0,
    hours: [],
    snis: record.named ? ['*'] : [],
    ...(retry ? { retry: true } : {}),
  }
}
