import type { Reading } from './source.ts'
import { literal, type Sql } from './sql.ts'

/** Columns that a reading may give, with what stands there otherwise. Names are those of the `observations` table. */
const defaults: Readonly<Record<string, Sql>> = {
  at: "toDateTime64(0, 3, 'UTC')",
  service: "toLowCardinality('')",
  account: "''",
  attributed_by: "''",
  confidence: "'none'",
  source: "''",
  address: "''",
  sni: "''",
  shape: "''",
  offered_max: 'toUInt16(0)',
  negotiated: 'toUInt16(0)',
  suite: 'toUInt32(0)',
  group: 'toUInt16(0)',
  outcome: "toLowCardinality('accepted')",
  reason: "''",
  breaks: "toLowCardinality('')",
  retry: 'false',
  operation: "''",
  user_agent: "''",
  count: 'toUInt32(1)',
}

/** Columns of `selectSql` after `seq` and `why`, in its order. */
export const rowColumns: readonly string[] = Object.keys(defaults)

/** SSL 2.0 came in 1995: an earlier time is that of a clock which was not set. */
const beforeTlsMs = Date.UTC(1995, 0)

/** What is kept of a user agent: those of real clients are shorter, and anybody may send some that are not. */
const userAgentBytes = 1024

/** Where lines come from, and what is known of their file. */
export interface LineFacts {
  sourceId: string
  /** When the file was last written: a line whose own time cannot be right is filed there. */
  fileMs: number
  /** No line can be later; absent: any may. */
  latestMs?: number
  /** A SELECT of `seq` and `line`. */
  from: Sql
  /** Columns that `from` gives beside, handed on as they are. */
  carry?: readonly string[]
}

/**
 * The SELECT that turns lines into rows: one per record, with `seq` (number of its line), `why` (empty for an observation) and the columns
 * of an observation, or those of them that are asked for: the others would be planned all the same.
 */
export function selectSql(reading: Reading, facts: LineFacts, asked: readonly string[] = rowColumns): Sql {
  const carry = (facts.carry ?? []).map(name => `, ${name}`).join('')
  const cleaned = (reading.unwrap ?? []).reduce(
    (from, unwrap) => `SELECT seq, ${unwrap} AS line${carry} FROM (${from})`,
    `SELECT seq, ${cleanLine} AS line${carry} FROM (${facts.from})`,
  )
  const records = reading.records
    ? `SELECT seq, arrayJoin(if(empty(found), [''], found)) AS line${carry} FROM (SELECT seq, ${reading.records} AS found${carry} FROM (${cleaned}))`
    : cleaned
  const cut = `SELECT seq, line, ${reading.cut ?? "''"} AS cut${carry} FROM (${records})`
  const values = Object.entries(reading.values).map(([name, sql]) => `${sql} AS ${name}`)
  const named = `SELECT seq, line, ${values.join(', ')}${carry} FROM (${cut})`
  // What is used in several places is worked out once: the engine would write it out in each, and take longer to plan than to read.
  const steps = Object.entries({ ...reading.steps, instant: reading.row.at ?? defaults.at! })
  const stepped = `SELECT *, ${steps.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM (${named})`
  const why = `multiIf(line = '', 'empty line', ${reading.reject})`
  const columns = asked.map(name => `, ${columnSql(name, reading, facts)} AS \`${name}\``).join('')
  // Values and columns share names: what a column is made of are values.
  return `SELECT seq, toLowCardinality(${why}) AS why${columns}${carry} FROM (${stepped}) SETTINGS prefer_column_name_to_alias = 1`
}

function columnSql(name: string, reading: Reading, facts: LineFacts): Sql {
  if (name === 'source') return sourceSql(facts.sourceId)
  if (name === 'user_agent' && reading.row[name])
    return `substring(${reading.row[name]}, 1, ${userAgentBytes})`
  if (name !== 'at') return reading.row[name] ?? defaults[name]!
  return plausibleInstantSql('instant', facts)
}

/** The instant of a line; where it cannot be right, that of its file. */
export function plausibleInstantSql(
  instant: Sql,
  { fileMs, latestMs }: Pick<LineFacts, 'fileMs' | 'latestMs'>,
): Sql {
  const tooLate = latestMs === undefined ? '' : ` OR ${instant} > ${instantSql(latestMs)}`
  return `if(${instant} < ${instantSql(beforeTlsMs)}${tooLate}, ${instantSql(fileMs)}, ${instant})`
}

/** The columns of a row that are the same for all lines, since the reading says nothing of them. */
export function fixedColumns(
  reading: Reading,
  { sourceId }: Pick<LineFacts, 'sourceId'>,
): Readonly<Record<string, Sql>> {
  const said = Object.keys(reading.row)
  const fixed = Object.entries(defaults).filter(([name]) => !said.includes(name))
  return { ...Object.fromEntries(fixed), source: sourceSql(sourceId) }
}

function sourceSql(sourceId: string): Sql {
  return `toLowCardinality(${literal(sourceId)})`
}

/** When nothing was logged: lines of a reading with this as its `fileMs` are those whose own time cannot be right, and no others. */
export const noTimeMs = 0

export function instantSql(ms: number): Sql {
  return `fromUnixTimestamp64Milli(toInt64(${Math.floor(ms)}), 'UTC')`
}

/**
 * Without the carriage return of Windows, the mark at the start of a file (BOM), and the zeros of a log that was cut while it was open. The bytes of
 * the mark start no line of a log by themselves.
 */
const cleanLine: Sql = `trim(LEADING '\\xEF\\xBB\\xBF\\0' FROM trim(TRAILING '\\r' FROM line))`

/**
 * For the end of every statement over a reading. What it says is cheap and wanted for nearly every line, and picking the lines of each branch
 * costs more than twice what computing it for all does. Chunks of 1 MB, not 10, stay in the caches from one step to the next: a fifth to two
 * fifths less time. Looking for keys that are functions of other keys finds none, and takes a fifth of the planning.
 */
export const readingSettings: Sql =
  "SETTINGS short_circuit_function_evaluation = 'disable', min_chunk_bytes_for_parallel_parsing = 1000000, optimize_group_by_function_keys = 0"

/** Columns that tell rows of the roll-up apart. */
const keys = [
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
  'operation',
  'user_agent',
]

/** Those of the keys that a reading gives, and those which have one value only in all of its rows and need no grouping. */
function rollUpKeys(reading: Reading): { used: string[]; fixed: string[] } {
  const used = keys.filter(key => reading.row[key] !== undefined)
  return { used, fixed: keys.filter(key => !used.includes(key)) }
}

/** The same rows, counted, in one pass over the lines. */
function countedSql(select: Sql, reading: Reading): Sql {
  return addedUpSql(select, reading, {
    connections: 'sum(toUInt64(count))',
    first: 'at',
    last: 'at',
    addresses: "uniqCombinedIf(12)(address, address != '')",
    hours: 'sumResample(0, 24, 1)(toUInt64(count), toHour(at))',
  })
}

/** How what is told of the rows of a group comes about: what is added up of them all, and the instants of each. */
interface Sums {
  connections: Sql
  first: Sql
  last: Sql
  addresses: Sql
  hours: Sql
}

/**
 * Rows in groups of the roll-up, in one step: the engine plans each step above a reading for about as long as it plans the reading. Columns that
 * the reading leaves out have one value only and need no grouping.
 */
export function addedUpSql(rows: Sql, reading: Reading, sums: Sums): Sql {
  const { used, fixed } = rollUpKeys(reading)
  return `SELECT why, day_k AS day, ${used.map(key => `${key}_k AS ${key}`).join(', ')}, ${fixed.map(key => `any(\`${key}\`) AS ${key}`).join(', ')},
    ${sums.connections} AS connections_, min(${sums.first}) AS first_seen, max(${sums.last}) AS last_seen, ${sums.addresses} AS addresses_,
    ${sums.hours} AS hours_, groupUniqArrayIf(8)(sni, sni != '') AS snis_, min(seq) AS line_
    FROM (${rows})
    GROUP BY why, ${used.map(key => `if(why = '', \`${key}\`, defaultValueOfArgumentType(\`${key}\`)) AS ${key}_k`).join(', ')},
      if(why = '', toDate(at), toDate(0)) AS day_k`
}

const handedOverAs: Readonly<Record<string, string>> = {
  offered_max: 'UInt16',
  negotiated: 'UInt16',
  suite: 'UInt32',
}

/** Counted rows as they are handed over (store/roll-up.ts): in its order, and in types that do not depend on the reading. */
export function rolledUpSql(counted: Sql): Sql {
  const columns = keys
    .filter(key => key !== 'retry')
    .map(key => `CAST(${key}, '${handedOverAs[key] ?? 'String'}')`)
  return `SELECT toString(why), toUInt16(day), ${columns.join(', ')}, toUInt64(connections_),
    toUnixTimestamp64Milli(first_seen), toUnixTimestamp64Milli(last_seen), toUInt64(addresses_), CAST(hours_, 'Array(UInt64)'), snis_,
    toUInt8(retry), toUInt64(assumeNotNull(line_))
    FROM (${counted}) ${readingSettings}`
}

/** The rows that a reading makes of lines, each of which is read, counted: the columns of the roll-up (store/usage.ts), `why` and `line_`. */
export function eachLineSql(reading: Reading, facts: LineFacts): Sql {
  return rolledUpSql(countedSql(selectSql(reading, facts), reading))
}
