import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Database } from './database.ts'
import { type LogFile, lastLineEnd, linesOf, readingMemory } from './files.ts'

/**
 * The content of a log, however it is named and packed: the number of its lines, and two sums over the hashes of the lines. Sums of a part and
 * of what was added to it give those of the whole, so that a log that grows is read once.
 */
export interface Content {
  lines: number
  sum: bigint
  xor: bigint
}

const noContent: Content = { lines: 0, sum: 0n, xor: 0n }

export function together(a: Content, b: Content): Content {
  return { lines: a.lines + b.lines, sum: BigInt.asUintN(64, a.sum + b.sum), xor: a.xor ^ b.xor }
}

/** The text under which content stands in the ledger. */
export function fingerprintText({ lines, sum, xor }: Content): string {
  return [lines, sum.toString(16), xor.toString(16)].join('-')
}

function parseFingerprint(text: string): Content {
  const [lines = '0', sum = '0', xor = '0'] = text.split('-')
  return { lines: Number(lines), sum: BigInt(`0x${sum}`), xor: BigInt(`0x${xor}`) }
}

/** The content of the first `at` lines, for each of these in rising order, and at last of all. `lines` is a SELECT of `seq` and `line`. */
export async function contentOf(
  reader: Database,
  lines: string,
  at: readonly number[] = [],
): Promise<Content[]> {
  const part =
    at.length === 0
      ? 'toUInt64(0)'
      : `roundDown(toInt64(seq - 1), [toInt64(0), ${at.map(each => `toInt64(${each})`).join(', ')}])`
  const found = await reader.rows<{ part: string; lines: number; sum: string; xor: string }>(
    `SELECT toString(part) AS part, count() AS lines, toString(sum(hash)) AS sum, toString(groupBitXor(hash)) AS xor
     FROM (SELECT ${part} AS part, xxh3(line) AS hash FROM (${lines})) GROUP BY part
     SETTINGS max_memory_usage = ${readingMemory}, min_chunk_bytes_for_parallel_parsing = 1000000`,
  )
  const parts = new Map(
    found.map(row => [
      Number(row.part),
      { lines: Number(row.lines), sum: BigInt(row.sum), xor: BigInt(row.xor) },
    ]),
  )
  let whole = noContent
  return [0, ...at].map(start => {
    whole = together(whole, parts.get(start) ?? noContent)
    return whole
  })
}

/** The content of one line of a plain file. */
async function contentOfLine(reader: Database, path: string, from: number, to: number): Promise<Content> {
  const hex = Buffer.from(readAt(path, from, to - from)).toString('hex')
  const [found] = await reader.rows<{ hash: string }>('SELECT toString(xxh3(unhex({hex:String}))) AS hash', {
    hex,
  })
  return { lines: 1, sum: BigInt(found!.hash), xor: BigInt(found!.hash) }
}

/** So many bytes at the start and at the end of what was read tell whether a file is that one, grown. */
const markBytes = 4096

/** A hash of the first line that is no comment (IIS and others start every file with the same ones); undefined where there is none yet. */
export async function headOf(
  reader: Database,
  file: LogFile,
  sizeBytes: number,
): Promise<string | undefined> {
  if (file.table === undefined && file.compression === 'none') return headOfPlain(file.path, sizeBytes)
  const [first] = await reader.rows<{ start: string }>(
    `SELECT hex(substring(line, 1, ${markBytes})) AS start FROM (${linesOf(file, 'LineAsString')}) WHERE NOT startsWith(line, '#') LIMIT 1
     SETTINGS max_memory_usage = ${readingMemory}`,
  )
  return first && hash(Buffer.from(first.start, 'hex'))
}

function headOfPlain(path: string, sizeBytes: number): string | undefined {
  const start = Buffer.from(readAt(path, 0, Math.min(sizeBytes, 1 << 20)))
  for (let from = 0; from < start.length; ) {
    const end = start.indexOf(0x0a, from)
    const line = start.subarray(from, end === -1 ? undefined : end)
    // What is not a whole line may still change.
    if (end === -1 && line.length < markBytes) return undefined
    if (line[0] !== 0x23) return hash(line.subarray(0, markBytes))
    from = end === -1 ? start.length : end + 1
  }
  return undefined
}

/** A hash of the last bytes before `size`. */
export function footOf(path: string, size: number): string {
  const from = Math.max(0, size - markBytes)
  return hash(readAt(path, from, size - from))
}

export interface EarlierPart {
  content: Content
  /** Where it ends in a plain file; undefined when only its lines are known. */
  sizeBytes?: number
}

interface Candidate extends EarlierPart {
  /** Its last line was half written then: where that line starts. */
  halfFrom?: number
}

/** What the ledger holds that may be the beginning of this file, the longest first. */
export async function candidatesFor(
  db: Database,
  file: LogFile,
  head: string,
  sizeBytes: number,
): Promise<Candidate[]> {
  const isPlain = file.table === undefined && file.compression === 'none'
  const found = await db.rows<{ size_bytes: number; foot: string; fingerprint: string }>(
    `SELECT size_bytes, foot, fingerprint FROM batches
     WHERE kind = 'file' AND state = 'done' AND head = {head:String} AND (foot = '' OR NOT {isPlain:Bool} OR size_bytes <= {size:UInt64})
     ORDER BY toUInt64OrZero(splitByChar('-', fingerprint)[1]) DESC LIMIT 1000`,
    { head, isPlain, size: sizeBytes },
  )
  const candidates: Candidate[] = []
  for (const { size_bytes, foot, fingerprint } of found) {
    const content = parseFingerprint(fingerprint)
    if (content.lines === 0) continue
    const size = Number(size_bytes)
    if (!isPlain || foot === '') candidates.push({ content })
    else if (footOf(file.path, size) === foot) {
      const lineEnd = lastLineEnd(file.path, size)
      candidates.push({ content, sizeBytes: size, ...(lineEnd < size && { halfFrom: lineEnd }) })
    }
    if (candidates.length === 20) break
  }
  return candidates
}

/** Those lines of a file that tell whether it begins with a candidate. */
export function placesOf(candidates: readonly Candidate[]): number[] {
  const places = candidates.map(({ content, halfFrom }) => content.lines - (halfFrom === undefined ? 0 : 1))
  return [...new Set(places)].filter(place => place > 0).sort((a, b) => a - b)
}

/** The longest candidate that the file really begins with; `upTo` gives the content of its first lines. */
export async function earlierPart(
  reader: Database,
  file: LogFile,
  candidates: readonly Candidate[],
  upTo: (lines: number) => Content | undefined,
): Promise<EarlierPart | undefined> {
  for (const { content, sizeBytes, halfFrom } of candidates) {
    const wanted = fingerprintText(content)
    if (halfFrom === undefined || sizeBytes === undefined) {
      const there = upTo(content.lines)
      if (there && fingerprintText(there) === wanted)
        return { content, ...(sizeBytes !== undefined && { sizeBytes }) }
      continue
    }
    const before = content.lines === 1 ? noContent : upTo(content.lines - 1)
    if (
      !before ||
      fingerprintText(together(before, await contentOfLine(reader, file.path, halfFrom, sizeBytes))) !==
        wanted
    )
      continue
    // A line that was half written when it was read counts as it was; the rest of it is left out.
    return { content, sizeBytes: sizeBytes + restOfLine(file.path, sizeBytes) }
  }
  return undefined
}

/** Bytes from `at` to the end of the line that goes on there. */
function restOfLine(path: string, at: number): number {
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
