import { Fault } from '../base/fault.ts'
import { type AccountsFrom, attributedBy } from '../observe/attribute.ts'
import { detectSource, type Found, namedSource } from '../observe/detect.ts'
import { readingSettings, selectSql } from '../observe/reading.ts'
import { sources } from '../observe/sources/index.ts'
import type { Database } from '../store/database.ts'
import { type LogFile, sampleFile } from '../store/files.ts'
import { type LogTaken, takeInLog } from '../store/log-intake.ts'
import type { Store } from '../store/store.ts'

/** A log that was taken into the store. */
export interface FileTaken extends LogTaken {
  name: string
  source: string
}

/**
 * Takes a log into the store: recognised by content or named, each line an observation or a skip, the same content once.
 * Throws Faults: input (no source knows it), and what the store throws.
 */
export async function takeInFile(
  store: Store,
  file: LogFile,
  options: { sourceId?: string; accountsFrom?: AccountsFrom; workDir: () => string },
): Promise<FileTaken> {
  const { source, layout } = await recognise(await store.reader(), file, options.sourceId)
  const found = source.read(layout)
  const reading = options.accountsFrom ? attributedBy(options.accountsFrom, found, layout) : found
  const taken = await takeInLog(
    store,
    file,
    {
      sourceId: source.id,
      format: reading.format,
      settings: readingSettings,
      select: from => selectSql(reading, { sourceId: source.id, fileMs: file.writtenMs, from }),
    },
    options.workDir,
  )
  return { ...taken, name: file.name, source: source.id }
}

/** The source of a file and its layout; by content, or as named. */
export async function recognise(db: Database, file: LogFile, sourceId: string | undefined): Promise<Found> {
  const sample = await sampleFile(db, file)
  if (sourceId !== undefined) return namedSource(sources, sourceId, sample, file.name)
  const found = detectSource(sources, sample)
  if (found) return found
  throw new Fault(
    'input',
    'log-unknown',
    sample.lines.length === 0
      ? `${file.name} is empty`
      : `${file.name} is not a log that says TLS versions, as far as can be told`,
    { hint: 'name its kind with --source; tlsunset ingest --sources lists them' },
  )
}
