import type { Bad } from '../../base/result.ts'
import { type CaptureEvent, connectionReader } from './connection.ts'
import { packetReader } from './container.ts'
import { transportReader } from './ip.ts'
import { type Clock, type Dropped, tcpReader } from './tcp.ts'

/** How a capture ended and what was in it. */
export interface CaptureEnd {
  packets: number
  /** TCP segments among them. */
  segments: number
  firstMs: number
  lastMs: number
  /** The file is not what it should be, from this offset on. */
  broken: Bad | null
  /** The file stops within its last record: nothing before it is lost. */
  cut: Bad | null
  dropped: Dropped
}

/**
 * Reads a capture as it comes and gives what it finds, in the order of the frames that complete it; the return value says how the file ended. Memory
 * does not grow with the size of the capture.
 */
export async function* readCapture(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CaptureEvent, CaptureEnd, void> {
  const blocks = readCaptureBlocks(chunks)
  for (;;) {
    const next = await blocks.next()
    if (next.done) return next.value
    yield* next.value
  }
}

/** The same, all at once that one chunk of the file completes. */
export async function* readCaptureBlocks(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CaptureEvent[], CaptureEnd, void> {
  let found: CaptureEvent[] = []
  const clock: Clock = { frame: 0, atMs: 0 }
  const end: CaptureEnd = {
    packets: 0,
    segments: 0,
    firstMs: 0,
    lastMs: 0,
    broken: null,
    cut: null,
    dropped: { connections: 0, outOfOrderBytes: 0 },
  }
  const tcp = tcpReader(
    connectionReader(clock, event => found.push(event)),
    clock,
  )
  const transports = transportReader({
    segment(segment) {
      end.segments++
      tcp.segment(segment)
    },
    datagram() {},
  })
  const reader = packetReader(packet => {
    end.packets++
    if (end.firstMs === 0) end.firstMs = packet.atMs
    end.lastMs = packet.atMs
    transports(packet)
  })
  for await (const chunk of chunks) {
    reader.push(chunk)
    if (found.length > 0) {
      yield found
      found = []
    }
    if (reader.broken()) break
  }
  tcp.end()
  yield found
  end.broken = reader.broken()
  end.cut = reader.cut()
  end.dropped = tcp.dropped()
  return end
}
