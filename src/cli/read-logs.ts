import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UsageRow } from '../model/usage.ts'
import { versionName } from '../model/version.ts'
import { type AccountsFrom, attributedBy } from '../observe/attribute.ts'
import { rollUpSql } from '../observe/fold.ts'
import { readingSettings, selectSql } from '../observe/reading.ts'
import type { Source } from '../observe/source.ts'
import type { Sql } from '../observe/sql.ts'
import { recognise } from '../server/take-in.ts'
import { openDatabase } from '../store/database.ts'
import { type LogFile, linesOf, openLogFile, type sampleFile } from '../store/files.ts'
import { rollUp } from '../store/roll-up.ts'

export type { AccountsFrom }

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
  /** By source id. */
  titles: Record<string, string>
  /** How accounts came about: by what, or by nothing that these files hold. */
  accountsFrom: AccountsFrom | null
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
  options: { sourceId?: string; accountsFrom?: AccountsFrom } = {},
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
      titles: {},
      accountsFrom: null,
    }
    const selects: {
      file: LogFile
      source: Source
      rollUp: (from: AccountsFrom | null) => Sql
      select: Sql
    }[] = []
    for (const file of files) {
      const { source, layout } = await recognise(db, file, options.sourceId)
      const reading = source.read(layout)
      const facts = {
        sourceId: source.id,
        fileMs: file.writtenMs,
        from: linesOf(file, reading.format),
      }
      selects.push({
        file,
        source,
        select: selectSql(reading, facts),
        rollUp: from => {
          const attributed = from ? attributedBy(from, reading, layout) : reading
          return rollUpSql(attributed, facts)
        },
      })
    }
    const accountsFrom =
      options.accountsFrom ??
      (await bestAccounts(
        db,
        selects.map(({ select }) => select),
      ))
    read.accountsFrom = accountsFrom
    for (const { file, source, rollUp: rollUpOf } of selects) {
      const counted = await rollUp(db, rollUpOf(accountsFrom))
      for (const row of counted.rows) read.rows.push(row)
      read.observations += counted.observations
      for (const { why, lines } of counted.skipped) read.skipped[why] = (read.skipped[why] ?? 0) + lines
      read.files.push({
        name: file.name,
        source: source.id,
        observations: counted.observations,
        skipped: counted.skipped,
      })
      read.blind[source.id] = source.blind
      read.titles[source.id] = source.title
    }
    read.source = Object.keys(read.blind).join(', ')
    read.byVersion = countByVersion(read.rows)
    return read
  } finally {
    await db.close()
    if (links) rmSync(links, { recursive: true, force: true })
  }
}

/** The first lines of a file tell what names its accounts. */
const linesTried = 20_000

/** Without a word from the operator: the user if the lines name any, else the name asked for, else the address; the same for all files. */
async function bestAccounts(
  db: Parameters<typeof sampleFile>[0],
  selects: readonly Sql[],
): Promise<AccountsFrom | null> {
  const seen = { user: 0, sni: 0, address: 0 }
  for (const select of selects) {
    const [found] = await db.rows<{ user: number; sni: number; address: number }>(
      `SELECT countIf(account != '') AS user, countIf(sni != '') AS sni, countIf(address != '') AS address
       FROM (SELECT * FROM (${select}) WHERE why = '' LIMIT ${linesTried}) ${readingSettings}`,
    )
    for (const by of ['user', 'sni', 'address'] as const) seen[by] += Number(found?.[by] ?? 0)
  }
  const by = (['user', 'sni', 'address'] as const).find(each => seen[each] > 0)
  return by === undefined ? null : { by }
}

function countByVersion(rows: readonly UsageRow[]): Record<string, number> {
  const counts = new Map<number, number>()
  for (const row of rows) {
    // A handshake that failed agreed on nothing, whatever was offered.
    const version = row.negotiated || (row.outcome === 'failed' ? 0 : row.offeredMax)
    counts.set(version, (counts.get(version) ?? 0) + row.connections)
  }
  return Object.fromEntries(
    [...counts].sort((a, b) => a[0] - b[0]).map(([version, count]) => [versionName(version), count]),
  )
}
