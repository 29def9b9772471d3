import type { Hono } from 'hono'
import type { SourceCoverage } from '../model/coverage.ts'
import { usualWindow } from '../model/usual-window.ts'
import { spoolLag } from '../store/collect.ts'
import { coverage } from '../store/coverage.ts'
import { type StoreStatus, storeStatus } from '../store/status.ts'
import type { Store } from '../store/store.ts'

/** What a store holds, what its sources delivered of late, and how far it is behind. */
export interface StatusAnswer {
  status: StoreStatus
  covered: SourceCoverage[]
  spool: ReturnType<typeof spoolLag> | null
}

/** The answer for an open database. One whose schema is older than this program is told as it is, and nothing is asked of tables to come. */
export async function statusAnswer(
  db: Store['db'],
  spoolDir: string | null,
  nowMs: number,
): Promise<StatusAnswer> {
  const status = await storeStatus(db)
  const isCurrent = status.version >= status.wanted
  return {
    status,
    covered: isCurrent && status.connections > 0 ? await coverage(db, usualWindow(nowMs)) : [],
    spool: spoolDir === null ? null : spoolLag(spoolDir),
  }
}

/** `GET /v1/store`: the state of the store, from the process that holds it; for the socket beside it. */
export function addStatus(app: Hono, store: Store, spoolDir: string): void {
  app.get('/v1/store', async context => context.json(await statusAnswer(store.db, spoolDir, Date.now())))
}
