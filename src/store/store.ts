import { hostname } from 'node:os'
import { Fault } from '../base/fault.ts'
import { type Database, openDatabase } from './database.ts'
import type { Location } from './location.ts'
import { applySchema, clusterOf } from './schema.ts'

/** The open store. One process hands batches over at a time under one `collector` name. */
export interface Store {
  db: Database
  location: Location
  /** The cluster over which its tables are spread; null: they are plain ones. */
  cluster: string | null
  /** Who takes in batches: rebuilding a lot touches only what this collector wrote. */
  collector: string
  /** An engine that reads files of this machine: the store's own, or one in memory beside a server. */
  reader(): Promise<Database>
  /** Called between the steps of a hand-over, so that tests can end the process at each of them. */
  onStep(step: string): void
  /** Runs hand-overs, rebuilds and audit entries one after the other. */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens a store and brings its schema up to date.
 * Throws Faults: environment (locked by another process, engine missing), unreachable (server does not answer).
 */
export async function openStore(
  location: Location,
  options: { collector?: string; onStep?: Store['onStep'] } = {},
): Promise<Store> {
  const db = await openDatabase(location)
  let cluster: string | null
  try {
    await applySchema(db)
    cluster = db.kind === 'server' ? await clusterOf(db) : null
  } catch (error) {
    await db.close()
    throw error
  }
  let beside: Promise<Database> | undefined
  let last: Promise<unknown> = Promise.resolve()
  return {
    db,
    location,
    cluster,
    collector: options.collector ?? (location.kind === 'server' ? hostname() : 'local'),
    reader: () => {
      if (db.kind === 'embedded') return Promise.resolve(db)
      beside ??= openDatabase({ kind: 'memory' }).catch(error => {
        throw forReading(error)
      })
      return beside
    },
    onStep: options.onStep ?? (() => {}),
    exclusively: work => {
      const next = last.then(work, work)
      last = next.catch(() => {})
      return next
    },
    close: async () => {
      await last
      await (await beside)?.close()
      await db.close()
    },
  }
}

/** To a store on a server logs are sent as rows: the engine that reads them is the embedded one, on this machine. */
function forReading(error: unknown): unknown {
  if (!(error instanceof Fault && error.code === 'store-engine-missing')) return error
  return new Fault(
    'environment',
    'reading-engine-missing',
    'logs are read by the embedded database, for a store on a server too, and it is not installed here',
    {
      hint:
        process.platform === 'win32'
          ? 'it does not run on Windows: take the logs in under WSL, or on Linux or macOS, with the same --store'
          : 'npm install chdb',
      cause: error,
    },
  )
}
