import type { CaptureEvent, Connection } from '../../src/observe/capture/connection.ts'
import { type CaptureEnd, readCapture } from '../../src/observe/capture/read.ts'

export interface WholeCapture {
  events: CaptureEvent[]
  connections: Connection[]
  end: CaptureEnd
  /** `kind` and SNI or number of each event, in order: enough to compare. */
  summary: string[]
}

/** Reads a capture that is in memory, in pieces of `pieceBytes`. */
export async function wholeCapture(bytes: Uint8Array, pieceBytes = bytes.length || 1): Promise<WholeCapture> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  return allOf(readCapture(pieces()))
}

export async function allOf(reading: AsyncGenerator<CaptureEvent, CaptureEnd, void>): Promise<WholeCapture> {
  const events: CaptureEvent[] = []
  for (;;) {
    const next = await reading.next()
    if (next.done) {
      const connections = events.flatMap(event => (event.kind === 'connection' ? [event.connection] : []))
      return { events, connections, end: next.value, summary: events.flatMap(briefly) }
    }
    events.push(next.value)
  }
}

function briefly(event: CaptureEvent): string[] {
  if (event.kind === 'client_hello') return [`client_hello ${event.hello.offer.sni}`]
  if (event.kind === 'server_hello') return [`server_hello ${event.hello.suite}`]
  if (event.kind === 'alert') return [`alert ${event.alert.description}`]
  return event.kind === 'connection' ? [] : [event.kind]
}
