import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Counted, countPieces, type Share } from './count-pieces.ts'
import type { LinePlaces } from './line-places.ts'

/** Rows of lines that were counted (line-counter.ts), in files that `remove` takes away. */
export interface CountedFile {
  rows: string[]
  /** Files of the plain lines (`listedStructure`), each beside the rows of their kinds; none where they were only counted. */
  lists: string[]
  /** How many lines come before each piece of the file. */
  linesBefore: number[]
  lines: number
  remove(): void
}

/** A worker takes about as long to start as these bytes take to count. */
const worthWorkers = 64 << 20
const leastPieceBytes = 16 << 20
const mostPieces = 2048

/**
 * Counts the lines of a plain file by the texts that make a difference, on all processors, and leaves the rows in `dir`. Null where that is no use,
 * since hardly any line is plain, one is too long to be held, or, where plain lines are to be listed too, there are too many kinds of them.
 */
export async function countFile(
  file: { path: string; sizeBytes: number },
  places: LinePlaces,
  dir: string,
  {
    listsLines = false,
    pieceBytes = Math.max(leastPieceBytes, Math.ceil(file.sizeBytes / mostPieces)),
  }: { listsLines?: boolean; pieceBytes?: number | undefined } = {},
): Promise<CountedFile | null> {
  const next = new Int32Array(new SharedArrayBuffer(4))
  const workers = runsBuilt && file.sizeBytes >= worthWorkers ? Math.min(8, availableParallelism()) : 0
  const shares = Array.from(
    { length: Math.max(1, workers) },
    (_, index): Share => ({
      ...{ places, path: file.path, sizeBytes: file.sizeBytes, pieceBytes, next },
      rowsPath: join(dir, `counted-${index}.rows`),
      ...(listsLines && { listPath: join(dir, `counted-${index}.lines`) }),
    }),
  )
  const remove = () => {
    for (const { rowsPath, listPath } of shares)
      for (const path of listPath === undefined ? [rowsPath] : [rowsPath, listPath])
        rmSync(path, { force: true })
  }
  try {
    const counted = await Promise.all(
      shares.map(workers === 0 ? async share => countPieces(share) : inWorker),
    )
    if (counted.some(({ isUseless }) => isUseless)) {
      remove()
      return null
    }
    return {
      rows: shares.map(({ rowsPath }) => rowsPath),
      lists: shares.flatMap(({ listPath }) => listPath ?? []),
      ...sums(counted),
      remove,
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** Sources are not what a worker can run. */
const runsBuilt = import.meta.url.endsWith('.js')

function inWorker(share: Share): Promise<Counted> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./fold-worker.js', import.meta.url), { workerData: share })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

function sums(counted: readonly Counted[]): Pick<CountedFile, 'linesBefore' | 'lines'> {
  const pieces = counted.flatMap(each => each.pieces).sort((a, b) => a.piece - b.piece)
  let sum = 0
  const linesBefore = pieces.map(({ lines }) => {
    const before = sum
    sum += lines
    return before
  })
  return { linesBefore, lines: sum }
}
