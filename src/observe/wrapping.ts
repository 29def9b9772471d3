import { at, jsonLines } from './json-layout.ts'
import type { Sample } from './source.ts'
import { literal, literals, type Sql } from './sql.ts'

/** What carries the lines of a log within lines of its own: a container engine, a shipper, syslog. */
export interface Wrapping {
  /** The line within, as the sample has it; null where there is none. */
  open(line: string): string | null
  /** The same over `line`; a line that carries none stays as it is. */
  sql: Sql
  /** Over `line`, once opened: that it is none of the log, but the heading of what carries it. */
  heading?: Sql
}

/**
 * Keys that hold a line of a log as text: Docker, the journal, Vector, Fluent Bit, Filebeat, Google Cloud, CloudWatch, Log Analytics, Splunk,
 * Elasticsearch, Graylog, VictoriaLogs.
 */
const textKeys: readonly (readonly string[])[] = [
  ['log'],
  ['message'],
  ['@message'],
  ['MESSAGE'],
  ['Message'],
  ['full_message'],
  ['short_message'],
  ['msg'],
  ['_msg'],
  ['textPayload'],
  ['line'],
  ['body'],
  ['raw'],
  ['_raw'],
  ['RawData'],
  ['LogMessage'],
  ['CloudTrailEvent'],
  ['properties', 'log'],
  ['event', 'original'],
  ['event'],
  ['result', '_raw'],
  ['_source', 'message'],
  ['jsonPayload', 'message'],
  ['jsonPayload', 'MESSAGE'],
]

/** Keys that hold a record: searches that were exported. */
const recordKeys: readonly string[] = ['_source', 'result', 'json', 'event', 'jsonPayload']

const inText = (keys: readonly string[]): Wrapping => ({
  open: line => {
    if (!line.includes(`"${keys.at(-1)}"`)) return null
    const found = jsonLines([line]).map(record => at(record, ...keys))[0]
    return typeof found === 'string' && found.trim() !== '' ? found.trim() : null
  },
  sql: orLine(`trim(JSONExtractString(line, ${keys.map(literal).join(', ')}))`),
})

const inRecord = (key: string): Wrapping => ({
  open: line => {
    if (!line.includes(`"${key}"`)) return null
    const found = jsonLines([line])[0]?.[key]
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? JSON.stringify(found) : null
  },
  sql: orLine(`if(JSONType(line, ${literal(key)}) = 'Object', JSONExtractRaw(line, ${literal(key)}), '')`),
})

/** `2026-11-22T17:28:05.123456789Z stdout F …` of container runtimes (the CRI log format of Kubernetes). */
const cri = /^\S+T\S+ (?:stdout|stderr) [FP] /
/** What stands before the text of a line: the header of syslog (RFC 3164, RFC 5424), the name of a container. */
const headers: readonly RegExp[] = [
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) [\w.:-]+ [\w./-]+(?:\[\d+\])?: /,
  /^<\d{1,3}>1 \S+ \S+ \S+ \S+ \S+ (?:-|(?:\[[^\]]*\])+) /,
  /^[\w.-]+ +\| /,
  /^\[pod\/\S+\] /,
]
/** A record after the header of syslog or the name of a container: `… nginx: {"…`. */
const beforeRecord = /^[^{"]{1,300}\{\s*"/

const afterHeader = (header: RegExp): Wrapping => ({
  open: line => (header.test(line) ? line.replace(header, '') : null),
  sql: `replaceRegexpOne(line, ${literal(header.source)}, '')`,
})

const anywhere: readonly Wrapping[] = [
  afterHeader(cri),
  {
    open: line => (beforeRecord.test(line) ? line.slice(line.indexOf('{')) : null),
    sql: "if(position(line, '{') > 0, substring(line, position(line, '{')), line)",
  },
  ...headers.map(afterHeader),
  ...textKeys.map(inText),
  ...recordKeys.map(inRecord),
]

/** All that may carry these lines. */
export function wrappingsOf(sample: Sample): readonly Wrapping[] {
  return [...anywhere, ...['\t', ',', ';'].flatMap(separator => inTable(sample, separator) ?? [])]
}

/** Fewer columns are no export of a log. */
const fewestColumns = 3
/** `TimeGenerated [UTC]`, `cs(User-Agent)`, `id.orig_h`; no word of a log line in quotation marks. */
const columnName = /^[A-Za-z_@][\w@.:() [\]/-]{0,80}$/

/** A table as it is exported: names of the columns first, then a row to a line. The row becomes a record. */
function inTable(sample: Sample, separator: string): Wrapping | null {
  const heading = sample.lines.find(line => line.trim() !== '') ?? ''
  const names = cellsOf(heading, separator)
  if (names.length < fewestColumns || new Set(names).size < names.length) return null
  if (!names.every(name => columnName.test(name))) return null
  const cell = cellPattern(separator)
  const cells = `arrayMap(cell -> if(startsWith(cell, '"'), replaceAll(substring(cell, 2, length(cell) - 2), '""', '"'), cell),
    extractAll(concat(${literal(separator)}, line), ${literal(cell)}))`
  const record = `toJSONString(CAST((${literals(names)}, arrayResize(${cells}, ${names.length})), 'Map(String, String)'))`
  const isHeading = `line = ${literal(heading)}`
  return {
    open: line => {
      const values = cellsOf(line, separator)
      if (line === heading || values.length !== names.length) return null
      return JSON.stringify(Object.fromEntries(names.map((name, index) => [name, values[index]])))
    },
    sql: `if(${isHeading} OR length(${cells}) != ${names.length}, line, ${record})`,
    heading: isHeading,
  }
}

/** After a separator, which is put before the first cell as well: a text in quotation marks, or what stands up to the next separator. */
function cellPattern(separator: string): string {
  return `${separator}("(?:[^"]|"")*"|[^${separator}]*)`
}

function cellsOf(line: string, separator: string): string[] {
  return [...`${separator}${line}`.matchAll(new RegExp(cellPattern(separator), 'g'))].map(([, cell = '']) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  )
}

/** So many of the lines must carry one. */
const usualShare = 0.5

/** The sample as it is within a wrapping; null where its lines are not wrapped so. */
export function unwrapped(sample: Sample, wrapping: Wrapping): Sample | null {
  const lines = sample.lines.flatMap(line => {
    const found = wrapping.open(line)
    return found === null ? [] : [found]
  })
  const given = sample.lines.filter(line => line.trim() !== '').length
  return lines.length > 0 && lines.length >= given * usualShare ? { ...sample, lines, headers: [] } : null
}

function orLine(text: Sql): Sql {
  return `if(${text} = '', line, ${text})`
}
