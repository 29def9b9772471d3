import type { Readable } from 'node:stream'
import type { Bad } from '../../base/result.ts'
import { type CaptureEvent, connectionReader } from './connection.ts'
import { packetReader } from './container.ts'
import { type Segment, transportReader } from './ip.ts'
import { openCapture } from './open.ts'
import { type Clock, type Dropped, tcpReader } from './tcp.ts'
import { openLargeCapture, unpack } from './unpack.ts'

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
  const streams = streamReader()
  const seen = { packets: 0, segments: 0, firstMs: 0, lastMs: 0 }
  const transports = transportReader({
    segment(segment) {
      seen.segments++
      streams.segment(segment)
    },
    acknowledgment() {
      seen.segments++
    },
    datagram() {},
  })
  const reader = packetReader(packet => {
    seen.packets++
    if (seen.firstMs === 0) seen.firstMs = packet.atMs
    seen.lastMs = packet.atMs
    transports(packet)
  })
  for await (const chunk of chunks) {
    reader.push(chunk)
    yield* streams.found()
    if (reader.broken()) break
  }
  const dropped = streams.end()
  yield* streams.found()
  return { ...seen, broken: reader.broken(), cut: reader.cut(), dropped }
}

/**
 * The same of a file, or of `stdin` when the name is `-`. The frames of a large file are taken apart by a second thread. Throws as `openCapture` does.
 */
export async function* readCaptureFile(
  file: string,
  stdin: Readable,
  signal?: AbortSignal,
): AsyncGenerator<CaptureEvent[], CaptureEnd, void> {
  const large = file === '-' ? null : openLargeCapture(file)
  if (large === null) return yield* readCaptureBlocks(openCapture(file, stdin, signal))
  const streams = streamReader()
  const segments = unpack({ file: large, path: file }, streams.segment, signal)
  try {
    for (;;) {
      const next = await segments.next()
      if (next.done) {
        const dropped = streams.end()
        yield* streams.found()
        return { ...next.value, dropped }
      }
      yield* streams.found()
    }
  } finally {
    await segments.return({} as never)
  }
}

interface StreamReader {
  segment(segment: Segment): void
  /** What was found since it was last asked, in one list or in none. */
  found(): CaptureEvent[][]
  /** At the end of the capture. */
  end(): Dropped
}

/** From segments to what is found in them. */
function streamReader(): StreamReader {
  const clock: Clock = { frame: 0, atMs: 0 }
  let found: CaptureEvent[] = []
  const tell = (event: CaptureEvent) => {
    found.push(event)
  }
  const tcp = tcpReader(connectionReader(clock, tell), clock)
  return {
    segment: tcp.segment,
    found() {
      const some = found
      found = []
      return some.length > 0 ? [some] : []
    },
    end() {
      tcp.end()
      return tcp.dropped()
    },
  }
}
