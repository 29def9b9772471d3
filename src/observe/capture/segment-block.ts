import type { Segment } from './ip.ts'

/**
 * Memory that two threads share: one reads a piece of a capture into it, takes the frames apart and writes a row for each segment that matters; the
 * other reads the rows, one after the other, and touches of the frames themselves no more than the payload that it wants.
 */
export interface SegmentBlock {
  /** A piece of the file, then room for payloads that do not lie in it. */
  bytes: Uint8Array
  /** Whose turn it is: STATE is waited for with Atomics. Then how many rows there are, and whether the same block comes again. */
  head: Int32Array<SharedArrayBuffer>
  words: Int32Array
  times: Float64Array
}

export const STATE = 0
export const COUNT = 1
export const AGAIN = 2

/** Values of STATE: the reader of the file may write, or the other one may read; LAST comes after all rows. */
export const EMPTY = 0
export const FULL = 1
export const LAST = 2

/** Large enough that a read costs more than asking for it, small enough to stay in the processor's cache. */
export const pieceBytes = 2 ** 19
/** Room for the longest frame. */
const asideBytes = 2 ** 18
const maxRows = 2 ** 13

// A row is a cache line: frame, sequence number, time (two words), ports, flags with size and family, where the payload is, addresses.
const rowWords = 16
const FRAME = 0
const SEQ = 1
const TIME = 2
const PORTS = 4
const FLAGS = 5
const FROM = 6
const TO = 7
const ADDRESSES = 8
const isV6 = 0x100
const sizeShift = 9

const headBytes = 64
const blockBytes = headBytes + 4 * rowWords * maxRows + pieceBytes + asideBytes

/** Enough that neither thread waits for the other while both have work. */
const blocks = 4

export function sharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(blocks * blockBytes)
}

/** The blocks in the order in which they are used, again and again. */
export function blocksOf(memory: SharedArrayBuffer): SegmentBlock[] {
  return Array.from({ length: blocks }, (_, index) => {
    const rowsAt = index * blockBytes + headBytes
    return {
      bytes: new Uint8Array(memory, rowsAt + 4 * rowWords * maxRows, pieceBytes + asideBytes),
      head: new Int32Array(memory, index * blockBytes, 3),
      words: new Int32Array(memory, rowsAt, rowWords * maxRows),
      times: new Float64Array(memory, rowsAt, (rowWords / 2) * maxRows),
    }
  })
}

/** Writes rows into a block until there is no room. */
export interface RowWriter {
  /** Begins anew with a block that holds no rows. */
  start(block: SegmentBlock): void
  /** False, and nothing is written, when the rows that are there have to be read first. */
  write(segment: Segment): boolean
  count(): number
}

export function rowWriter(): RowWriter {
  let block: SegmentBlock
  let count = 0
  /** Where the next payload goes that lies elsewhere: in a frame over two pieces of the file, or put together from fragments. */
  let aside = pieceBytes
  /** The bytes of the segment before, and where they begin in the block; -1 when they lie elsewhere. */
  let source: Uint8Array | null = null
  let start = -1

  return {
    start(next) {
      block = next
      count = 0
      aside = pieceBytes
      source = null
    },
    write(segment) {
      const { bytes, addresses, addressAt } = segment
      let { from, to } = segment
      if (count === maxRows) return false
      if (bytes !== source) {
        source = bytes
        start = bytes.buffer === block.bytes.buffer ? bytes.byteOffset - block.bytes.byteOffset : -1
      }
      if (start >= 0) {
        from += start
        to += start
      } else {
        if (aside + to - from > block.bytes.length) return false
        block.bytes.set(bytes.subarray(from, to), aside)
        to = aside + to - from
        from = aside
        aside = to
      }
      const at = count++ * rowWords
      const { words } = block
      words[at + FRAME] = segment.frame
      words[at + SEQ] = segment.seq
      block.times[(at + TIME) >> 1] = segment.atMs
      words[at + PORTS] = (segment.sport << 16) | segment.dport
      words[at + FLAGS] = segment.flags | (segment.isV6 ? isV6 : 0) | (segment.size << sizeShift)
      words[at + FROM] = from
      words[at + TO] = to
      for (let i = 0; i < 8; i++) words[at + ADDRESSES + i] = addresses[addressAt + i]!
      return true
    },
    count: () => count,
  }
}

/** Hands out the rows of a block as segments; the object is used again for the next one. */
export function readRows(
  { head, words, times, bytes }: SegmentBlock,
  segment: Segment,
  take: (segment: Segment) => void,
): void {
  segment.bytes = bytes
  segment.addresses = words
  const end = head[COUNT]! * rowWords
  for (let at = 0; at < end; at += rowWords) {
    const flags = words[at + FLAGS]!
    const ports = words[at + PORTS]!
    segment.frame = words[at + FRAME]! >>> 0
    segment.atMs = times[(at + TIME) >> 1]!
    segment.addressAt = at + ADDRESSES
    segment.isV6 = (flags & isV6) !== 0
    segment.sport = ports >>> 16
    segment.dport = ports & 0xffff
    segment.seq = words[at + SEQ]! >>> 0
    segment.flags = flags & 0xff
    segment.size = flags >>> sizeShift
    segment.from = words[at + FROM]!
    segment.to = words[at + TO]!
    take(segment)
  }
}
