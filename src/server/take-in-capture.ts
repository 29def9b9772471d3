import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { Observation } from '../model/observation.ts'
import { type AccountsFrom, attributeTo } from '../observe/attribute.ts'
import { droppedText } from '../observe/capture/dropped.ts'
import { observeConnection, shapeDictionary } from '../observe/capture/observation.ts'
import { openCapture } from '../observe/capture/open.ts'
import { readCapture } from '../observe/capture/read.ts'
import { type Batch, handOver } from '../store/hand-over.ts'
import { addHellos } from '../store/hellos.ts'
import { insertObservations } from '../store/observations.ts'
import type { Store } from '../store/store.ts'
import type { FileTaken } from './take-in.ts'

const rowsAtOnce = 10_000

/**
 * Takes a capture into the store, once by its content; `-` reads a running capture from stdin and hands over as it comes. Whoever is cut off
 * within a running capture loses what was read since the last hand-over.
 */
export async function takeInCapture(
  store: Store,
  path: string,
  options: { stdin?: Readable; accountsFrom?: AccountsFrom; now(): number; liveEveryMs?: number },
): Promise<Omit<FileTaken, 'skips'>> {
  const notes: string[] = []
  const total = { name: path, source: 'capture', observations: 0, skipped: 0 }
  const startMs = options.now()
  if (path !== '-') {
    const batch: Batch = {
      batch: await hashOf(path),
      kind: 'file',
      origin: path,
      source: 'capture',
      sizeBytes: statSync(path).size,
    }
    const [taken] = await handOver(store, [batch], async (_, filing) => {
      for await (const some of portions(path, options))
        await insertObservations(store, batch.batch, filing, some)
    })
    return { ...total, ...taken!, notes, part: taken!.before ? 'known' : 'whole' }
  }
  let part = 0
  const id = `capture-${startMs}-${process.pid}`
  for await (const some of portions(path, options)) {
    const batch: Batch = {
      batch: `${id}-${++part}`,
      kind: 'segment',
      origin: 'running capture',
      source: 'capture',
    }
    const [taken] = await handOver(store, [batch], (_, filing) =>
      insertObservations(store, batch.batch, filing, some),
    )
    total.observations += taken!.observations
    total.skipped += taken!.skipped
  }
  return { ...total, batch: id, before: false, notes, part: 'whole' }

  async function* portions(file: string, { stdin, accountsFrom, now, liveEveryMs = 2000 }: typeof options) {
    const shapes = shapeDictionary()
    const known = new Set<string>()
    let rows: Observation[] = []
    let skipped: Record<string, number> = {}
    let first = 1
    let handedMs = now()
    const take = async () => {
      const fresh = shapes.all().filter(shape => !known.has(shape.id))
      await addHellos(store.db, fresh)
      for (const shape of fresh) known.add(shape.id)
      const some = { rows, skipped, first }
      first += rows.length + Object.keys(skipped).length
      rows = []
      skipped = {}
      handedMs = now()
      return some
    }
    const events = readCapture(openCapture(file, stdin ?? Readable.from([])))
    for (;;) {
      const next = await events.next()
      if (next.done) {
        const { broken, cut, dropped } = next.value
        if (broken)
          notes.push(`is broken at byte ${broken.at} (wanted ${broken.want}): what comes before was read`)
        else if (cut) notes.push('stops within its last packet')
        const lost = droppedText(dropped)
        if (lost) notes.push(lost)
        break
      }
      if (next.value.kind === 'malformed_hello')
        skipped['malformed hello'] = (skipped['malformed hello'] ?? 0) + 1
      if (next.value.kind !== 'connection') continue
      const seen = observeConnection(next.value.connection, shapes)
      if (seen.ok) rows.push(accountsFrom ? attributeTo(seen.observation, accountsFrom) : seen.observation)
      else skipped[seen.skip] = (skipped[seen.skip] ?? 0) + 1
      if (rows.length >= rowsAtOnce || (file === '-' && rows.length > 0 && now() - handedMs >= liveEveryMs))
        yield await take()
    }
    yield await take()
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex').slice(0, 32)
}
