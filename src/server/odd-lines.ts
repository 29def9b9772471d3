import { countText, plural, printable } from '../base/text.ts'
import { detectSource } from '../observe/detect.ts'
import { instantSql, noTimeMs, readingSettings } from '../observe/reading.ts'
import type { Source } from '../observe/source.ts'
import { sources } from '../observe/sources/index.ts'
import type { Sql } from '../observe/sql.ts'
import type { Database } from '../store/database.ts'
import { type LineFormat, type LogFile, linesOf } from '../store/files.ts'

/** Lines that were skipped for one reason, with a few of them to look at. */
export interface SkippedLines {
  lines: number
  /** Number of the first such line. */
  line: number
  /** Texts as they stand in the log, cut; may hold anything. */
  examples?: { line: number; text: string }[]
  /** The source that writes such lines, where one does. */
  looksLike?: { id: string; title: string }
}

/** How a file was read: for looking again at some of its lines. */
export interface HowRead {
  file: LogFile
  source: Source
  format: LineFormat
  /** SELECT of `seq`, `why` and these columns of a row over one of `seq` and `line`. */
  select(from: Sql, columns: readonly string[]): Sql
}

/** So many lines from the first of a reason on are looked at, and no further into a file than this: it has to be read up to there again. */
const linesLooked = 2000
const furthestLine = 20_000_000
const examplesShown = 2
const exampleCharacters = 160
/** Reasons of which examples are picked: those with the most lines. */
const reasonsShown = 3

/** Their access logs are written and read alike, so that one is never another log in the midst of the other. */
const alike: readonly string[] = ['nginx', 'apache']

/** Adds examples to reasons, and the kind of log that the lines seem to be from. */
export async function withExamples(
  db: Database,
  read: HowRead,
  skips: Readonly<Record<string, SkippedLines>>,
): Promise<Record<string, SkippedLines>> {
  const told: Record<string, SkippedLines> = { ...skips }
  const reasons = Object.entries(skips)
    .filter(([why, { line }]) => why !== 'empty line' && line <= furthestLine)
    .sort(([, a], [, b]) => b.lines - a.lines)
  for (const [why, skip] of reasons.slice(0, reasonsShown)) {
    const from = `SELECT seq, line FROM (${linesOf(read.file, read.format)} LIMIT ${skip.line + linesLooked}) WHERE seq >= ${skip.line}`
    const found = await db.rows<{ seq: number; line: string }>(
      `SELECT seq, substringUTF8(toValidUTF8(line), 1, 4000) AS line FROM (${from})
       WHERE seq IN (SELECT seq FROM (${read.select(from, [])}) WHERE why = {why:String} LIMIT 200) ORDER BY seq ${readingSettings}`,
      { why },
    )
    const lines = found.map(({ line }) => line.replace(/\r$/, ''))
    const same = alike.includes(read.source.id) ? alike : [read.source.id]
    const others = sources.filter(source => !same.includes(source.id))
    const other = detectSource(others, { lines, headers: [], fileMs: read.file.writtenMs })?.source
    told[why] = {
      ...skip,
      examples: found
        .slice(0, examplesShown)
        .map(({ seq, line }) => ({ line: Number(seq), text: cut(line) })),
      ...(other && { looksLike: { id: other.id, title: other.title } }),
    }
  }
  return told
}

function cut(line: string): string {
  return line.length > exampleCharacters ? `${line.slice(0, exampleCharacters)}…` : line
}

/** What to tell of skipped lines, a line each, safe for a terminal. */
export function skipText(why: string, { lines, line, examples = [], looksLike }: SkippedLines): string[] {
  return [
    `skipped ${plural(lines, 'line')}: ${why} (first: line ${countText(line)})`,
    ...(looksLike
      ? [
          `  they look like another log: ${looksLike.title} (${looksLike.id}); read them from a file of their own`,
        ]
      : []),
    ...examples.map(each => `  line ${countText(each.line)}: ${printable(each.text)}`),
  ]
}

/** How many of the lines have no time that can be right; `select` gives `why` and `at`, with `noTimeMs` as the time of their file. */
export async function refiledLines(db: Database, select: (from: Sql) => Sql, lines: Sql): Promise<number> {
  const [found] = await db.rows<{ rows: number }>(
    `SELECT count() AS rows FROM (${select(lines)}) WHERE why = '' AND at = ${instantSql(noTimeMs)} ${readingSettings}`,
  )
  return Number(found!.rows)
}

export function refiledText(lines: number): string {
  return `${plural(lines, 'line')} with no time that can be right (unreadable, before TLS, or in the future): filed under the time the file was last written`
}
