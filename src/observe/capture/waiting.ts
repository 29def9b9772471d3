import type { Clock } from './tcp.ts'

/** A segment's bytes that are kept. */
export interface Piece {
  /** Number of the first byte, as a signed word. */
  seq: number
  bytes: Uint8Array
  /** Bytes after these that belong to the segment and were not captured. */
  lost: number
  frame: number
  atMs: number
}

/** What is kept of one side of a connection. */
export interface Waiting {
  /** Segments that wait behind a gap, in order. */
  pieces: Piece[]
  sizeBytes: number
  /** What was handed out of a stream whose start was not seen, in case earlier bytes come late; null when they do not matter any more. */
  early: Piece[] | null
  earlyBytes: number
}

/** Keeps segments out of order, for all connections together in at most `mostBytes`. */
export interface WaitingRoom {
  open(withoutStart: boolean): Waiting
  /** In the order of sequence numbers; of equal ones the first copy stays first. */
  add(waiting: Waiting, piece: Piece): void
  /** This side, or all together, keep more than they may: the gap is to be given up. */
  isTooMuch(waiting: Waiting): boolean
  /** Takes the first piece. */
  shift(waiting: Waiting): void
  /** Keeps a copy of what is handed out of a stream without its start, as long as it is short. */
  remember(waiting: Waiting, seq: number, bytes: Uint8Array, clock: Clock): void
  /** The first segment that was captured was not the first of the stream: what was handed out goes back behind `piece`. False when it is not so. */
  startOver(waiting: Waiting, piece: Piece): boolean
  forgetEarly(waiting: Waiting): void
  clear(waiting: Waiting): void
  droppedBytes(): number
}

const maxBytes = 2 ** 17
const maxPieces = 96
const maxEarlyBytes = 2 ** 13
const maxEarlyPieces = 32
/** What a piece costs beside its bytes. */
const pieceBytes = 256

export function waitingRoom(mostBytes: number): WaitingRoom {
  let keptBytes = 0
  let droppedBytes = 0

  function add(waiting: Waiting, piece: Piece): void {
    const { pieces } = waiting
    let at = pieces.length
    while (at > 0 && ((piece.seq - pieces[at - 1]!.seq) | 0) < 0) at--
    pieces.splice(at, 0, piece)
    waiting.sizeBytes += piece.bytes.length
    keptBytes += piece.bytes.length + pieceBytes
  }

  function forgetEarly(waiting: Waiting): void {
    if (!waiting.early) return
    keptBytes -= waiting.earlyBytes + waiting.early.length * pieceBytes
    waiting.early = null
    waiting.earlyBytes = 0
  }

  return {
    open: withoutStart => ({ pieces: [], sizeBytes: 0, early: withoutStart ? [] : null, earlyBytes: 0 }),
    add,
    isTooMuch({ pieces, sizeBytes }) {
      if (keptBytes > mostBytes) droppedBytes += sizeBytes
      return keptBytes > mostBytes || pieces.length > maxPieces || sizeBytes > maxBytes
    },
    shift(waiting) {
      const { length } = waiting.pieces.shift()!.bytes
      waiting.sizeBytes -= length
      keptBytes -= length + pieceBytes
    },
    remember(waiting, seq, bytes, { frame, atMs }) {
      const early = waiting.early!
      const isLong = waiting.earlyBytes + bytes.length > maxEarlyBytes || early.length > maxEarlyPieces
      if (isLong || keptBytes > mostBytes) {
        forgetEarly(waiting)
        return
      }
      early.push({ seq, bytes: bytes.slice(), lost: 0, frame, atMs })
      waiting.earlyBytes += bytes.length
      keptBytes += bytes.length + pieceBytes
    },
    startOver(waiting, piece) {
      const { early } = waiting
      const first = early?.[0]
      if (!early || !first || ((first.seq - piece.seq) | 0) <= 0) return false
      forgetEarly(waiting)
      add(waiting, piece)
      for (const handed of early) add(waiting, handed)
      waiting.early = []
      return true
    },
    forgetEarly,
    clear(waiting) {
      forgetEarly(waiting)
      keptBytes -= waiting.sizeBytes + waiting.pieces.length * pieceBytes
      waiting.pieces = []
      waiting.sizeBytes = 0
    },
    droppedBytes: () => droppedBytes,
  }
}
