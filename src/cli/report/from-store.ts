import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Fault } from '../../base/fault.ts'
import { dayMs } from '../../base/time.ts'
import type { UsageAnswer, UsageQuery, Window } from '../../model/api.ts'
import { rhythmDays } from '../../model/usual-window.ts'
import { locationText, parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { Io } from '../command.ts'
import type { Gathered } from './gather.ts'

/** The roll-up of a window from the store: through the server that holds it, else by opening it. */
export async function gatherFromStore(
  where: string | undefined,
  window: Window,
  needs: { hours?: boolean; names?: boolean },
  io: Io,
): Promise<Gathered> {
  const location = parseLocation(where, io)
  const query: UsageQuery = {
    ...window,
    ...(needs.hours && { withHours: true }),
    ...(needs.names && { withNames: true }),
    historyDays: rhythmDays,
  }
  const { rows, shapes, sources, skipped, known, coverage } = await usageOf(location, query, io)
  return {
    rows,
    rowsAfter: async after => (await usageOf(location, { ...query, after: [...after] }, io)).rows,
    rowsOf: async account => (await usageOf(location, { ...window, account, everyRow: true }, io)).rows,
    shapes: new Map(shapes.map(shape => [shape.id, shape])),
    sources,
    skipped,
    junk: [],
    coverage,
    faults: [],
    accountsBy: `as stored in ${locationText(location)}`,
    window,
    rowsFromMs: window.fromMs - rhythmDays * dayMs,
    known,
  }
}

async function usageOf(
  location: ReturnType<typeof parseLocation>,
  query: UsageQuery,
  io: Io,
): Promise<UsageAnswer> {
  if (location.kind !== 'directory') return openAndAsk(location, query)
  if (!existsSync(location.path))
    throw new Fault('input', 'no-store', `there is no store at ${location.path}`, {
      hint: 'tlsunset report FILE reads a log or capture without a store; tlsunset ingest FILE fills one',
    })
  const ask = () => askServer<UsageAnswer>(location.path, '/v1/usage', io.signal, query)
  const answer = await ask()
  if (answer) return answer
  try {
    return await openAndAsk(location, query)
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'store-locked')) throw error
    // Somebody holds the store and does not answer yet: a server that is starting.
    for (let attempt = 0; attempt < startingAttempts; attempt++) {
      await setTimeout(startingPauseMs, undefined, { signal: io.signal })
      const late = await ask()
      if (late) return late
    }
    throw error
  }
}

const startingAttempts = 25
const startingPauseMs = 200

async function openAndAsk(
  location: ReturnType<typeof parseLocation>,
  query: UsageQuery,
): Promise<UsageAnswer> {
  const { openStore } = await import('../../store/store.ts')
  const { usageAnswer } = await import('../../server/store-facts.ts')
  const store = await openStore(location)
  try {
    return await usageAnswer(store.db, query)
  } finally {
    await store.close()
  }
}
