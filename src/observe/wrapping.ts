import { at, jsonLines } from './json-layout.ts'
import type { Sample } from './source.ts'
import { literal, type Sql } from './sql.ts'

/** What carries the lines of a log within lines of its own: a container engine, a shipper, syslog. */
export interface Wrapping {
  /** The line within, as the sample has it; null where there is none. */
  open(line: string): string | null
  /** The same over `line`; a line that carries none stays as it is. */
  sql: Sql
}

/** Keys that hold a line of a log as text: Docker, the journal, Vector, Fluent Bit, Filebeat, Google Cloud, Splunk, Elasticsearch. */
const textKeys: readonly (readonly string[])[] = [
  ['log'],
  ['message'],
  ['MESSAGE'],
  ['msg'],
  ['textPayload'],
  ['line'],
  ['body'],
  ['raw'],
  ['_raw'],
  ['event', 'original'],
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
/** A record after the header of syslog or the name of a container: `… nginx: {"…`. */
const beforeRecord = /^[^{"]{1,300}\{\s*"/

export const wrappings: readonly Wrapping[] = [
  {
    open: line => (cri.test(line) ? line.replace(cri, '') : null),
    sql: `replaceRegexpOne(line, ${literal(cri.source)}, '')`,
  },
  {
    open: line => (beforeRecord.test(line) ? line.slice(line.indexOf('{')) : null),
    sql: "if(position(line, '{') > 0, substring(line, position(line, '{')), line)",
  },
  ...textKeys.map(inText),
  ...recordKeys.map(inRecord),
]

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
