import { randomBytes } from 'node:crypto'
import { readFileSync, readSync, writeSync } from 'node:fs'
import { startProgram } from '../../base/wasm.ts'
import type { LinePlaces, PartSpan } from './line-places.ts'
import { most } from './line-places.ts'

/** What lines.c exports; addresses are of its memory. */
interface Lines {
  memory: { buffer: ArrayBuffer }
  plan(): number
  chunk(): number
  chunkBytes(): number
  odd(): number
  oddCount(): number
  rows(): number
  nextPiece(): number
  take(from: number, to: number, piece: number): number
  handOn(): number
  groupsNumbered(): number
  listed(): number
  listedNth(): number
  listedSecond(): number
  listedGroup(): number
  listedAddresses(): number
  listedAddressesBytes(): number
  clearListed(): void
}

/** A chunk of this size stays in the caches from one step to the next. */
const readBytes = 1 << 20

const newline = 0x0a

/** The columns of the rows that a counter writes, in the engine's format RowBinary. */
export const rowStructure =
  'piece UInt32, nth UInt32, plain UInt8, number UInt32, lines UInt32, first_second UInt32, last_second UInt32, by_hour Array(UInt32), address_texts Array(String), line String'

/** The columns of plain lines that are listed one by one, in the engine's format Native: `number` is that of the row of their kind. */
const listedColumns = [
  ['piece', 'UInt16'],
  ['nth', 'UInt32'],
  ['second', 'UInt32'],
  ['number', 'UInt32'],
  ['address_text', 'String'],
] as const
export const listedStructure = listedColumns.map(each => each.join(' ')).join(', ')

/** So many lines are handed to the engine at once. */
const listedTogether = 1 << 16

/**
 * Counts lines of a file by the texts that make a difference, and writes a row for each kind, with one of its lines. Lines that are not plain get a row
 * each; those with another number of quotation marks than the log has, which the reading skips for that, share one. With a third file plain lines are
 * listed there instead of counted: each with the number of its kind, its time of day and its address; then every other line gets a row of its own.
 */
export class LineCounter {
  readonly #lines: Lines
  readonly #memory: Buffer
  readonly #chunk: number
  readonly #source: number
  readonly #target: number
  readonly #list: number | null
  /** Rows of lines that are not plain, not yet written. */
  #kept: Buffer[] = []
  #keptBytes = 0
  #oddBytes = 0

  /** Reads from one open file and writes to the others. */
  constructor(places: LinePlaces, source: number, target: number, list: number | null = null) {
    this.#lines = startProgram<Lines>(readFileSync(new URL('./lines.wasm', import.meta.url)))
    this.#memory = Buffer.from(this.#lines.memory.buffer)
    this.#chunk = this.#lines.chunk()
    this.#source = source
    this.#target = target
    this.#list = list
    writePlan(this.#memory, this.#lines.plan(), places, list !== null)
  }

  /** How many kinds of lines were told apart; one that was handed on and came again counts again. */
  get kinds(): number {
    return this.#lines.groupsNumbered()
  }

  /** Bytes of lines that were handed on one by one. */
  get oddBytes(): number {
    return this.#oddBytes
  }

  /**
   * Counts the lines that start from `from` up to before `to`, in a file of `size` bytes, and answers how many there are; null when one of them is too
   * long to be held.
   */
  countPiece(piece: number, from: number, to: number, size: number): number | null {
    const lines = this.#countPiece(piece, from, to, size)
    this.#writeListed(piece)
    return lines
  }

  #countPiece(piece: number, from: number, to: number, size: number): number | null {
    // A line starts here only when one ends before.
    let isInside = from === 0
    let position = isInside ? 0 : from - 1
    let have = 0
    for (;;) {
      const room = Math.min(readBytes, size - position, this.#lines.chunkBytes() - have - 1)
      if (room <= 0 && position < size) return null
      const read = room <= 0 ? 0 : readSync(this.#source, this.#memory, this.#chunk + have, room, position)
      const isAtEnd = read === 0 || position + read >= size
      position += read
      have += read
      let bytes = this.#memory.subarray(this.#chunk, this.#chunk + have)
      let start = 0
      if (!isInside) {
        start = bytes.indexOf(newline) + 1
        if (start === 0) {
          if (isAtEnd || position >= to) return this.#lines.nextPiece()
          have = 0
          continue
        }
        isInside = true
      }
      // The last line of the piece may end behind it.
      const left = to - (position - have)
      if (start >= left) return this.#lines.nextPiece()
      const last = left <= have ? bytes.indexOf(newline, Math.max(0, left - 1)) : -1
      let end = (last === -1 ? bytes.lastIndexOf(newline) : last) + 1
      if (last === -1 && isAtEnd && end < have) {
        this.#memory[this.#chunk + have] = newline
        end = have + 1
        bytes = this.#memory.subarray(this.#chunk, this.#chunk + end)
      }
      if (start < end) this.#take(start, end, piece)
      if (last !== -1 || isAtEnd) return this.#lines.nextPiece()
      bytes.copyWithin(0, Math.max(start, end))
      have -= Math.max(start, end)
    }
  }

  /** Writes what was counted. */
  finish(): void {
    for (let length = this.#lines.handOn(); length > 0; length = this.#lines.handOn())
      this.#write(this.#memory.subarray(this.#lines.rows(), this.#lines.rows() + length))
    this.#writeKept()
  }

  #take(from: number, to: number, piece: number): void {
    for (let at = from; at < to; ) {
      const reached = this.#lines.take(at, to, piece)
      const odd = this.#lines.oddCount()
      for (let index = 0; index < odd; index++) this.#addOdd(this.#lines.odd() + 12 * index, piece)
      const listed = this.#lines.listed()
      if (listed >= listedTogether || reached === at) this.#writeListed(piece)
      if (reached === at && odd === 0 && listed === 0) this.finish()
      at = reached
    }
  }

  #addOdd(at: number, piece: number): void {
    const [start, end, nth] = [0, 4, 8].map(after => this.#memory.readUInt32LE(at + after)) as [
      number,
      number,
      number,
    ]
    const length = end - start
    const row = Buffer.alloc(37 + length)
    row.writeUInt32LE(piece, 0)
    row.writeUInt32LE(nth, 4)
    row.writeUInt32LE(1, 13)
    let used = 27
    for (const byte of lengthBytes(length)) row[used++] = byte
    this.#memory.copy(row, used, this.#chunk + start, this.#chunk + end)
    this.#kept.push(row.subarray(0, used + length))
    this.#keptBytes += row.length
    this.#oddBytes += length
    if (this.#keptBytes > readBytes) this.#writeKept()
  }

  #writeKept(): void {
    this.#write(Buffer.concat(this.#kept))
    this.#kept = []
    this.#keptBytes = 0
  }

  /** Writes a block of lines that were listed, column by column. */
  #writeListed(piece: number): void {
    const count = this.#lines.listed()
    if (this.#list === null || count === 0) return
    const bytesAt = (at: number, size: number) => this.#memory.subarray(at, at + size)
    const columns = [
      Buffer.from(new Uint16Array(count).fill(piece).buffer),
      bytesAt(this.#lines.listedNth(), 4 * count),
      bytesAt(this.#lines.listedSecond(), 4 * count),
      bytesAt(this.#lines.listedGroup(), 4 * count),
      bytesAt(this.#lines.listedAddresses(), this.#lines.listedAddressesBytes()),
    ]
    this.#write(Buffer.from([columns.length, ...lengthBytes(count)]), this.#list)
    for (const [index, [name, type]] of listedColumns.entries()) {
      const header = [name, type].map(text => String.fromCharCode(text.length) + text).join('')
      this.#write(Buffer.from(header, 'latin1'), this.#list)
      this.#write(columns[index]!, this.#list)
    }
    this.#lines.clearListed()
  }

  #write(bytes: Buffer, target = this.#target): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(target, bytes, at)
  }
}

/** A length as the binary formats of the engine have it. */
function lengthBytes(length: number): number[] {
  const bytes: number[] = []
  let rest = length
  for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128)
  return [...bytes, rest]
}

/** The struct `plan` of lines.c. */
function writePlan(
  memory: Buffer,
  at: number,
  { parts, clockAfter, keys, asked, address }: LinePlaces,
  listsLines: boolean,
): void {
  // Nobody outside knows how keys are spread, so that nobody can make them meet.
  randomBytes(8).copy(memory, at)
  const amongAt = at + 8
  asked?.among.forEach((text, index) => {
    memory.write(text, amongAt + most.askedBytes * index, 'latin1')
  })
  const numbers = [
    parts,
    clockAfter,
    keys.length,
    asked?.among.length ?? 0,
    Number(asked !== null),
    Number(address !== null),
    Number(listsLines),
  ]
  const none: PartSpan = { part: 1, to: 1 }
  const spans = [
    ...Array.from({ length: most.keys }, (_, index) => keys[index] ?? none),
    asked?.at ?? none,
    address ?? none,
  ]
  for (const { part, to, word } of spans) numbers.push(part, to, word ?? 0)
  const numbersAt = amongAt + most.askedBytes * most.asked
  for (const [index, number] of numbers.entries()) memory.writeInt32LE(number, numbersAt + 4 * index)
}
