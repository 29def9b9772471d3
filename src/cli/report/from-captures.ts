import type { Readable } from 'node:stream'
import type { Fault } from '../../base/fault.ts'
import type { HelloShape, UsageRow } from '../../model/usage.ts'
import { isCaptureFile } from '../../observe/capture/detect.ts'
import { droppedText } from '../../observe/capture/dropped.ts'
import { captureBlind, observeConnection, shapeDictionary } from '../../observe/capture/observation.ts'
import { type CaptureEnd, readCaptureFile } from '../../observe/capture/read.ts'
import type { Io } from '../command.ts'
import { isOfFile } from '../faults.ts'
import type { AccountsFrom } from '../read-logs.ts'
import { countCaptured } from './captured-counts.ts'
import type { Gathered } from './gather.ts'

/** Whether a file is a capture, by its first bytes. Not a file: no. */
export function isCapture(path: string): boolean {
  return isCaptureFile(path)
}

export interface CapturesRead {
  rows: UsageRow[]
  shapes: HelloShape[]
  source: Gathered['sources'][number]
  skipped: Record<string, number>
  accountsFrom: AccountsFrom | null
  /** So many could be read. */
  files: number
  /** Those that could not. */
  faults: Fault[]
}

/** A file, or a stream that goes by the name of `path`. */
export interface CaptureInput {
  path: string
  stream?: Readable
}

/** Reads captures and counts them in memory. A file that stops within its last record is read up to there, and said to. */
export async function readCaptures(
  inputs: readonly CaptureInput[],
  accountsFrom: AccountsFrom | undefined,
  io: Io,
): Promise<CapturesRead> {
  const shapes = shapeDictionary()
  const counts = countCaptured(accountsFrom)
  const skipped: Record<string, number> = {}
  const skip = (why: string) => {
    skipped[why] = (skipped[why] ?? 0) + 1
  }
  const read = async ({ path, stream }: CaptureInput) => {
    const blocks = readCaptureFile(stream ? '-' : path, stream ?? io.stdin, io.signal)
    for (;;) {
      const next = await blocks.next()
      if (next.done) return warn(next.value, path, io)
      for (const event of next.value) {
        if (event.kind === 'malformed_hello') skip('malformed hello')
        if (event.kind !== 'connection') continue
        const seen = observeConnection(event.connection, shapes)
        if (seen.ok) counts.add(seen.observation)
        else skip(seen.skip)
      }
    }
  }
  const faults: Fault[] = []
  for (const input of inputs)
    await read(input).catch(error => {
      if (!isOfFile(error)) throw error
      faults.push(error)
    })
  return {
    ...counts.end(),
    shapes: shapes.all(),
    source: { id: 'capture', title: 'packet capture', blind: captureBlind },
    skipped,
    files: inputs.length - faults.length,
    faults,
  }
}

function warn({ broken, cut, dropped }: CaptureEnd, path: string, io: Io): void {
  const say = (text: string) => io.stderr.write(`tlsunset: warning: ${text}\n`)
  if (broken) say(`${path} is broken at byte ${broken.at}: wanted ${broken.want}`)
  else if (cut) say(`${path} stops within its last packet`)
  const lost = droppedText(dropped)
  if (lost) say(`${path}: ${lost}`)
}
