import { closeSync, openSync } from 'node:fs'
import { LineCounter } from './line-counter.ts'
import type { LinePlaces } from './line-places.ts'

/** What one of those who count the lines of a file together is to do. */
export interface Share {
  places: LinePlaces
  path: string
  sizeBytes: number
  pieceBytes: number
  /** The file of its rows. */
  rowsPath: string
  /** The number of the next piece that nobody has taken, for all of them. */
  next: Int32Array
}

/** Lines of the pieces that were taken; an empty list of them where counting is no use: the engine then reads the file. */
export interface Counted {
  pieces: { piece: number; lines: number }[]
  isUseless: boolean
}

/** Beyond this lines are handed on one by one only while they are the smaller part: the others would only be copied. */
const oddBytesAllowed = 64 << 20

/** Takes pieces until there are none. */
export function countPieces({ places, path, sizeBytes, pieceBytes, rowsPath, next }: Share): Counted {
  const source = openSync(path, 'r')
  const target = openSync(rowsPath, 'w')
  try {
    const counter = new LineCounter(places, source, target)
    const pieces: Counted['pieces'] = []
    for (;;) {
      const piece = Atomics.add(next, 0, 1)
      const from = piece * pieceBytes
      if (from >= sizeBytes) break
      const lines = counter.countPiece(piece, from, Math.min(from + pieceBytes, sizeBytes), sizeBytes)
      if (lines === null || counter.oddBytes > oddBytesAllowed + (pieces.length * pieceBytes) / 8)
        return { pieces: [], isUseless: true }
      pieces.push({ piece, lines })
    }
    counter.finish()
    return { pieces, isUseless: false }
  } finally {
    closeSync(source)
    closeSync(target)
  }
}
