import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { UsageRow } from '../model/usage.ts'
import { versionName } from '../model/version.ts'
import { detectSource, namedSource } from '../observe/detect.ts'
import { rollUpSql, selectSql } from '../observe/reading.ts'
import { sources } from '../observe/sources/index.ts'
import { openDatabase } from '../store/database.ts'
import { type LogFile, linesOf, openLogFile, sampleFile } from '../store/files.ts'
import { rollUp } from '../store/roll-up.ts'

export interface LogsRead {
  /** The source, or several with a comma between. */
  source: string
  files: { name: string; source: string; observations: number; skipped: SkippedLines[] }[]
  /** Counted, not stored: a log says how often, not how it was offered. */
  rows: UsageRow[]
  observations: number
  /** Lines that gave no observation, by reason. */
  skipped: Record<string, number>
  /** By name, `TLS 1.2` or `none`: the version agreed, or offered where the log tells only that. */
  byVersion: Record<string, number>
  /** By source id. */
  blind: Record<string, readonly string[]>
}

export interface SkippedLines {
  why: string
  lines: number
  /** Number of the first such line. */
  line: number
}

/**
 * Reads logs without a store: each is recognised by its content and counted by an engine that lives in memory, gone when this returns.
 * Throws Faults: input (a file that cannot be read, or that no source knows), usage (unknown source), environment (no engine).
 */
export async function readLogs(
  paths: readonly string[],
  options: { sourceId?: string } = {},
): Promise<LogsRead> {
  let links: string | undefined
  const linksDir = () => {
    links ??= mkdtempSync(join(tmpdir(), 'tlsunset-links-'))
    return links
  }
  const files = paths.map(path => openLogFile(path, linksDir))
  const db = await openDatabase({ kind: 'memory' })
  try {
    const read: LogsRead = {
      source: '',
      files: [],
      rows: [],
      observations: 0,
      skipped: {},
      byVersion: {},
      blind: {},
    }
    for (const file of files) {
      const found = await recognise(db, file, options.sourceId)
      const reading = found.source.read(found.layout)
      const select = selectSql(reading, {
        sourceId: found.source.id,
        fileMs: file.writtenMs,
        from: linesOf(file, reading.format),
      })
      const counted = await rollUp(db, rollUpSql(select))
      for (const row of counted.rows) read.rows.push(row)
      read.observations += counted.observations
      for (const { why, lines } of counted.skipped) read.skipped[why] = (read.skipped[why] ?? 0) + lines
      read.files.push({
        name: file.name,
        source: found.source.id,
        observations: counted.observations,
        skipped: counted.skipped,
      })
      read.blind[found.source.id] = found.source.blind
    }
    read.source = Object.keys(read.blind).join(', ')
    read.byVersion = countByVersion(read.rows)
    return read
  } finally {
    await db.close()
    if (links) rmSync(links, { recursive: true, force: true })
  }
}

/** The source of a file and its layout; by content, or as named. */
export async function recognise(
  db: Parameters<typeof sampleFile>[0],
  file: LogFile,
  sourceId: string | undefined,
) {
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
    { hint: 'name its kind with --source; tlsunset ingest --help lists them' },
  )
}

function countByVersion(rows: readonly UsageRow[]): Record<string, number> {
  const counts = new Map<number, number>()
  for (const row of rows) {
    const version = row.negotiated || row.offeredMax
    counts.set(version, (counts.get(version) ?? 0) + row.connections)
  }
  return Object.fromEntries(
    [...counts].sort((a, b) => a[0] - b[0]).map(([version, count]) => [versionName(version), count]),
  )
}
