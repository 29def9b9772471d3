// Reads a capture and takes its frames apart, for the thread that looks for TLS in them (unpack.ts).
import { readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { whyUnreadable } from '../../base/unreadable.ts'
import { packetReader } from './container.ts'
import { type Segment, transportReader } from './ip.ts'
import { AGAIN, blocksOf, COUNT, EMPTY, FULL, LAST, pieceBytes, rowWriter, STATE } from './segment-block.ts'
import type { UnpackStart, UnpackTold } from './unpack.ts'

const { file, memory } = workerData as UnpackStart
const blocks = blocksOf(memory)
const rows = rowWriter()
const end = { packets: 0, segments: 0, firstMs: 0, lastMs: 0 }
let turn = 0

const transports = transportReader({
  segment(segment) {
    end.segments++
    write(segment)
  },
  acknowledgment() {
    end.segments++
  },
  datagram() {},
})
const reader = packetReader(packet => {
  end.packets++
  if (end.firstMs === 0) end.firstMs = packet.atMs
  end.lastMs = packet.atMs
  transports(packet)
})

function write(segment: Segment): void {
  if (rows.write(segment)) return
  // No room: what is there is read first, while the piece of the file stays.
  handOver(FULL, true)
  awaitTurn()
  rows.write(segment)
}

function awaitTurn(): void {
  const block = blocks[turn]!
  for (;;) {
    const state = Atomics.load(block.head, STATE)
    if (state === EMPTY) break
    Atomics.wait(block.head, STATE, state)
  }
  rows.start(block)
}

function handOver(state: number, isAgain: boolean): void {
  const { head } = blocks[turn]!
  head[COUNT] = rows.count()
  head[AGAIN] = isAgain ? 1 : 0
  Atomics.store(head, STATE, state)
  Atomics.notify(head, STATE)
}

/** How much was read, 0 at the end; null when it cannot be read. */
function readPiece(): number | null {
  try {
    return readSync(file, blocks[turn]!.bytes, 0, pieceBytes, null)
  } catch (error) {
    tell({ unreadable: whyUnreadable(error) })
    return null
  }
}

function tell(what: UnpackTold): void {
  parentPort!.postMessage(what)
}

let size: number | null
do {
  awaitTurn()
  size = readPiece()
  if (!size) break
  reader.push(blocks[turn]!.bytes.subarray(0, size))
  handOver(FULL, false)
  turn = (turn + 1) % blocks.length
} while (!reader.broken())
if (size !== null) tell({ end: { ...end, broken: reader.broken(), cut: reader.cut() } })
awaitTurn()
handOver(LAST, false)
