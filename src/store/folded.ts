import { dayMs, startOfDay } from '../base/time.ts'
import type { Window } from '../model/api.ts'
import type { UsageRow } from '../model/usage.ts'
import { type Client, clientNumber, clientsOf } from './clients.ts'
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
  const startMs = startOfDay(query.fromMs)
  // Days are counted from the first one of their place, 64 to a word.
  const span = Math.max(startMs - firstMs, query.toMs - startMs) / dayMs + 1
  const words = Array.from({ length: Math.ceil(span / 64) }, (_, word) => `days${word}`)
  const bits = words.map(
    (name, word) =>
      `groupBitOr(${words.length === 1 ? '' : `(intDiv(nth, 64) = ${word}) * `}bitShiftLeft(toUInt64(1), nth % 64)) AS ${name}`,
  )
  const named = query.withNames ? ', named' : ''
  const hours = query.withHours ? ', sumMap(hours) AS hours_' : ''
  const { edges, inner, params } = placedRows(query, firstMs)
  // The days between are added up on their own, next to where they are read.
  const part = (from: string) =>
    `SELECT client, place, sum(connections) AS connections_, min(first_seen) AS first_, max(last_seen) AS last_, ${bits.join(', ')}${hours}${named}
     FROM (SELECT *, toUInt32(day - if(place = 0, {fromDay:Date}, {startDay:Date})) AS nth FROM (${from})) GROUP BY client, place${named}`
  // In one thread: while a server renews its report, questions have the other processors.
  const found = await db.binary(
    `SELECT client, toUInt8(place), toUInt64(sum(connections_)), toUnixTimestamp64Milli(min(first_)), toUnixTimestamp64Milli(max(last_)),
       ${words.map(name => `groupBitOr(${name})`).join(', ')}${query.withHours ? ', sumMap(hours_)' : ''}${query.withNames ? ', toUInt8(named)' : ''}
     FROM (${part(edges)} UNION ALL ${part(inner)})
     GROUP BY client, place${named} SETTINGS max_threads = 1`,
    params,
  )
  const records = recordsOf(found, words.length, query)
  const clients = await clientsOf(
    db,
    records.map(record => record.number),
    firstMs,
  )
  return records.map(record =>
    rowOf(record, clients.get(record.number)!, record.place === 0 ? firstMs : startMs),
  )
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
  place: number
  connections: number
  firstMs: number
  lastMs: number
  /** 32 to a word. */
  days: number[]
  hours: number[]
  named: boolean
}

function recordsOf(bytes: Buffer, words: number, { withHours, withNames }: FoldQuery): FoldedRecord[] {
  const records: FoldedRecord[] = []
  let at = 0
  const uint64 = () => {
    at += 8
    return bytes.readUInt32LE(at - 8) + bytes.readUInt32LE(at - 4) * 2 ** 32
  }
  while (at < bytes.length) {
    const number = clientNumber(bytes, at)
    const place = bytes[at + 16]!
    at += 17
    const connections = uint64()
    const firstMs = uint64()
    const lastMs = uint64()
    const days: number[] = []
    for (let word = 0; word < 2 * words; word++, at += 4) days.push(bytes.readUInt32LE(at))
    const hours: number[] = []
    if (withHours) {
      hours.length = 168
      hours.fill(0)
      // At most 168 entries: their number takes one byte, or two of seven bits each.
      let size = bytes[at++]!
      if (size > 127) size = (size & 127) | (bytes[at++]! << 7)
      for (; size > 0; size--) {
        const hour = bytes[at++]!
        hours[hour] = uint64()
      }
    }
    const named = withNames === true && bytes[at++] === 1
    records.push({ number, place, connections, firstMs, lastMs, days, hours, named })
  }
  return records
}

function rowOf(record: FoldedRecord, client: Client, firstMs: number): UsageRow {
  const row: UsageRow = {
    dayMs: startOfDay(record.firstMs),
    service: client.service,
    account: client.account,
    attributedBy: client.attributedBy,
    confidence: client.confidence,
    source: client.source,
    shape: client.shape,
    offeredMax: client.offeredMax,
    negotiated: client.negotiated,
    suite: client.suite,
    outcome: client.outcome,
    reason: client.reason,
    operation: '',
    userAgent: client.userAgent,
    connections: record.connections,
    firstSeenMs: record.firstMs,
    lastSeenMs: record.lastMs,
    addresses: 0,
    hours: record.hours,
    // Which name it was, nobody asks of a folded row.
    snis: record.named ? ['*'] : [],
    days: { firstMs, words: record.days },
  }
  if (client.retry) row.retry = true
  return row
}
