import { rmSync } from 'node:fs'
import type { Fault } from '../base/fault.ts'
import { dayMs } from '../base/time.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import { versionName } from '../model/version.ts'
import { type AccountsFrom, attributedBy } from '../observe/attribute.ts'
import { countFile } from '../observe/fold/count-file.ts'
import { countedLinesSql, linePlaces, rollUpSql } from '../observe/fold.ts'
import { loggedShapes, withHelloText } from '../observe/logged-hello.ts'
import { eachLineSql, noTimeMs, readingSettings, selectSql } from '../observe/reading.ts'
import { workFolder } from '../observe/work-folder.ts'
import { type HowRead, refiledLines, refiledText, skipText, withExamples } from '../server/odd-lines.ts'
import { recognise } from '../server/take-in.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { explainCopy, type LogFile, linesOf, openLogFile, readingMemory } from '../store/files.ts'
import { explainRemote, isRemote, openRemote } from '../store/remote.ts'
import { type RolledUp, rollUp } from '../store/roll-up.ts'
import { withReadable } from '../store/salvage.ts'
import { isOfFile } from './faults.ts'

export type { AccountsFrom }

export interface LogsRead {
  /** The source, or several with a comma between. */
  source: string
  files: { name: string; source: string; observations: number; skipped: SkippedLines[] }[]
  /** Counted, not stored: a log says how often, not how it was offered. */
  rows: UsageRow[]
  /** Hellos of which the lines hold the lists. */
  shapes: HelloShape[]
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
  /** What was odd about a file. */
  notes: string[]
  /** Lines that were skipped, with examples. */
  examples: string[]
  /** Files that cannot be read, or that no source knows; the others were read. */
  faults: Fault[]
}

export interface SkippedLines {
  why: string
  lines: number
  /** Number of the first such line. */
  line: number
}

/** A log of this machine, or an address, with the name that people know it by. */
export interface LogInput {
  path: string
  name: string
}

interface Options {
  sourceId?: string
  accountsFrom?: AccountsFrom
  /** Lines that say a later time than a day after are not believed. */
  nowMs?: number
  /** Credentials for logs that lie elsewhere. */
  env?: Readonly<Record<string, string | undefined>>
}

/**
 * Reads logs without a store, of this machine or at an address: each is recognised by its content and counted by an engine that lives in
 * memory, gone when this returns.
 * Throws Faults: usage (unknown source), environment (no engine).
 */
export async function readLogs(logs: readonly LogInput[], options: Options = {}): Promise<LogsRead> {
  let work: string | undefined
  const workDir = () => {
    work ??= workFolder('links')
    return work
  }
  const read: LogsRead = {
    source: '',
    files: [],
    rows: [],
    shapes: [],
    observations: 0,
    skipped: {},
    byVersion: {},
    blind: {},
    titles: {},
    accountsFrom: null,
    notes: [],
    examples: [],
    faults: [],
  }
  const unlessFaulty = async <T>(work: () => T | Promise<T>): Promise<T[]> => {
    try {
      return [await work()]
    } catch (error) {
      if (!isOfFile(error)) throw error
      read.faults.push(error)
      return []
    }
  }
  // What cannot be read is told before the engine is loaded.
  const here = new Map<string, LogFile[]>()
  for (const { path, name } of logs)
    if (!isRemote(path)) here.set(path, await unlessFaulty(() => openLogFile(path, workDir, name)))
  if (read.faults.length === logs.length) return read
  const db = await openDatabase({ kind: 'memory' })
  try {
    const files: LogFile[] = []
    for (const { path } of logs)
      files.push(
        ...(here.get(path) ?? (await unlessFaulty(() => openRemote(db, path, options.env ?? {}))).flat()),
      )
    const plans: Plan[] = []
    const named = { user: 0, sni: 0, address: 0 }
    for (const file of files)
      plans.push(
        ...(await unlessFaulty(() =>
          readable(file, workDir, async found => {
            const plan = await planOf(db, found, options)
            if (!options.accountsFrom) await countNames(db, plan, named)
            return plan
          }),
        )),
      )
    const best = (['user', 'sni', 'address'] as const).find(each => named[each] > 0)
    read.accountsFrom = options.accountsFrom ?? (best === undefined ? null : { by: best })
    for (const planned of plans) {
      const whole = await unlessFaulty(() =>
        readable(planned.file, workDir, async found => {
          const plan = found === planned.file ? planned : await planOf(db, found, options)
          return { plan, counted: await plan.count(read.accountsFrom, workDir()) }
        }),
      )
      for (const { plan, counted } of whole) await addCounted(db, read, plan, counted)
    }
    read.source = Object.keys(read.blind).join(', ')
    const shapes = loggedShapes()
    for (const row of read.rows) shapes.take(row)
    read.shapes = shapes.all()
    read.byVersion = countByVersion(read.rows)
    return read
  } finally {
    await db.close()
    if (work) rmSync(work, { recursive: true, force: true })
  }
}

/** How a file is going to be read. */
interface Plan extends HowRead {
  /** The rows of all lines; `dir` is for what is in the way only while they are counted. */
  count(from: AccountsFrom | null, dir: string): Promise<RolledUp>
  /** How many lines are filed under the time of the file because their own cannot be right. */
  refiled(): Promise<number>
}

async function readable<T>(
  file: LogFile,
  dir: () => string,
  read: (file: LogFile) => Promise<T>,
): Promise<T> {
  if (!file.table) return withReadable(file, dir, read)
  try {
    return await read(file)
  } catch (error) {
    throw explainRemote(error, file.name)
  }
}

/** The lines of a smaller file are read before a statement that counts them first is planned. */
const foldedBytes = 4 << 20
/** A log is packed to a twentieth at best. */
const foldedPackedBytes = foldedBytes / 20

async function planOf(db: Database, file: LogFile, { sourceId, nowMs }: Options): Promise<Plan> {
  const { source, layout } = await recognise(db, file, sourceId)
  const reading = source.read(layout)
  const facts = {
    sourceId: source.id,
    fileMs: file.writtenMs,
    ...(nowMs !== undefined && { latestMs: nowMs + dayMs }),
  }
  const isPacked = file.compression !== 'none'
  return {
    file,
    source,
    format: reading.format,
    select: (from, columns) => selectSql(reading, { ...facts, from }, columns),
    refiled: () =>
      refiledLines(
        db,
        from => selectSql(reading, { ...facts, fileMs: noTimeMs, from }, ['at']),
        linesOf(file, reading.format),
      ),
    count: async (accounts, dir) => {
      const whole = withHelloText(reading)
      const attributed = accounts ? attributedBy(accounts, whole, layout) : whole
      const all = { ...facts, from: linesOf(file, reading.format) }
      const limit = isPacked ? `, max_memory_usage = ${readingMemory}` : ''
      if (!file.table && file.sizeBytes < (isPacked ? foldedPackedBytes : foldedBytes))
        return rollUp(db, eachLineSql(attributed, all) + limit)
      if (file.table || isPacked) return rollUp(db, rollUpSql(attributed, all) + limit)
      const places = linePlaces(attributed)
      const counted =
        places &&
        (await countFile(file, places, dir).catch(error => {
          throw explainCopy(error, dir, file.name)
        }))
      try {
        return await rollUp(
          db,
          counted ? countedLinesSql(counted, attributed, all) : rollUpSql(attributed, all),
        )
      } finally {
        counted?.remove()
      }
    },
  }
}

async function addCounted(db: Database, read: LogsRead, plan: Plan, counted: RolledUp): Promise<void> {
  const { file, source } = plan
  const fileMs = Math.floor(file.writtenMs)
  let mayBeRefiled = false
  for (const row of counted.rows) {
    read.rows.push(row)
    mayBeRefiled ||= row.firstSeenMs === fileMs || row.lastSeenMs === fileMs
  }
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
  for (const note of file.notes) read.notes.push(`${file.name} ${note}`)
  // A line may also be as old as the file.
  const refiled = mayBeRefiled ? await plan.refiled() : 0
  if (refiled > 0) read.notes.push(`${file.name}: ${refiledText(refiled)}`)
  const skips = Object.fromEntries(counted.skipped.map(({ why, lines, line }) => [why, { lines, line }]))
  for (const [why, skip] of Object.entries(await withExamples(db, plan, skips)))
    if (skip.examples) for (const text of skipText(why, skip)) read.examples.push(`${file.name}: ${text}`)
}

/** The first lines of a file tell what names its accounts. */
const linesTried = 20_000

/** Without a word from the operator: the user if the lines name any, else the name asked for, else the address; the same for all files. */
async function countNames(
  db: Database,
  plan: Plan,
  seen: Record<'user' | 'sni' | 'address', number>,
): Promise<void> {
  const [found] = await db.rows<typeof seen>(
    `SELECT countIf(account != '') AS user, countIf(sni != '') AS sni, countIf(address != '') AS address
     FROM (SELECT account, sni, address FROM (${plan.select(linesOf(plan.file, plan.format), ['account', 'sni', 'address'])}) WHERE why = '' LIMIT ${linesTried}) ${readingSettings}${plan.file.compression === 'none' ? '' : `, max_memory_usage = ${readingMemory}`}`,
  )
  for (const by of ['user', 'sni', 'address'] as const) seen[by] += Number(found?.[by] ?? 0)
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
