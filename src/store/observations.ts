import type { Observation } from '../model/observation.ts'
import { snakeKeys } from './columns.ts'
import type { Filing } from './hand-over.ts'
import type { Store } from './store.ts'

/** Files observations that this process holds, and the counts of what it skipped; `first` numbers the first of them within the batch. */
export async function insertObservations(
  store: Store,
  batch: string,
  filing: Filing,
  some: { rows: readonly Observation[]; skipped?: Readonly<Record<string, number>>; first: number },
): Promise<void> {
  const filed = { lot: filing.lot, collector: filing.collector, batch }
  const rows = some.rows.map(({ atMs, ...rest }, index) => ({
    ...filed,
    seq: some.first + index,
    why: '',
    at: new Date(atMs).toISOString().replace('T', ' ').replace('Z', ''),
    ...snakeKeys(rest),
  }))
  const source = some.rows[0]?.source ?? 'capture'
  const skips = Object.entries(some.skipped ?? {}).map(([why, count], index) => ({
    ...filed,
    seq: some.first + rows.length + index,
    why,
    source,
    count,
  }))
  await store.db.insert('intake', [...rows, ...skips])
}
