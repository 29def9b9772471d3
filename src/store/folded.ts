import { dayMs, startOfDay } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import type { UsageRow } from '../model/usage.ts'
import type { Database } from './database.ts'
import { days, insideDays } from './usage.ts'

export interface FoldQuery extends Window {
  /** So many days before the window are folded too, into rows of their own: in them an account shows its rhythm. */
  historyDays?: number
  /** Adds up the hours of the week; without it `hours` is empty. */
  withHours?: boolean
  /** Tells rows that name a host from rows that name none; without it `snis` is empty. Costs as much as everything else. */
  withNames?: boolean
  /** Of these accounts only, and only what came after the day that starts at the instant. */
  after?: ReadonlyMap<string, number>
}

/** What tells folded rows apart: all that a verdict or the name of a client stack rests on. */
const columns = [
  'service',
  'account',
  'source',
  'attributed_by',
  'confidence',
  'shape',
  'offered_max',
  'negotiated',
  'suite',
  'outcome',
  'reason',
  'retry',
  'user_agent',
]

/**
 * The roll-up with its days, operations and addresses added up in the engine: as many rows as accounts have clients, whatever the number of
 * days. Rows inside the window are apart from those before and after it, so a verdict over them is the one over the rows of each day.
 */
export async function foldedRows(db: Database, query: FoldQuery): Promise<UsageRow[]> {
  return fold(db, query, columns)
}

/** For `dailyRows`: every shape that breaks, or passes, counts as the first of its kind; the reading of some depends on their account. */
export interface ShapeKinds {
  breaks: readonly string[]
  passes: readonly string[]
  byAccount: readonly string[]
}

/** The rows of each day without accounts and with as few shapes as a burn-down needs to read them. */
export async function dailyRows(db: Database, query: FoldQuery, kinds: ShapeKinds): Promise<UsageRow[]> {
  const { breaks, passes, byAccount } = kinds
  return fold(
    db,
    query,
    [
      'day',
      'service',
      'source',
      ...['offered_max', 'negotiated', 'suite', 'outcome', 'reason', 'retry'],
      `if(has({byAccount:Array(String)}, shape), account, '') AS account_`,
      `multiIf(shape = '' OR has({byAccount:Array(String)}, shape), shape, shape IN {breaks:Array(String)}, {breaking:String}, shape IN {passes:Array(String)}, {passing:String}, '') AS shape_`,
    ],
    {
      breaks: [...breaks],
      passes: [...passes],
      byAccount: [...byAccount],
      breaking: breaks[0] ?? '',
      passing: passes[0] ?? '',
    },
  )
}

async function fold(
  db: Database,
  query: FoldQuery,
  by: readonly string[],
  params: Record<string, unknown> = {},
): Promise<UsageRow[]> {
  const firstMs = startOfDay(query.fromMs - (query.historyDays ?? 0) * dayMs)
  const span = Math.ceil((query.toMs - firstMs) / dayMs)
  // 64 days to a number inside the engine, 32 outside, where numbers are exact to 53 bits only.
  const words = Array.from({ length: Math.max(1, Math.ceil(span / 64)) }, (_, word) => {
    const bits = `groupBitOr(if(intDiv(nth, 64) = ${word}, bitShiftLeft(toUInt64(1), nth % 64), toUInt64(0)))`
    return `toUInt32(bitAnd(${bits}, 4294967295)), toUInt32(bitShiftRight(${bits}, 32))`
  })
  const known = `${columns.join(', ')}, day`
  const hours = query.withHours ? ', hours' : ''
  const names = query.withNames ? ', notEmpty(groupUniqArrayMerge(8)(snis)) AS named' : ''
  const range = `${insideDays}${query.after ? ' AND has({accounts:Array(String)}, account) AND day > transform(account, {accounts:Array(String)}, {afterDays:Array(Date)}, toDate(0))' : ''}`
  // A row of the first or last day may lie outside the window although its day touches it; which one does shows only after its parts, from
  // different lots, are together. The parts of the days between can be added in any order.
  const whole = `SELECT ${known}, operation, sum(connections) AS connections, min(first_seen) AS first_seen, max(last_seen) AS last_seen${query.withHours ? ', sumMap(hours) AS hours' : ''}${names}
    FROM usage WHERE ${range} ${query.withNames ? '' : 'AND day IN ({startDay:Date}, {toDay:Date})'} GROUP BY ${known}, operation`
  const parts = `SELECT ${known}, operation, connections, first_seen, last_seen${hours} FROM usage WHERE ${range} AND day NOT IN ({startDay:Date}, {toDay:Date})`
  const keys = [
    ...by.map(key => key.split(' AS ').at(-1)!),
    'place',
    ...(query.withNames ? ['named'] : []),
  ].join(', ')
  const found = await db.rows<FoldedRecord>(
    `SELECT ${by.join(', ')}${query.withNames ? ', named' : ''},
       multiIf(last_seen < fromUnixTimestamp64Milli({fromMs:Int64}), 0, first_seen >= fromUnixTimestamp64Milli({toMs:Int64}), 2, 1) AS place,
       sum(connections) AS connections_, toUnixTimestamp64Milli(min(first_seen)) AS first_seen_ms,
       toUnixTimestamp64Milli(max(last_seen)) AS last_seen_ms, [${words.join(', ')}] AS days_${query.withHours ? ', sumMap(hours) AS hours_' : ''}
     FROM (SELECT *, toUInt32(day - {fromDay:Date}) AS nth FROM (${query.withNames ? whole : `${whole} UNION ALL ${parts}`}))
     GROUP BY ${keys}`,
    {
      ...days({ fromMs: firstMs, toMs: query.toMs }),
      startDay: new Date(Math.max(0, query.fromMs)).toISOString().slice(0, 10),
      fromMs: query.fromMs,
      toMs: query.toMs,
      ...(query.after && {
        accounts: [...query.after.keys()],
        afterDays: [...query.after.values()].map(atMs => new Date(atMs).toISOString().slice(0, 10)),
      }),
      ...params,
    },
  )
  return found.map(record => rowOf(record, firstMs))
}

type FoldedRecord = Record<string, unknown> & {
  connections_: number
  first_seen_ms: number
  last_seen_ms: number
  days_: number[]
  hours_?: Record<string, number>
  named?: number | boolean
}

function rowOf(record: FoldedRecord, firstMs: number): UsageRow {
  const firstSeenMs = Number(record.first_seen_ms)
  const hours = record.hours_ ? new Array<number>(168).fill(0) : []
  for (const [hour, count] of Object.entries(record.hours_ ?? {})) hours[Number(hour)] = Number(count)
  return {
    dayMs: startOfDay(firstSeenMs),
    service: String(record.service),
    account: String(record.account ?? record.account_),
    attributedBy: (record.attributed_by ?? '') as UsageRow['attributedBy'],
    confidence: (record.confidence ?? 'none') as UsageRow['confidence'],
    source: String(record.source),
    shape: String(record.shape ?? record.shape_),
    offeredMax: Number(record.offered_max),
    negotiated: Number(record.negotiated),
    suite: Number(record.suite),
    outcome: record.outcome as UsageRow['outcome'],
    reason: record.reason as UsageRow['reason'],
    operation: '',
    userAgent: String(record.user_agent ?? ''),
    connections: Number(record.connections_),
    firstSeenMs,
    lastSeenMs: Number(record.last_seen_ms),
    addresses: 0,
    hours,
    // Which name it was, nobody asks of a folded row.
    snis: record.named ? ['*'] : [],
    ...(record.retry ? { retry: true } : {}),
    days: { firstMs, words: record.days_.map(Number) },
  }
}
