import { rmSync } from 'node:fs'
import { printable } from '../../base/text.ts'
import type { Window } from '../../model/api.ts'
import { coverageOf, hoursSeen } from '../../model/coverage.ts'
import type { HelloShape, UsageRow } from '../../model/usage.ts'
import { workFolder } from '../../observe/work-folder.ts'
import { isRemote } from '../../store/remote.ts'
import type { Io } from '../command.ts'
import { endWith, tellFault } from '../faults.ts'
import type { AccountsFrom } from '../read-logs.ts'
import { accountsByText } from './accounts-from.ts'
import { readCaptures } from './from-captures.ts'
import type { Gathered } from './gather.ts'
import { type Inputs, sortInputs } from './inputs.ts'

/** Reads captures and logs in one go, each known by its content. The window is what they cover, unless one is given. */
export async function gatherFromFiles(
  files: readonly string[],
  options: { sourceId?: string; accountsFrom?: AccountsFrom; from?: number; to?: number },
  io: Io,
): Promise<Gathered> {
  let work: string | undefined
  const workDir = () => {
    work ??= workFolder('report')
    return work
  }
  try {
    const inputs = await sortInputs(
      files.filter(file => !isRemote(file)),
      workDir,
      io,
    )
    inputs.logs.push(...files.filter(isRemote).map(path => ({ path, name: path })))
    return await gatherFrom(inputs, options, io)
  } finally {
    if (work !== undefined) rmSync(work, { recursive: true, force: true })
  }
}

async function gatherFrom(
  { captures, logs, faults }: Inputs,
  options: { sourceId?: string; accountsFrom?: AccountsFrom; from?: number; to?: number },
  io: Io,
): Promise<Gathered> {
  const gathered: Gathered = {
    rows: [],
    shapes: new Map<string, HelloShape>(),
    sources: [],
    skipped: {},
    junk: [],
    coverage: [],
    faults,
    accountsBy: '',
    window: { fromMs: 0, toMs: 0 },
    rowsFromMs: 0,
    known: [],
  }
  let by: AccountsFrom | null = null
  if (captures.length > 0) {
    const read = await readCaptures(captures, options.accountsFrom, io)
    by = read.accountsFrom
    for (const row of read.rows) gathered.rows.push(row)
    for (const shape of read.shapes) gathered.shapes.set(shape.id, shape)
    if (read.files > 0) gathered.sources.push(read.source)
    addSkips(gathered.skipped, read.skipped)
    faults.push(...read.faults)
  }
  if (logs.length > 0) {
    // Captures need no database engine, whose start takes longer than a small capture.
    const { readLogs } = await import('../read-logs.ts')
    const read = await readLogs(logs, {
      ...(options.sourceId !== undefined && { sourceId: options.sourceId }),
      ...(options.accountsFrom && { accountsFrom: options.accountsFrom }),
      nowMs: io.now(),
      env: io.env,
    })
    for (const note of read.notes) io.stderr.write(`tlsunset: note: ${printable(note)}\n`)
    gathered.notes = [...read.notes, ...read.examples]
    gathered.examples = read.examples
    by ??= read.accountsFrom
    for (const row of read.rows) gathered.rows.push(row)
    for (const shape of read.shapes) gathered.shapes.set(shape.id, shape)
    for (const [id, title] of Object.entries(read.titles))
      gathered.sources.push({ id, title, blind: read.blind[id] ?? [] })
    addSkips(gathered.skipped, read.skipped)
    faults.push(...read.faults)
  }
  // Of all the files that were named not one could be read.
  if (faults.length > 0 && gathered.sources.length === 0) endWith(faults, io)
  for (const fault of faults) tellFault(fault, io)
  gathered.window = covered(gathered.rows, options)
  gathered.rowsFromMs = gathered.window.fromMs
  // Files end where they end: what came later is for the next file to tell.
  gathered.coverage = [...hoursSeen(gathered.rows)].map(([source, hours]) =>
    coverageOf(source, hours, gathered.window.fromMs, options.to ?? Math.max(...hours.keys()) + 1),
  )
  gathered.accountsBy = accountsByText(by, options.accountsFrom !== undefined)
  return gathered
}

function addSkips(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [why, count] of Object.entries(more)) sum[why] = (sum[why] ?? 0) + count
}

function covered(rows: readonly UsageRow[], given: { from?: number; to?: number }): Window {
  let first = Number.POSITIVE_INFINITY
  let last = 0
  for (const row of rows) {
    first = Math.min(first, row.firstSeenMs)
    last = Math.max(last, row.lastSeenMs)
  }
  const fromMs = given.from ?? (last > 0 ? first : 0)
  return { fromMs, toMs: given.to ?? Math.max(last, fromMs) + 1, named: true }
}
