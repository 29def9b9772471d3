import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import { isCaptureMagic } from './container.ts'
import { emptySegment, type Segment } from './ip.ts'
import type { CaptureEnd } from './read.ts'
import { AGAIN, blocksOf, EMPTY, LAST, readRows, STATE, sharedMemory } from './segment-block.ts'

/** What the thread that takes frames apart is told, and what it tells at its end. */
export interface UnpackStart {
  file: number
  memory: SharedArrayBuffer
}
export type UnpackTold = { end: UnpackEnd } | { unreadable: string }
export type UnpackEnd = Omit<CaptureEnd, 'dropped'>

/** A smaller capture is read before another thread has started. */
const worthThreadBytes = 2 ** 26
const runsBuilt = import.meta.url.endsWith('.js')

/** Opens a file that is worth a second thread: a large capture that is not compressed. Null for all others, also those that cannot be read. */
export function openLargeCapture(path: string): number | null {
  if (!runsBuilt || availableParallelism() < 2) return null
  try {
    // Before it is opened: a pipe can be opened only once.
    const stat = statSync(path)
    if (!stat.isFile() || stat.size < worthThreadBytes) return null
    const file = openSync(path, 'r')
    const start = new Uint8Array(4)
    readSync(file, start, 0, 4, 0)
    if (isCaptureMagic(new DataView(start.buffer).getUint32(0))) return file
    closeSync(file)
  } catch {
    // Whoever reads it in the usual way says why it cannot be read.
  }
  return null
}

/**
 * Reads `file`, which it closes, in a thread of its own and hands its segments to `take`, but for those that carry nothing. Yields when a block of them
 * is done; what was found in it may be used until the next is asked for. Throws a Fault of kind input when the file cannot be read to its end, what
 * `signal` aborts ends with its error.
 */
export async function* unpack(
  { file, path }: { file: number; path: string },
  take: (segment: Segment) => void,
  signal?: AbortSignal,
): AsyncGenerator<void, UnpackEnd, void> {
  const memory = sharedMemory()
  const blocks = blocksOf(memory)
  const worker = new Worker(new URL('./unpack-worker.js', import.meta.url), {
    workerData: { file, memory } satisfies UnpackStart,
    // It keeps next to nothing, and the memory of a process is counted as one.
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
  })
  const told = new Promise<UnpackTold>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', error => {
      reject(error)
      for (const { head } of blocks) passOn(head, LAST)
    })
  })
  // A failure is met at the end.
  told.catch(() => {})
  const segment = emptySegment()
  try {
    for (let turn = 0, handled = 0; ; handled++) {
      const block = blocks[turn]!
      if ((await stateOf(block.head)) === LAST) {
        const last = await told
        if ('end' in last) return last.end
        throw new Fault('input', 'capture-unreadable', `cannot read ${path}: ${last.unreadable}`)
      }
      readRows(block, segment, take)
      yield
      if (block.head[AGAIN] === 0) turn = (turn + 1) % blocks.length
      passOn(block.head, EMPTY)
      // The next block is mostly ready: signals and slow outputs get their turn all the same.
      if (handled % blocksPerTurn === 0) await setImmediate()
      signal?.throwIfAborted()
    }
  } finally {
    await worker.terminate()
    closeSync(file)
  }
}

const blocksPerTurn = 16

/** Waits until it is this thread's turn. */
async function stateOf(head: Int32Array<SharedArrayBuffer>): Promise<number> {
  for (;;) {
    const state = Atomics.load(head, STATE)
    if (state !== EMPTY) return state
    await Atomics.waitAsync(head, STATE, EMPTY).value
  }
}

function passOn(head: Int32Array<SharedArrayBuffer>, state: number): void {
  Atomics.store(head, STATE, state)
  Atomics.notify(head, STATE)
}
