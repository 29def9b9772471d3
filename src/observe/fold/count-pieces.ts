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
  /** The file of its plain lines, where they are to be listed. */
  listPath?: string
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

/** Of as many kinds the engine holds what they mean, while lines that are listed are brought together with them. */
const mostKindsListed = 1 << 18

/** Takes pieces until there are none. */
export function countPieces(share: Share): Counted {
  const { places, path, sizeBytes, pieceBytes, rowsPath, listPath, next } = share
  const source = openSync(path, 'r')
  const target = openSync(rowsPath, 'w')
  const list = listPath === undefined ? null : openSync(listPath, 'w')
  try {
    const counter = new LineCounter(places, source, target, list)
    const pieces: Counted['pieces'] = []
    for (;;) {
      const piece = Atomics.add(next, 0, 1)
      const from = piece * pieceBytes
      if (from >= sizeBytes) break
      const lines = counter.countPiece(piece, from, Math.min(from + pieceBytes, sizeBytes), sizeBytes)
      const isTooOdd = counter.oddBytes > oddBytesAllowed + (pieces.length * pieceBytes) / 8
      if (lines === null || isTooOdd || (list !== null && counter.kinds > mostKindsListed))
        return { pieces: [], isUseless: true }
      pieces.push({ piece, lines })
    }
    counter.finish()
    return { pieces, isUseless: false }
  } finally {
    closeSync(source)
    closeSync(target)
    if (list !== null) closeSync(list)
  }
}
