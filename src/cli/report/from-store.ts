import { existsSync } from 'node:fs'
import { Fault } from '../../base/fault.ts'
import type { Io } from '../command.ts'
import type { Gathered } from './gather.ts'

/** Reads the roll-up of a window from the store, which nobody else may be using if it is a directory. */
export async function gatherFromStore(
  where: string | undefined,
  window: { fromMs: number; toMs: number },
  io: Io,
): Promise<Gathered> {
  const { locationText, parseLocation } = await import('../../store/location.ts')
  const location = parseLocation(where, io)
  if (location.kind === 'directory' && !existsSync(location.path))
    throw new Fault('input', 'no-store', `there is no store at ${location.path}`, {
      hint: 'tlsunset report FILE reads a log or capture without a store; tlsunset ingest FILE fills one',
    })
  const { openStore } = await import('../../store/store.ts')
  const { usageRows, sourcesSeen } = await import('../../store/usage.ts')
  const { helloShapes } = await import('../../store/hellos.ts')
  const store = await openStore(location)
  try {
    const rows = await usageRows(store.db, window)
    const wanted = new Set(rows.map(row => row.shape).filter(shape => shape !== ''))
    const shapes = await helloShapes(store.db, [...wanted])
    const sources = await sourcesSeen(store.db, window)
    const skipped: Record<string, number> = {}
    for (const source of sources)
      for (const [why, count] of Object.entries(source.skipped)) skipped[why] = (skipped[why] ?? 0) + count
    return {
      rows,
      shapes: new Map(shapes.map(shape => [shape.id, shape])),
      sources: sources.map(({ source }) => ({ id: source, title: source, blind: [] })),
      skipped,
      accountsBy: `as stored in ${locationText(location)}`,
      window,
    }
  } finally {
    await store.close()
  }
}
