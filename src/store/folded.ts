import { dayMs, startOfDay } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import type { UsageRow } from '../model/usage.ts'
import { type Client, clientsOf } from './clients.ts'
import type { Database, Params } from './database.ts'
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

/**
 * The roll-up with its days, operations and addresses added up in the engine: as many rows as accounts have clients, whatever the number of
 * days. Rows inside the window are apart from those before and after it, so a verdict over them is the one over the rows of each day.
 */
export async function foldedRows(db: Database, query: FoldQuery): Promise<UsageRow[]> {
  const firstMs = startOfDay(query.fromMs - (query.historyDays ?? 0) * dayMs)
  const span = Math.ceil((query.toMs - firstMs) / dayMs)
  // 64 days to a number inside the engine, 32 outside, where numbers are exact to 53 bits only.
  const words = Array.from({ length: Math.max(1, Math.ceil(span / 64)) }, (_, word) => `days${word}`)
  const bits = words.map(
    (name, word) =>
      `groupBitOr(if(intDiv(nth, 64) = ${word}, bitShiftLeft(toUInt64(1), nth % 64), toUInt64(0))) AS ${name}`,
  )
  const halves = words.flatMap(name => [
    `toUInt32(bitAnd(groupBitOr(${name}), 4294967295))`,
    `toUInt32(bitShiftRight(groupBitOr(${name}), 32))`,
  ])
  const named = query.withNames ? ', named' : ''
  const hours = query.withHours ? ', sumMap(hours) AS hours_' : ''
  const { edges, inner, params } = placedRows(query, firstMs)
  // The days between are added up on their own, next to where they are read.
  const part = (from: string) =>
    `SELECT client, place, sum(connections) AS connections_, min(first_seen) AS first_, max(last_seen) AS last_, ${bits.join(', ')}${hours}${named}
     FROM (SELECT *, toUInt32(day - {fromDay:Date}) AS nth FROM (${from})) GROUP BY client, place${named}`
  const found = await db.rows<FoldedRecord>(
    `SELECT toString(client) AS number, place${named}, sum(connections_) AS connections, toUnixTimestamp64Milli(min(first_)) AS first_ms,
       toUnixTimestamp64Milli(max(last_)) AS last_ms, [${halves.join(', ')}] AS days${query.withHours ? ', sumMap(hours_) AS hours' : ''}
     FROM (${part(edges)} UNION ALL ${part(inner)})
     GROUP BY client, place${named}`,
    params,
  )
  const clients = await clientsOf(
    db,
    found.map(record => record.number),
    firstMs,
  )
  return found.map(record => rowOf(record, clients.get(record.number)!, firstMs))
}

/**
 * Rows of the roll-up with their place before (0), in (1) or after (2) the window. A row of its first or last day may lie outside although
 * its day touches it; which one does shows only after its parts, from different lots, are together. The parts of the days between need not
 * be.
 */
export function placedRows(
  query: FoldQuery,
  firstMs: number,
): { edges: string; inner: string; params: Params } {
  const of = query.after
    ? ` AND account IN {accounts:Array(String)} AND day > transform(account, {accounts:Array(String)}, {afterDays:Array(Date)}, toDate(0))`
    : ''
  const hours = query.withHours ? ', hours' : ''
  const sumOfHours = query.withHours ? ', sumMap(hours) AS hours' : ''
  const names = query.withNames ? ', notEmpty(groupUniqArrayMerge(8)(snis)) AS named' : ''
  const columns = `client, day, connections, first_seen, last_seen${hours}`
  const whole = (condition: string) =>
    `SELECT client, day, operation, sum(connections) AS connections, min(first_seen) AS first_seen, max(last_seen) AS last_seen${sumOfHours}${names}
     FROM usage WHERE ${insideDays} AND ${condition}${of} GROUP BY client, day, operation`
  const isEdge = 'day IN ({startDay:Date}, {toDay:Date})'
  const place =
    'multiIf(last_seen < fromUnixTimestamp64Milli({fromMs:Int64}), 0, first_seen >= fromUnixTimestamp64Milli({toMs:Int64}), 2, 1) AS place'
  const named = query.withNames ? ', named' : ''
  const placed = (from: string) => `SELECT ${columns}${named}, ${place} FROM (${from})`
  return {
    edges: placed(whole(isEdge)),
    inner: query.withNames
      ? placed(whole(`NOT ${isEdge}`))
      : `SELECT ${columns}, day > {startDay:Date} AS place FROM usage WHERE ${insideDays} AND NOT ${isEdge}${of}`,
    params: {
      ...days({ fromMs: firstMs, toMs: query.toMs }),
      startDay: new Date(Math.max(0, query.fromMs)).toISOString().slice(0, 10),
      fromMs: query.fromMs,
      toMs: query.toMs,
      ...(query.after && {
        accounts: [...query.after.keys()],
        afterDays: [...query.after.values()].map(atMs => new Date(atMs).toISOString().slice(0, 10)),
      }),
    },
  }
}

interface FoldedRecord {
  number: string
  connections: number
  first_ms: number
  last_ms: number
  days: number[]
  hours?: Record<string, number>
  named?: number | boolean
}

function rowOf(record: FoldedRecord, client: Client, firstMs: number): UsageRow {
  const firstSeenMs = Number(record.first_ms)
  const hours = record.hours ? new Array<number>(168).fill(0) : []
  for (const [hour, count] of Object.entries(record.hours ?? {})) hours[Number(hour)] = Number(count)
  return {
    ...client,
    dayMs: startOfDay(firstSeenMs),
    operation: '',
    connections: Number(record.connections),
    firstSeenMs,
    lastSeenMs: Number(record.last_ms),
    addresses: 0,
    hours,
    // Which name it was, nobody asks of a folded row.
    snis: record.named ? ['*'] : [],
    days: { firstMs, words: record.days.map(Number) },
  }
}
