import { dayMs } from '../base/time.ts'
import type { UsageRow } from '../model/usage.ts'
import type { Database } from './database.ts'

export interface RolledUp {
  rows: UsageRow[]
  observations: number
  skipped: { why: string; lines: number; line: number }[]
}

/**
 * Runs a SELECT that counts lines which are not stored: `why`, the day, the keys of the roll-up, connections, first and last instant, addresses,
 * connections by hour of the day, names, whether it is a retry, and the first line of the group.
 */
export async function rollUp(db: Database, sql: string): Promise<RolledUp> {
  const read = reader(await db.binary(sql))
  const rows: UsageRow[] = []
  const skipped: RolledUp['skipped'] = []
  let observations = 0
  while (!read.isAtEnd()) {
    const why = read.text()
    const row = rowOf(read)
    const line = read.uint64()
    if (why === '') {
      rows.push(row)
      observations += row.connections
    } else skipped.push({ why, lines: row.connections, line })
  }
  skipped.sort((a, b) => b.lines - a.lines || (a.why < b.why ? -1 : 1))
  return { rows, observations, skipped }
}

function rowOf(read: Reader): UsageRow {
  // They come by the hundred thousand: one object each.
  const row: UsageRow = {
    dayMs: read.uint16() * dayMs,
    service: read.text(),
    account: read.text(),
    source: read.text(),
    attributedBy: read.text() as UsageRow['attributedBy'],
    confidence: read.text() as UsageRow['confidence'],
    shape: read.text(),
    offeredMax: read.uint16() as UsageRow['offeredMax'],
    negotiated: read.uint16() as UsageRow['negotiated'],
    suite: read.uint32(),
    outcome: read.text() as UsageRow['outcome'],
    reason: read.text() as UsageRow['reason'],
    operation: read.text(),
    userAgent: read.text(),
    connections: read.uint64(),
    firstSeenMs: read.uint64(),
    lastSeenMs: read.uint64(),
    addresses: read.uint64(),
    hours: noHours,
    snis: [],
  }
  row.hours = hoursOfWeek(read, row)
  row.snis = texts(read)
  if (read.uint8() === 1) row.retry = true
  return row
}

function texts(read: Reader): string[] {
  const found: string[] = []
  for (let left = read.length(); left > 0; left--) found.push(read.text())
  return found.sort()
}

const noHours: readonly number[] = new Array<number>(168).fill(0)
/** Most rows of a log with many clients are of one connection: one list each for the hour it came in, instead of a kilobyte for every row. */
const hoursOfOne = noHours.map((_, hour) => noHours.map((_, each) => Number(each === hour)))

/** From the hours of a day. 1970-01-01 was a Thursday. */
function hoursOfWeek(read: Reader, { dayMs: atMs, connections }: UsageRow): readonly number[] {
  const first = ((Math.floor(atMs / dayMs) + 3) % 7) * 24
  let hours: number[] | undefined
  let only = first
  for (let hour = first, left = read.length(); left > 0; left--, hour++) {
    const count = read.uint64()
    if (count === 0) continue
    only = hour
    if (connections > 1) hours ??= noHours.slice()
    if (hours) hours[hour] = count
  }
  return hours ?? hoursOfOne[only]!
}

type Reader = ReturnType<typeof reader>

/** Values of the engine's format RowBinary, one after the other. */
function reader(bytes: Buffer) {
  let at = 0
  const uint32 = () => {
    at += 4
    return bytes.readUInt32LE(at - 4)
  }
  const length = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }
  return {
    isAtEnd: () => at >= bytes.length,
    uint8: () => bytes[at++]!,
    uint16: () => {
      at += 2
      return bytes.readUInt16LE(at - 2)
    },
    uint32,
    uint64: () => uint32() + uint32() * 2 ** 32,
    length,
    text: () => {
      const size = length()
      at += size
      return size === 0 ? '' : bytes.toString('utf8', at - size, at)
    },
  }
}
