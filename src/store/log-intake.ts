import { createHash } from 'node:crypto'
import { closeSync, createReadStream, createWriteStream, openSync, readSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { intakeColumns, intakeTypes, quote } from './columns.ts'
import { type LogFile, linesOf } from './files.ts'
import { type Batch, handOver, type Taken } from './hand-over.ts'
import type { Store } from './store.ts'

export interface LogTaken extends Taken {
  /** `whole`: all of it. `grown`: what had been added since it was read before. `known`: nothing, its content is in the store. */
  part: 'whole' | 'grown' | 'known'
}

/** What a source makes of lines: a SELECT of `seq`, `why` and the columns of an observation over one of `seq` and `line`. */
export interface LogReading {
  sourceId: string
  format: 'LineAsString' | 'JSONAsString'
  select(from: string): string
  /** Settings of the engine under which it is best run. */
  settings: string
}

/**
 * Takes a log into the store. The same content is taken in once, under whatever name and however compressed; a plain file that has grown
 * since gives only what was added.
 */
export async function takeInLog(
  store: Store,
  file: LogFile,
  reading: LogReading,
  workDir: () => string,
): Promise<LogTaken> {
  const { fingerprint, sizeBytes, count } = await contentOf(store, file)
  const known = await knownAs(store, fingerprint)
  if (known) return { ...known, before: true, part: 'known' }
  const marks = file.compression === 'none' ? marksOf(file.path, sizeBytes) : undefined
  const earlier = marks ? await earlierPart(store, file.path, sizeBytes, marks.head) : undefined
  const batch: Batch = {
    batch: createHash('sha256').update(fingerprint).digest('hex').slice(0, 32),
    kind: 'file',
    origin: file.name,
    source: reading.sourceId,
    fingerprint,
    sizeBytes,
    ...marks,
  }
  if (!earlier) {
    const lines = linesOf(file, reading.format)
    const bounded =
      reading.format === 'LineAsString' ? `SELECT * FROM (${lines}) WHERE seq <= ${count}` : lines
    const [taken] = await insert(store, batch, reading, bounded)
    return { ...taken!, part: 'whole' }
  }
  const tail = join(workDir(), `${batch.batch}.tail`)
  try {
    await pipeline(
      createReadStream(file.path, { start: earlier.sizeBytes, end: sizeBytes - 1 }),
      createWriteStream(tail),
    )
    const lines = linesOf({ ...file, path: tail }, reading.format)
    const [taken] = await insert(
      store,
      batch,
      reading,
      `SELECT seq + ${earlier.lines} AS seq, line FROM (${lines})`,
    )
    return { ...taken!, part: 'grown' }
  } finally {
    rmSync(tail, { force: true })
  }
}

function insert(store: Store, batch: Batch, reading: LogReading, lines: string): Promise<Taken[]> {
  return handOver(store, [batch], async (_, filing) => {
    const into = `toDate(${quote(filing.lot)}) AS lot, ${quote(filing.collector)} AS collector, ${quote(batch.batch)} AS batch`
    const rows = `SELECT ${into}, * FROM (${reading.select(lines)}) ${reading.settings}`
    const insert = `INSERT INTO intake (${intakeColumns})`
    if (store.db.kind === 'embedded') return store.db.run(`${insert} ${rows}`)
    const structure = Object.entries(intakeTypes)
      .map(([name, type]) => `\`${name}\` ${type}`)
      .join(', ')
    const reader = await store.reader()
    await reader.run(`INSERT INTO FUNCTION ${store.db.target(insert, structure, filing.attempt)} ${rows}`)
  })
}

/** What a file holds at this moment. One that is being written to is cut after its last whole line, so that no line is read in two halves. */
async function contentOf(
  store: Store,
  file: LogFile,
): Promise<{ fingerprint: string; count: number; sizeBytes: number }> {
  const lines = linesOf(file, 'LineAsString')
  const found = await fingerprintOf(store, lines)
  if (file.compression !== 'none' || statSync(file.path).size === file.sizeBytes)
    return { ...found, sizeBytes: file.sizeBytes }
  const whole = await wholeLines(file.path, file.sizeBytes)
  return {
    ...(await fingerprintOf(store, `SELECT * FROM (${lines}) WHERE seq <= ${whole.count}`)),
    sizeBytes: whole.sizeBytes,
  }
}

/** Number of lines and two sums over them, which do not depend on how the file is compressed: the engine reads at full speed for it. */
async function fingerprintOf(store: Store, lines: string): Promise<{ fingerprint: string; count: number }> {
  const reader = await store.reader()
  const [found] = await reader.rows<{ fingerprint: string; lines: number }>(
    `SELECT count() AS lines, concat(toString(lines), '-', hex(sum(hash)), hex(groupBitXor(hash))) AS fingerprint
     FROM (SELECT sipHash64(line) AS hash FROM (${lines}))`,
  )
  return { fingerprint: found!.fingerprint, count: Number(found!.lines) }
}

async function wholeLines(path: string, size: number): Promise<{ count: number; sizeBytes: number }> {
  let count = 0
  let sizeBytes = 0
  let at = 0
  if (size > 0)
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      const bytes = chunk as Buffer
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, end + 1)) {
        count++
        sizeBytes = at + end + 1
      }
      at += bytes.length
    }
  return { count, sizeBytes }
}

async function knownAs(store: Store, fingerprint: string): Promise<Omit<Taken, 'before'> | undefined> {
  const [found] = await store.db.rows<Omit<Taken, 'before'>>(
    `SELECT batch, observations, skipped FROM batches WHERE fingerprint = {fingerprint:String} AND state = 'done' LIMIT 1`,
    { fingerprint },
  )
  return found && { ...found, observations: Number(found.observations), skipped: Number(found.skipped) }
}

/** So many bytes at the start and at the end of what was read tell whether a file is that one, grown. */
const markBytes = 4096

/** Hashes of the first line and of the last bytes before `size`. */
function marksOf(path: string, size: number): { head: string; foot: string } | undefined {
  if (size === 0) return undefined
  const start = readAt(path, 0, Math.min(markBytes, size))
  const end = start.indexOf(0x0a)
  // Without one whole line the start may still change.
  if (end === -1 && size < markBytes) return undefined
  return { head: hash(end === -1 ? start : start.subarray(0, end)), foot: footOf(path, size) }
}

function footOf(path: string, size: number): string {
  const from = Math.max(0, size - markBytes)
  return hash(readAt(path, from, size - from))
}

/** The longest part of this file that was taken in before, ending with a whole line. */
async function earlierPart(
  store: Store,
  path: string,
  size: number,
  head: string,
): Promise<{ sizeBytes: number; lines: number } | undefined> {
  const found = await store.db.rows<{ size_bytes: number; foot: string; fingerprint: string }>(
    `SELECT size_bytes, foot, fingerprint FROM batches
     WHERE kind = 'file' AND state = 'done' AND head = {head:String} AND size_bytes < {size:UInt64}
     ORDER BY size_bytes DESC LIMIT 100`,
    { head, size },
  )
  for (const { size_bytes, foot, fingerprint } of found) {
    const sizeBytes = Number(size_bytes)
    if (footOf(path, sizeBytes) !== foot) continue
    // A line that was half written when it was read counts as it was; the rest of it is left out.
    return {
      sizeBytes: sizeBytes + restOfLine(path, sizeBytes),
      lines: Number(fingerprint.split('-')[0]),
    }
  }
  return undefined
}

/** Bytes from `at` to the end of the line that goes on there; 0 when a line has just ended. */
function restOfLine(path: string, at: number): number {
  if (readAt(path, at - 1, 1)[0] === 0x0a) return 0
  for (let from = at; ; from += 1 << 16) {
    const bytes = readAt(path, from, 1 << 16)
    const end = bytes.indexOf(0x0a)
    if (end >= 0) return from - at + end + 1
    if (bytes.length < 1 << 16) return from - at + bytes.length
  }
}

function readAt(path: string, from: number, size: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(size)
    return bytes.subarray(0, readSync(file, bytes, 0, size, from))
  } finally {
    closeSync(file)
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32)
}
