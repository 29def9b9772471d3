import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../base/fault.ts'
import { secondMs } from '../base/time.ts'
import { readySegments } from '../spool/segment.ts'
import { helloTypes, intakeColumns, observationTypes, quote } from './columns.ts'
import { type Batch, type Filing, handOver } from './hand-over.ts'
import type { Store } from './store.ts'

export interface Collected {
  segments: number
  observations: number
  skipped: number
}

/** At most so much in one hand-over: small segments share its cost, and a failure repeats little. */
const mostSegments = 200
const mostBytes = 256 << 20

/**
 * Takes in the sealed segments of a spool, oldest first, and removes each once its rows are in the store. May be killed at any moment and
 * run again. Answers how much there was; throws what the store throws, with the spool as it was.
 */
export async function collectOnce(store: Store, spoolDir: string): Promise<Collected> {
  const total: Collected = { segments: 0, observations: 0, skipped: 0 }
  mkdirSync(spoolDir, { recursive: true })
  for (;;) {
    const some = firstSegments(spoolDir)
    if (some.length === 0) return total
    const paths = new Map(some.map(segment => [segment.batch, segment.path]))
    const taken = await handOver(
      store,
      some.map(({ batch }): Batch => ({ batch, kind: 'segment', origin: `${batch}.ready` })),
      (todo, filing) =>
        write(
          store,
          todo.map(({ batch }) => ({ batch, path: paths.get(batch)! })),
          filing,
        ),
    )
    for (const { batch, observations, skipped } of taken) {
      rmSync(paths.get(batch)!, { force: true })
      store.onStep('removed')
      total.segments++
      total.observations += observations
      total.skipped += skipped
    }
  }
}

export interface CollectOptions {
  /** Ends the loop after the hand-over that is under way. */
  signal: AbortSignal
  everyMs?: number
  onCollected?: (collected: Collected) => void
  /** The store does not answer, with the time of the next try; null when it answers again. */
  onTrouble?: (trouble: { error: Error; retryMs: number } | null) => void
}

/**
 * Keeps taking in segments. While the store is away nothing is lost: the spool grows, and tries are made at growing distances up to 30 s.
 */
export async function collect(store: Store, spoolDir: string, options: CollectOptions): Promise<void> {
  const { signal, everyMs = secondMs, onCollected, onTrouble } = options
  let failures = 0
  while (!signal.aborted) {
    let waitMs = everyMs
    try {
      const collected = await collectOnce(store, spoolDir)
      if (failures > 0) onTrouble?.(null)
      failures = 0
      if (collected.segments > 0) onCollected?.(collected)
    } catch (error) {
      if (!(error instanceof Fault) && !isEngineError(error)) throw error
      waitMs = Math.min(30 * secondMs, secondMs * 2 ** failures++)
      onTrouble?.({ error: error as Error, retryMs: waitMs })
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}

/** Sealed segments that wait, and how old the oldest is by the time its process started: the lag of the store. None where no gateway ever wrote. */
export function spoolLag(spoolDir: string): { segments: number; bytes: number; oldestMs: number } {
  let bytes = 0
  let oldestMs = 0
  const waiting = existsSync(spoolDir) ? readySegments(spoolDir) : []
  for (const { path } of waiting) {
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found) continue
    bytes += found.size
    if (oldestMs === 0 || found.mtimeMs < oldestMs) oldestMs = found.mtimeMs
  }
  return { segments: waiting.length, bytes, oldestMs }
}

function firstSegments(spoolDir: string): { path: string; batch: string }[] {
  const some: { path: string; batch: string }[] = []
  let bytes = 0
  for (const segment of readySegments(spoolDir)) {
    bytes += statSync(segment.path).size
    if (some.length > 0 && (bytes > mostBytes || some.length >= mostSegments)) break
    some.push(segment)
  }
  return some
}

/** An error that the engine itself reports (out of memory, too many parts) may be over at the next try. */
function isEngineError(error: unknown): boolean {
  return error instanceof Error && 'type' in error && 'code' in error
}

const tupleOf = (types: Readonly<Record<string, string>>) =>
  Object.entries(types)
    .map(([name, type]) => `\`${name}\` ${type}`)
    .join(', ')

const rowTuple = quote(
  `Tuple(k String, format UInt8, accepted UInt64, refused UInt64, failed UInt64, ${tupleOf(observationTypes)})`,
)

const rowColumns = Object.keys(observationTypes).map(name => {
  if (name === 'at_ms') return 'fromUnixTimestamp64Milli(row.at_ms) AS at'
  // A line that is no row is still the gateway's.
  if (name === 'source') return "if(row.source = '', 'gateway', row.source) AS source"
  return `row.\`${name}\` AS \`${name}\``
})

/** Why a line of a segment gives no observation; lines that only serve the spool itself are left out before. */
const whyNot = `multiIf(row.k = 'r' AND row.at_ms > 0 AND row.outcome != '', '', row.k = 'd', 'given up: the disk was full', 'not a line of a segment')`

/** Rows of segments as `intake` takes them; `lines` gives batch, number and line. */
function selectRows(lines: string, filing: Filing): string {
  return `SELECT toDate(${quote(filing.lot)}) AS lot, ${quote(filing.collector)} AS collector, batch, seq, ${whyNot} AS why,
      ${rowColumns.filter(column => !column.endsWith('`count`')).join(', ')},
      toUInt32(if(row.k = 'd', row.accepted + row.refused + row.failed, greatest(row.count, 1))) AS count
    FROM (SELECT batch, seq, JSONExtract(line, ${rowTuple}) AS row FROM (${lines}))
    WHERE row.k NOT IN ('s', 'o', 'h')`
}

function selectHellos(lines: string): string {
  const tuple = quote(`Tuple(k String, ${tupleOf(helloTypes)})`)
  const columns = Object.keys(helloTypes).map(name => `hello.${name} AS ${name}`)
  return `SELECT ${columns.join(', ')} FROM (SELECT JSONExtract(line, ${tuple}) AS hello FROM (${lines}) WHERE startsWith(line, '{"k":"h"'))
    WHERE hello.k = 'h'`
}

async function write(
  store: Store,
  segments: readonly { batch: string; path: string }[],
  filing: Filing,
): Promise<void> {
  if (store.db.kind === 'server') return send(store, segments, filing)
  // Names of segments hold no character that is special in a pattern (spool/segment.ts); the directory may, so that each is named in full.
  const lines = segments
    .map(
      ({ batch, path }) =>
        `SELECT ${quote(batch)} AS batch, _row_number + 1 AS seq, line FROM file(${quote(path)}, 'LineAsString', 'line String')`,
    )
    .join(' UNION ALL ')
  await store.db.run(`INSERT INTO hellos (${Object.keys(helloTypes).join(', ')}) ${selectHellos(lines)}`)
  store.onStep('hellos')
  await store.db.run(
    `INSERT INTO intake (${intakeColumns}) ${selectRows(`SELECT * FROM (${lines})`, filing)}`,
  )
}

/** To a server each line travels with its batch and number before it, separated by tabs. */
async function send(
  store: Store,
  segments: readonly { batch: string; path: string }[],
  filing: Filing,
): Promise<void> {
  const input = `SELECT batch, seq, line FROM input('batch String, seq UInt64, line String')`
  const body = () => Readable.from(numbered(segments))
  await store.db.send(
    `INSERT INTO hellos (${Object.keys(helloTypes).join(', ')}) ${selectHellos(input)} FORMAT TSVRaw`,
    body(),
    `${filing.attempt}-hellos`,
  )
  store.onStep('hellos')
  await store.db.send(
    `INSERT INTO intake (${intakeColumns}) ${selectRows(input, filing)} FORMAT TSVRaw`,
    body(),
    filing.attempt,
  )
}

async function* numbered(segments: readonly { batch: string; path: string }[]): AsyncGenerator<string> {
  for (const { batch, path } of segments) {
    let seq = 0
    let text = ''
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      seq++
      if (line !== '') text += `${batch}\t${seq}\t${line}\n`
    }
    yield text
  }
}
