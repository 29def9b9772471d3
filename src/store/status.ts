import type { Database } from './database.ts'
import { planSchema } from './schema.ts'

export interface StoreStatus {
  /** Version of the schema, and the one that this program wants. */
  version: number
  wanted: number
  tables: { table: string; rows: number; sizeBytes: number }[]
  /** Of all observations in the roll-up; 0 when there are none. */
  oldestMs: number
  newestMs: number
  connections: number
  batches: number
  /** Batches that were begun and not finished; they are taken in again. */
  inDoubt: number
}

export async function storeStatus(db: Database): Promise<StoreStatus> {
  const { current, wanted } = await planSchema(db)
  const empty = {
    version: current,
    wanted,
    tables: [],
    oldestMs: 0,
    newestMs: 0,
    connections: 0,
    batches: 0,
    inDoubt: 0,
  }
  if (current === 0) return empty
  const tables = await db.rows<{ table: string; rows: number; sizeBytes: number }>(
    `SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS sizeBytes FROM system.parts
     WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table`,
  )
  const [seen] = await db.rows<Record<string, number>>(
    `SELECT sum(connections) AS all_, toUnixTimestamp64Milli(min(first_seen)) AS oldest, toUnixTimestamp64Milli(max(last_seen)) AS newest
     FROM usage`,
  )
  const [ledger] = await db.rows<Record<string, number>>(
    `SELECT countIf(last_state = 'done') AS done, countIf(last_state = 'begun') AS begun
     FROM (SELECT argMax(state, (at, state)) AS last_state FROM batches GROUP BY batch)`,
  )
  const connections = Number(seen?.all_ ?? 0)
  return {
    version: current,
    wanted,
    tables: tables.map(({ table, rows, sizeBytes }) => ({
      table,
      rows: Number(rows),
      sizeBytes: Number(sizeBytes),
    })),
    oldestMs: connections > 0 ? Number(seen!.oldest) : 0,
    newestMs: connections > 0 ? Number(seen!.newest) : 0,
    connections,
    batches: Number(ledger?.done ?? 0),
    inDoubt: Number(ledger?.begun ?? 0),
  }
}
