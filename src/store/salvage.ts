import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, createReadStream, createWriteStream, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { Decompress } from 'fzstd'
import { Fault } from '../base/fault.ts'
import { plural } from '../base/text.ts'
import { explainCopy, type LogFile } from './files.ts'
import { stopsEarly } from './frames.ts'
import { documentStart, eachRecord, isDocument } from './json-records.ts'

/** The engine holds a line in memory several times over, so that longer ones are cut before it sees them. A JSON document may be one line. */
const longestLine = 64 << 20
const longestDocument = 256 << 20
/** What is left of a line that is cut: more than any log writes. */
const keptOfLine = 64 << 10

/**
 * Does `work` with the file as the engine can read it. UTF-16 becomes UTF-8, lines too long for memory are cut, and of packed data that is
 * broken or stops early every whole line before the break is kept; each is told in `notes`. JSON that is not one record per line is made so.
 * The copy lies in `dir` until the work is done.
 */
export async function withReadable<T>(
  file: LogFile,
  dir: () => string,
  work: (file: LogFile) => Promise<T>,
): Promise<T> {
  if (file.table) return work(file)
  const odd =
    file.compression === 'none'
      ? encodingOf(file.path) !== 'utf-8' || hasLongLine(file.path, file.sizeBytes)
      : (file.compression === 'zst' || file.compression === 'lz4') &&
        stopsEarly(file.path, file.compression, file.sizeBytes)
  if (odd || isDocument(startOf(file))) return work(await salvage(file, dir()))
  try {
    return await work(file)
  } catch (error) {
    const { type = '' } = error as { type?: string }
    if (type === 'INCORRECT_DATA')
      throw new Fault('input', 'json-broken', `${file.name} is not valid JSON: ${whereBroken(error)}`, {
        hint: 'unpack it first: of a plain file the records that are whole are read',
        cause: error,
      })
    const isBroken = brokenTypes.test(type)
    if (file.compression === 'none' || !(isBroken || type === 'MEMORY_LIMIT_EXCEEDED')) throw error
    return work(await salvage(file, dir(), isBroken))
  }
}

/** The first bytes of a file as text, unpacked where it is packed with gzip; empty for other packings. */
function startOf(file: LogFile): string {
  if (file.compression !== 'none' && file.compression !== 'gzip') return ''
  const bytes = Buffer.alloc(documentStart)
  const open = openSync(file.path, 'r')
  const start = bytes.subarray(0, readSync(open, bytes, 0, bytes.length, 0))
  closeSync(open)
  if (file.compression === 'none') return start.toString('utf8')
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8', 0, documentStart)
  } catch {
    return ''
  }
}

/** Errors of the engine about packed data. */
const brokenTypes = /_DECODER_FAILED|INFLATE_FAILED|CANNOT_DECOMPRESS|UNEXPECTED_END_OF_FILE/

/** What the engine says of JSON that it cannot read, with the row. */
function whereBroken(error: unknown): string {
  return String((error as Error).message)
    .split(': (in file')[0]!
    .trim()
}

/** Places this far apart are looked at: a line that is too long covers one of them. */
const probeEvery = longestLine >> 1
const probeBytes = 64 << 10

function hasLongLine(path: string, size: number): boolean {
  if (size <= longestLine) return false
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(probeBytes)
  try {
    for (let at = 0; at + probeBytes <= size; at += probeEvery) {
      readSync(file, bytes, 0, probeBytes, at)
      if (bytes.includes(0x0a)) continue
      // It may still be a line of a length that is borne.
      let from = at
      while (from < size && from - at <= longestLine) {
        const read = readSync(file, bytes, 0, probeBytes, from)
        if (bytes.subarray(0, read).includes(0x0a)) break
        from += read
      }
      if (from - at > probeEvery) return true
    }
    return false
  } finally {
    closeSync(file)
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** By the mark at the start, or by every second byte of the first ones being zero. */
function encodingOf(path: string): Encoding {
  const start = Buffer.alloc(32)
  const file = openSync(path, 'r')
  const size = readSync(file, start, 0, start.length, 0)
  closeSync(file)
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const isZero = (offset: number) => (_: number, index: number) =>
    index % 2 === offset ? start[index] === 0 : start[index] !== 0
  const bytes = [...start.subarray(0, size)]
  if (size < start.length) return 'utf-8'
  if (bytes.every((byte, index) => isZero(1)(byte, index))) return 'utf-16le'
  return bytes.every((byte, index) => isZero(0)(byte, index)) ? 'utf-16be' : 'utf-8'
}

/** A plain copy with what can be read of a file. */
async function salvage(file: LogFile, dir: string, isBroken = false): Promise<LogFile> {
  const encoding = file.compression === 'none' ? encodingOf(file.path) : 'utf-8'
  const path = join(dir, `${file.writtenMs}-${file.sizeBytes}.readable`)
  const found = { cut: 0, broken: '' }
  const bytes = decoded(unpacked(file, found, isBroken), encoding)
  const isRecords = encoding === 'utf-8' && isDocument(startOf(file))
  try {
    await pipeline(isRecords ? eachRecord(bytes) : cutLines(bytes, found), createWriteStream(path))
  } catch (error) {
    throw explainCopy(error, dir, file.name)
  }
  const notes = [...file.notes]
  if (encoding !== 'utf-8')
    notes.push(`is written in ${encoding === 'utf-16le' ? 'UTF-16' : 'UTF-16 BE'}, and was read as such`)
  if (found.cut > 0)
    notes.push(`${plural(found.cut, 'line')} longer than ${longestLine >> 20} MiB: only the start was read`)
  if (/data check/.test(found.broken))
    notes.push('is damaged (its checksum does not fit): some of its lines are not what was written')
  else if (found.broken !== '')
    notes.push(
      `is broken (${found.broken}): the whole lines before the break were read, what follows is lost`,
    )
  return { ...file, path, compression: 'none', sizeBytes: statSync(path).size, notes }
}

interface Found {
  /** Lines that were cut. */
  cut: number
  /** Why the packed data cannot be read to its end; empty when it can. */
  broken: string
}

async function* unpacked(file: LogFile, found: Found, isBroken: boolean): AsyncGenerator<Buffer> {
  const chunks = createReadStream(file.path, { highWaterMark: 1 << 20 })
  if (file.compression === 'none') return yield* chunks
  if (file.compression === 'gzip') yield* gunzipped(chunks, found, isBroken, file.sizeBytes)
  else if (file.compression === 'zst') yield* unzstd(chunks, found)
  else return yield* throughProgram(file, found)
  if (
    found.broken === '' &&
    (isBroken || (file.compression === 'zst' && stopsEarly(file.path, 'zst', file.sizeBytes)))
  )
    found.broken = 'it stops early'
}

async function* gunzipped(
  chunks: AsyncIterable<Buffer>,
  found: Found,
  isBroken: boolean,
  sizeBytes: number,
): AsyncGenerator<Buffer> {
  // At an error Node drops what the current portion of output holds, so that portions are small here; a sudden end is then no error.
  const gunzip = createGunzip(isBroken ? { chunkSize: 1024, finishFlush: constants.Z_SYNC_FLUSH } : {})
  const feeding = (async () => {
    for await (const chunk of isBroken ? byteByByteAtLast(chunks, sizeBytes) : chunks)
      if (!gunzip.write(chunk)) await once(gunzip, 'drain')
    gunzip.end()
  })().catch(() => {})
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
    await feeding
  } catch (error) {
    found.broken = (error as Error).message
  } finally {
    gunzip.destroy()
  }
}

/** What follows the packed data would take the last of these with it, if it came in the same chunk. */
async function* byteByByteAtLast(chunks: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer> {
  const from = sizeBytes - (16 << 10)
  let at = 0
  for await (const chunk of chunks) {
    const whole = Math.max(0, Math.min(chunk.length, from - at))
    if (whole > 0) yield chunk.subarray(0, whole)
    for (let index = whole; index < chunk.length; index++) yield chunk.subarray(index, index + 1)
    at += chunk.length
  }
}

async function* unzstd(chunks: AsyncIterable<Buffer>, found: Found): AsyncGenerator<Buffer> {
  let ready: Buffer[] = []
  const unpack = new Decompress(chunk => ready.push(Buffer.from(chunk)))
  try {
    for await (const chunk of chunks) {
      ready = []
      unpack.push(chunk)
      yield* ready
    }
  } catch (error) {
    yield* ready
    found.broken = (error as Error).message
  }
}

/** xz and lz4 are unpacked by the programs of that name, where there are any. */
async function* throughProgram(file: LogFile, found: Found): AsyncGenerator<Buffer> {
  const program = file.compression
  const child = spawn(program, ['-dc', file.path], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(0, 300)
  })
  const ended = once(child, 'close').catch(cause => {
    throw new Fault(
      'input',
      'file-broken',
      `${file.name} is broken, and there is no ${program} here to unpack its start`,
      {
        hint: `install ${program}, or fetch the file again`,
        cause,
      },
    )
  })
  ended.catch(() => {})
  yield* child.stdout
  const [status] = (await ended) as [number | null]
  if (status !== 0) found.broken = said.trim().split('\n')[0]?.split(': ').at(-1) || 'it stops early'
}

async function* decoded(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') return yield* bytes
  const decoder = new TextDecoder(encoding)
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/** The same bytes with the rest of lines left out that are too long, and without a last half line where the data broke. */
async function* cutLines(bytes: AsyncIterable<Buffer>, found: Found): AsyncGenerator<Buffer> {
  let line: Buffer[] = []
  let size = 0
  let longest = longestLine
  let cutting = false
  for await (const chunk of bytes) {
    let from = 0
    while (from < chunk.length) {
      const end = chunk.indexOf(0x0a, from)
      const piece = chunk.subarray(from, end === -1 ? undefined : end + 1)
      from += piece.length
      if (size === 0) longest = piece[0] === 0x5b || piece[0] === 0x7b ? longestDocument : longestLine
      size += piece.length
      if (!cutting) line.push(piece)
      if (!cutting && size > longest) {
        cutting = true
        found.cut++
        line = [Buffer.concat(line).subarray(0, keptOfLine), Buffer.from('\n')]
      }
      if (end === -1) continue
      yield* line
      line = []
      size = 0
      cutting = false
    }
  }
  if (found.broken === '' || cutting) yield* line
}
