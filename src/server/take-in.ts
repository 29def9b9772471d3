import { statfsSync } from 'node:fs'
import { Fault } from '../base/fault.ts'
import { dayMs } from '../base/time.ts'
import { type AccountsFrom, attributedBy } from '../observe/attribute.ts'
import { detectSource, type Found, namedSource } from '../observe/detect.ts'
import { countFile } from '../observe/fold/count-file.ts'
import { listedLinesSql, listedPlaces, listedSettings } from '../observe/listed.ts'
import { isLogFormat, readLogFormat } from '../observe/log-format.ts'
import { shapeOfText, withHelloText, withShapes } from '../observe/logged-hello.ts'
import { type LineFacts, noTimeMs, readingSettings, selectSql } from '../observe/reading.ts'
import type { Reading } from '../observe/source.ts'
import { sources } from '../observe/sources/index.ts'
import type { Sql } from '../observe/sql.ts'
import type { Database } from '../store/database.ts'
import { type LogFile, linesOf, sampleFile } from '../store/files.ts'
import { addHellos } from '../store/hellos.ts'
import { type BulkRows, type IntakeOptions, type LogTaken, takeInLog } from '../store/log-intake.ts'
import { withReadable } from '../store/salvage.ts'
import type { Store } from '../store/store.ts'
import { skips } from '../store/usage.ts'
import { refiledLines, refiledText, type SkippedLines, withExamples } from './odd-lines.ts'

/** A log that was taken into the store. */
export interface FileTaken extends LogTaken {
  name: string
  source: string
  /** Lines that gave nothing, by reason. */
  skips: Record<string, SkippedLines>
  /** What was odd about it, to follow its name. */
  notes: readonly string[]
}

/**
 * Takes a log into the store: recognised by content or named, each line an observation or a skip, the same content once.
 * Throws Faults: input (no source knows it), and what the store throws.
 */
export function takeInFile(
  store: Store,
  file: LogFile,
  options: IntakeOptions & { sourceId?: string; accountsFrom?: AccountsFrom; now?(): number },
): Promise<FileTaken> {
  return withReadable(file, options.workDir, readable => takeInReadable(store, readable, options))
}

async function takeInReadable(
  store: Store,
  file: LogFile,
  options: Parameters<typeof takeInFile>[2],
): Promise<FileTaken> {
  const reader = await store.reader()
  const { source, layout } = await recognise(reader, file, options.sourceId)
  const found = source.read(layout)
  const reading = options.accountsFrom ? attributedBy(options.accountsFrom, found, layout) : found
  const { format } = reading
  const latest = options.now && { latestMs: options.now() + dayMs }
  const facts = { sourceId: source.id, fileMs: file.writtenMs, ...latest }
  const select = (from: Sql, columns?: readonly string[]) => selectSql(reading, { ...facts, from }, columns)
  const asked = {
    sourceId: source.id,
    format,
    settings: readingSettings,
    inBulk: (whole: { path: string; sizeBytes: number }, dir: string) => inBulk(reading, facts, whole, dir),
    select: async (from: Sql) =>
      reading.hello
        ? selectSql(await shaped(store, reading, { ...facts, from }), { ...facts, from })
        : select(from),
  }
  const taken = await takeInLog(store, file, asked, options)
  const answer = { ...taken, name: file.name, source: source.id, skips: {}, notes: file.notes }
  if (taken.before) return answer
  const skips = await skipsOf(store, taken)
  const from = await linesAt(store, taken.batch, Math.floor(file.writtenMs), linesOf(file, format))
  const refiled = from
    ? await refiledLines(
        reader,
        lines => selectSql(reading, { ...facts, fileMs: noTimeMs, from: lines }, ['at']),
        from,
      )
    : 0
  return {
    ...answer,
    skips: await withExamples(reader, { file, source, format, select }, skips),
    notes: refiled > 0 ? [...file.notes, refiledText(refiled)] : file.notes,
  }
}

/** With a smaller file it takes longer to plan than to read. */
const bulkBytes = 64 << 20
/** A list of lines takes a seventh of the room of usual ones. */
const listShare = 1 / 4

/** The rows of a large file by the kinds of its lines (observe/listed.ts), where the reading can tell them apart and there is room for the list. */
async function inBulk(
  reading: Reading,
  facts: Omit<LineFacts, 'from'>,
  file: { path: string; sizeBytes: number },
  dir: string,
): Promise<BulkRows | null> {
  const places = file.sizeBytes < bulkBytes ? null : listedPlaces(reading)
  if (places === null) return null
  const { bavail, bsize } = statfsSync(dir)
  if (bavail * bsize < file.sizeBytes * listShare) return null
  try {
    const listed = await countFile(file, places, dir, { listsLines: true })
    return (
      listed && {
        lines: listed.lines,
        select: listedLinesSql(listed, reading, facts),
        settings: listedSettings,
        remove: listed.remove,
      }
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return null
    throw error
  }
}

/** So many hellos of a log are told apart; the connections of further ones are kept without. */
const mostHellos = 2000

/** The reading with the shapes of the hellos that the lines hold, which the store then knows. */
async function shaped(store: Store, reading: Reading, facts: LineFacts): Promise<Reading> {
  const reader = await store.reader()
  const texts = await reader.rows<{ text: string; hash: string }>(
    `SELECT shape AS text, toString(cityHash64(shape)) AS hash FROM (${selectSql(withHelloText(reading), facts, ['shape'])})
     WHERE why = '' AND shape != '' GROUP BY shape ORDER BY count() DESC, text LIMIT ${mostHellos} ${readingSettings}`,
  )
  const shapes = texts.flatMap(({ text }) => shapeOfText(text) ?? [])
  await addHellos(store.db, [...new Map(shapes.map(shape => [shape.id, shape])).values()])
  return withShapes(reading, texts)
}

/** Skipped lines of a batch, by reason. */
export async function skipsOf(
  store: Store,
  { batch, skipped }: Pick<LogTaken, 'batch' | 'skipped'>,
): Promise<Record<string, SkippedLines>> {
  if (skipped === 0) return {}
  const found = await skips(store.db, { fromMs: 0, toMs: Date.now() + dayMs }, batch)
  return Object.fromEntries(found.map(({ why, lines, line }) => [why, { lines, line }]))
}

/** Those of the lines among which are all that a batch filed under this instant; undefined when there are none. */
async function linesAt(store: Store, batch: string, atMs: number, lines: Sql): Promise<Sql | undefined> {
  const [found] = await store.db.rows<Record<'rows' | 'first' | 'last', number>>(
    `SELECT count() AS rows, min(seq) AS first, max(seq) AS last
     FROM observations WHERE batch = {batch:String} AND at = fromUnixTimestamp64Milli({atMs:Int64})`,
    { batch, atMs },
  )
  const { rows, first, last } = found!
  return Number(rows) > 0 ? `SELECT * FROM (${lines}) WHERE seq BETWEEN ${first} AND ${last}` : undefined
}

/** The source of a file and its layout; by content, or as named. */
export async function recognise(db: Database, file: LogFile, sourceId: string | undefined): Promise<Found> {
  const sample = await sampleFile(db, file)
  if (sourceId !== undefined && isLogFormat(sourceId)) return readLogFormat(sourceId, sources, sample)
  if (sourceId !== undefined) return namedSource(sources, sourceId, sample, file.name)
  const found = detectSource(sources, sample)
  if (found) return found
  throw new Fault(
    'input',
    'log-unknown',
    sample.lines.length === 0
      ? `${file.name} ${file.notes.length > 0 ? `holds nothing that can be read: it ${file.notes.join('; ')}` : 'is empty'}`
      : `${file.name} is not a log that says TLS versions, as far as can be told`,
    {
      hint: 'name its kind with --source (tlsunset ingest --sources lists them), or give it the log_format of nginx',
    },
  )
}
