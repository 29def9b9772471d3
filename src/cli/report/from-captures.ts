import { closeSync, openSync, readSync } from 'node:fs'
import { rollUp } from '../../identify/roll-up.ts'
import type { Observation } from '../../model/observation.ts'
import type { HelloShape, UsageRow } from '../../model/usage.ts'
import { attributeTo } from '../../observe/attribute.ts'
import { captureBlind, observeConnection, shapeDictionary } from '../../observe/capture/observation.ts'
import { openCapture } from '../../observe/capture/open.ts'
import { readCapture } from '../../observe/capture/read.ts'
import type { Io } from '../command.ts'
import type { AccountsFrom } from '../read-logs.ts'
import type { Gathered } from './gather.ts'

/** First bytes of pcap (either byte order, micro- and nanoseconds) and of pcapng. */
const magics = [0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a]

/** Whether a file is a capture, by its first bytes; those that are compressed, by their name. Not a file: no. */
export function isCapture(path: string): boolean {
  const start = Buffer.alloc(4)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, start, 0, 4, 0)
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
  return magics.includes(start.readUInt32BE(0)) || /\.(pcap|pcapng|cap)\.(gz|zst)$/i.test(path)
}

export interface CapturesRead {
  rows: UsageRow[]
  shapes: HelloShape[]
  source: Gathered['sources'][number]
  skipped: Record<string, number>
  accountsFrom: AccountsFrom | null
}

/** Reads captures and counts them in memory. A file that stops within its last record is read up to there, and said to. */
export async function readCaptures(
  paths: readonly string[],
  accountsFrom: AccountsFrom | undefined,
  io: Io,
): Promise<CapturesRead> {
  const shapes = shapeDictionary()
  const observations: Observation[] = []
  const skipped: Record<string, number> = {}
  const skip = (why: string) => {
    skipped[why] = (skipped[why] ?? 0) + 1
  }
  for (const path of paths) {
    const events = readCapture(openCapture(path, io.stdin))
    for (;;) {
      const next = await events.next()
      if (next.done) {
        const { broken, cut } = next.value
        if (broken)
          io.stderr.write(
            `tlsunset: warning: ${path} is broken at byte ${broken.at}: wanted ${broken.want}\n`,
          )
        else if (cut) io.stderr.write(`tlsunset: warning: ${path} stops within its last packet\n`)
        break
      }
      if (next.value.kind === 'malformed_hello') skip('malformed hello')
      if (next.value.kind !== 'connection') continue
      const seen = observeConnection(next.value.connection, shapes)
      if (seen.ok) observations.push(seen.observation)
      else skip(seen.skip)
    }
  }
  const from = accountsFrom ?? bestAccounts(observations)
  const attributed = from ? observations.map(seen => attributeTo(seen, from)) : observations
  attributed.sort((a, b) => a.atMs - b.atMs)
  return {
    rows: rollUp(attributed),
    shapes: shapes.all(),
    source: { id: 'capture', title: 'packet capture', blind: captureBlind },
    skipped,
    accountsFrom: from,
  }
}

/** Without a word from the operator: the name asked for if any hello has one, else the client's address. */
function bestAccounts(observations: readonly Observation[]): AccountsFrom | null {
  if (observations.some(seen => seen.sni !== '')) return { by: 'sni' }
  return observations.some(seen => seen.address !== '') ? { by: 'address' } : null
}
