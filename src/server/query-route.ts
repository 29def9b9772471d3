import type { Hono } from 'hono'
import { readOnly } from '../store/read-only.ts'
import type { Store } from '../store/store.ts'

/** `POST /v1/query` with `sql` runs one SELECT. Only for the socket that the file system guards: it sees all of the store. */
export function addQuery(app: Hono, store: Store): void {
  app.post('/v1/query', async context => {
    const { sql } = ((await context.req.json().catch(() => null)) ?? {}) as { sql?: unknown }
    return context.json({ rows: await readOnly(store.db, String(sql ?? '')) })
  })
}
