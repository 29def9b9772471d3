import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../base/fault.ts'
import { intakeColumns, intakeTypes, quote } from './columns.ts'
import {
  type Content,
  candidatesFor,
  contentOf,
  type EarlierPart,
  earlierPart,
  fingerprintText,
  footOf,
  headOf,
  placesOf,
  together,
} from './content.ts'
import { explainCopy, type LineFormat, type LogFile, lastLineEnd, linesOf } from './files.ts'
import { type Batch, handOver, type Taken } from './hand-over.ts'
import type { Store } from './store.ts'

export interface LogTaken extends Taken {
  /**
   * `whole`: all of it. `grown`: what had been added since it was read before. `known`: nothing, its content is in the store. `apart`: nothing,
   * since only what goes on from something in the store was wanted.
   */
  part: 'whole' | 'grown' | 'known' | 'apart'
}

/** What a source makes of lines: a SELECT of `seq`, `why` and the columns of an observation over one of `seq` and `line`. */
export interface LogReading {
  sourceId: string
  format: LineFormat
  select(from: string): string | Promise<string>
  /** Settings of the engine under which it is best run. */
  settings: string
  /**
   * The same rows of all lines of a large plain file, made in a quicker way with files in `dir`; null where there is none.
   */
  inBulk(file: { path: string; sizeBytes: number }, dir: string): Promise<BulkRows | null>
}

export interface BulkRows {
  lines: number
  select: string
  settings: string
  /** Takes its files away. */
  remove(): void
}

export interface IntakeOptions {
  /** A directory for what is in the way only while a file is read. */
  workDir(): string
  /** The log is being written to: only whole lines are read, and of one that was read before only what was added is looked at. */
  live?: boolean
  /** Only what goes on from something in the store is wanted, such as the rest of a log that was rotated away. */
  onlyGrown?: boolean
}

/**
 * Takes a log into the store. The same content is taken in once, under whatever name and however compressed; of one that begins with what was
 * taken in before, grown or rotated and packed since, only what was added.
 */
export async function takeInLog(
  store: Store,
  file: LogFile,
  reading: LogReading,
  options: IntakeOptions,
): Promise<LogTaken> {
  const reader = await store.reader()
  const isPlain = file.table === undefined && file.compression === 'none'
  const sizeBytes = isPlain && options.live ? lastLineEnd(file.path, file.sizeBytes) : file.sizeBytes
  if (isPlain && options.live && sizeBytes === 0) return { ...nothing, part: 'known' }
  const head = await headOf(reader, file, sizeBytes)
  const candidates = head === undefined ? [] : await candidatesFor(store.db, file, head, sizeBytes)
  if (isPlain && options.live) {
    const earlier = candidates.find(each => each.sizeBytes !== undefined && each.halfFrom === undefined)
    if (earlier)
      return takeInRest(
        store,
        file,
        reading,
        { ...earlier, sizeBytes: earlier.sizeBytes! },
        { sizeBytes, head },
        options,
      )
  }
  if (candidates.length === 0 && options.onlyGrown) return { ...nothing, part: 'apart' }

  const places = placesOf(candidates)
  const { upTo, ...content } = await wholeContent(store, file, sizeBytes, places)
  const known = await knownAs(store, fingerprintText(content.all))
  if (known) return { ...known, before: true, part: 'known' }
  const earlier = await earlierPart(reader, file, candidates, upTo)
  if (earlier?.sizeBytes !== undefined)
    return takeInRest(
      store,
      file,
      reading,
      { ...earlier, sizeBytes: earlier.sizeBytes },
      { sizeBytes: content.sizeBytes, head, all: content.all },
      options,
    )
  if (!earlier && options.onlyGrown) return { ...nothing, part: 'apart' }
  const isByLine = reading.format === 'LineAsString'
  if (earlier && !isByLine)
    throw new Fault(
      'input',
      'packed-and-grown',
      `${file.name} begins with what was taken in before, and cannot be taken up from there`,
      {
        hint: 'unpack it first: of a plain file only what was added is taken in',
      },
    )
  const batch = batchOf(file, reading, content.all, content.sizeBytes, head)
  if (isPlain && !earlier) {
    const whole = { path: file.path, sizeBytes: content.sizeBytes, lines: content.all.lines }
    const taken = await insertInBulk(store, batch, reading, whole, options)
    if (taken) return { ...taken, part: 'whole' }
  }
  const lines = linesOf(file, reading.format)
  const bounds = isByLine ? ` WHERE seq > ${earlier?.content.lines ?? 0} AND seq <= ${content.all.lines}` : ''
  const select = await reading.select(`SELECT * FROM (${lines})${bounds}`)
  const taken = await insert(store, batch, { select, settings: reading.settings })
  return { ...taken, part: earlier ? 'grown' : 'whole' }
}

const nothing: Taken = { batch: '', observations: 0, skipped: 0, before: true }

function batchOf(
  file: LogFile,
  reading: LogReading,
  content: Content,
  sizeBytes: number,
  head: string | undefined,
): Batch {
  const fingerprint = fingerprintText(content)
  const isPlain = file.table === undefined && file.compression === 'none'
  return {
    batch: createHash('sha256').update(fingerprint).digest('hex').slice(0, 32),
    kind: 'file',
    origin: file.name,
    source: reading.sourceId,
    fingerprint,
    sizeBytes,
    ...(head !== undefined && { head, ...(isPlain && { foot: footOf(file.path, sizeBytes) }) }),
  }
}

/** Takes in what follows the earlier part of a plain file, up to `sizeBytes`. */
async function takeInRest(
  store: Store,
  file: LogFile,
  reading: LogReading,
  earlier: EarlierPart & { sizeBytes: number },
  { sizeBytes, head, all }: { sizeBytes: number; head: string | undefined; all?: Content },
  options: IntakeOptions,
): Promise<LogTaken> {
  if (earlier.sizeBytes >= sizeBytes) return { ...nothing, part: 'known' }
  const tail = join(
    options.workDir(),
    `${createHash('sha256').update(file.name).digest('hex').slice(0, 16)}-${earlier.sizeBytes}.tail`,
  )
  try {
    await pipeline(
      createReadStream(file.path, { start: earlier.sizeBytes, end: sizeBytes - 1 }),
      createWriteStream(tail),
    ).catch(error => {
      throw explainCopy(error, options.workDir(), file.name)
    })
    if (statSync(tail).size !== sizeBytes - earlier.sizeBytes)
      throw new Fault('input', 'file-changed', `${file.name} was cut while it was read`, {
        hint: 'try again',
      })
    const rest = { ...file, path: tail }
    let content = all
    if (content === undefined) {
      const [added] = await contentOf(await store.reader(), linesOf(rest, 'LineAsString'))
      content = together(earlier.content, added!)
      const known = await knownAs(store, fingerprintText(content))
      if (known) return { ...known, before: true, part: 'known' }
    }
    const batch = batchOf(file, reading, content, sizeBytes, head)
    const lines = linesOf(rest, reading.format)
    const select = await reading.select(`SELECT seq + ${earlier.content.lines} AS seq, line FROM (${lines})`)
    const taken = await insert(store, batch, { select, settings: reading.settings })
    return { ...taken, part: 'grown' }
  } finally {
    rmSync(tail, { force: true })
  }
}

/** Null where that cannot be done, or where the file is not what it was when its content was looked at. */
async function insertInBulk(
  store: Store,
  batch: Batch,
  reading: LogReading,
  { lines, ...file }: { path: string; sizeBytes: number; lines: number },
  options: IntakeOptions,
): Promise<Taken | null> {
  const bulk = await reading.inBulk(file, options.workDir())
  try {
    return bulk?.lines === lines ? await insert(store, batch, bulk) : null
  } finally {
    bulk?.remove()
  }
}

async function insert(
  store: Store,
  batch: Batch,
  { select, settings }: { select: string; settings: string },
): Promise<Taken> {
  const [taken] = await handOver(store, [batch], async (_, filing) => {
    const into = `toDate(${quote(filing.lot)}) AS lot, ${quote(filing.collector)} AS collector, ${quote(batch.batch)} AS batch`
    const rows = `SELECT ${into}, * FROM (${select}) ${settings}`
    const insert = `INSERT INTO intake (${intakeColumns})`
    if (store.db.kind === 'embedded') return store.db.run(`${insert} ${rows}`)
    const structure = Object.entries(intakeTypes)
      .map(([name, type]) => `\`${name}\` ${type}`)
      .join(', ')
    const reader = await store.reader()
    await reader.run(`INSERT INTO FUNCTION ${store.db.target(insert, structure, filing.attempt)} ${rows}`)
  })
  return taken!
}

interface WholeContent {
  all: Content
  /** Up to where it was read. */
  sizeBytes: number
  /** The content of the first lines, for the places asked for. */
  upTo(lines: number): Content | undefined
}

/** What a file holds at this moment. One that is being written to is cut after its last whole line, so that no line is read in two halves. */
async function wholeContent(
  store: Store,
  file: LogFile,
  sizeBytes: number,
  places: readonly number[],
): Promise<WholeContent> {
  const reader = await store.reader()
  const lines = linesOf(file, 'LineAsString')
  const answer = (contents: readonly Content[], upToBytes: number): WholeContent => ({
    all: contents.at(-1)!,
    sizeBytes: upToBytes,
    upTo: count => contents[places.indexOf(count)],
  })
  const contents = await contentOf(reader, lines, places)
  if (file.table || file.compression !== 'none' || statSync(file.path).size === sizeBytes)
    return answer(contents, sizeBytes)
  const whole = await wholeLines(file.path, sizeBytes)
  const bounded = `SELECT * FROM (${lines}) WHERE seq <= ${whole.count}`
  return answer(await contentOf(reader, bounded, places), whole.sizeBytes)
}

async function wholeLines(path: string, size: number): Promise<{ count: number; sizeBytes: number }> {
  let count = 0
  let sizeBytes = 0
  let at = 0
  if (size > 0)
    for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 1 << 20 })) {
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
