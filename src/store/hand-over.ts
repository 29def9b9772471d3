import { randomUUID } from 'node:crypto'
import { dayMs, utcDay } from '../base/time.ts'
import { quote } from './columns.ts'
import { rawDays } from './raw-days.ts'
import { migrations } from './schema.ts'
import type { Store } from './store.ts'

/**
 * Taking in batches exactly once. The ledger gets a row `begun` before the rows of a batch are written and a row `done` after. A batch that
 * was begun and is not done is in doubt: some of its rows may be in `observations`, and some of those in the roll-up. Its rows are then
 * deleted, the roll-up of their lot is made again from the rows that remain, put in place in one step, and the batch starts anew. A process
 * may be killed between any two statements; the next one to take in the batch does the same again, with the same result.
 */

export interface Batch {
  /** Name of the segment, or hash of the content of a file. */
  batch: string
  kind: 'segment' | 'file'
  /** Where it came from, for people. */
  origin: string
  source?: string
  /** Of files: what tells them again when they have moved or grown. */
  fingerprint?: string
  sizeBytes?: number
  head?: string
  foot?: string
}

/** Where rows are to be filed, and the name of the statement that files them. */
export interface Filing {
  lot: string
  collector: string
  attempt: string
}

export interface Taken {
  batch: string
  observations: number
  /** Lines that gave no observation. */
  skipped: number
  /** It was in the ledger already, and nothing was done. */
  before: boolean
}

/**
 * Takes in those of the batches that are not in the ledger. `write` inserts all rows of the given batches into `intake`, filed as told.
 */
export async function handOver(
  store: Store,
  batches: readonly Batch[],
  write: (todo: readonly Batch[], filing: Filing) => Promise<void>,
  nowMs: number = Date.now(),
): Promise<Taken[]> {
  if (batches.length === 0) return []
  return store.exclusively(async () => {
    const known = await ledgerOf(store, batches)
    const doubtful = [...known.values()].filter(entry => !entry.done && entry.begun)
    const kept = await undo(store, doubtful, nowMs)

    const todo = batches.filter(({ batch }) => !known.get(batch)?.done && !kept.has(batch))
    const filing = { lot: utcDay(nowMs), collector: store.collector, attempt: `tlsunset-${randomUUID()}` }
    if (todo.length > 0) {
      await record(store, todo, 'begun', filing, new Map())
      store.onStep('begun')
      await write(todo, filing)
      store.onStep('written')
    }
    const fresh = batches.filter(({ batch }) => !known.get(batch)?.done)
    const counts = await count(store, fresh)
    await record(store, fresh, 'done', filing, counts)
    store.onStep('done')
    return batches.map(({ batch }) => {
      const entry = known.get(batch)
      if (entry?.done)
        return { batch, observations: entry.observations, skipped: entry.skipped, before: true }
      return { batch, ...(counts.get(batch) ?? nothing), before: false }
    })
  })
}

/**
 * Takes back what files left half taken in when their process died: their content may have grown since, and then comes back under another
 * name. Segments need no such care, since they are handed over again as they are.
 */
export async function settleFiles(store: Store, nowMs: number = Date.now()): Promise<number> {
  return store.exclusively(async () => {
    const found = await store.db.rows<Filing & { batch: string }>(
      `SELECT batch, argMax(lot, at) AS lot, any(collector) AS collector, argMax(attempt, at) AS attempt
       FROM batches AS b WHERE b.kind = 'file' AND b.collector = {collector:String}
       GROUP BY batch HAVING argMax(state, (at, state)) = 'begun'`,
      { collector: store.collector },
    )
    const doubtful = found.map(entry => ({ ...entry, ...nothing, done: false }))
    const kept = await undo(store, doubtful, nowMs)
    for (const entry of doubtful)
      if (!kept.has(entry.batch))
        await record(store, [{ batch: entry.batch, kind: 'file', origin: '' }], 'undone', entry, new Map())
    return doubtful.length
  })
}

interface Entry extends Filing {
  batch: string
  done: boolean
  begun?: boolean
  observations: number
  skipped: number
}

const nothing = { observations: 0, skipped: 0 }

async function ledgerOf(store: Store, batches: readonly Batch[]): Promise<Map<string, Entry>> {
  const found = await store.db.rows<Entry>(
    `SELECT batch, countIf(state = 'done') > 0 AS done, argMaxIf(lot, at, state = 'begun') AS lot,
       argMax(state, (at, state)) = 'begun' AS begun, argMaxIf(collector, at, state = 'begun') AS collector, argMaxIf(attempt, at, state = 'begun') AS attempt,
       max(observations) AS observations, max(skipped) AS skipped
     FROM batches WHERE batch IN {ids:Array(String)} GROUP BY batch`,
    { ids: batches.map(each => each.batch) },
  )
  return new Map(
    found.map(row => [
      row.batch,
      {
        ...row,
        done: Boolean(row.done),
        begun: Boolean(row.begun),
        observations: Number(row.observations),
        skipped: Number(row.skipped),
      },
    ]),
  )
}

async function record(
  store: Store,
  batches: readonly Batch[],
  state: 'begun' | 'done' | 'undone',
  filing: Filing,
  counts: ReadonlyMap<string, typeof nothing>,
): Promise<void> {
  const at = new Date().toISOString().replace('T', ' ').replace('Z', '')
  await store.db.insert(
    'batches',
    batches.map(batch => ({
      batch: batch.batch,
      state,
      at,
      ...filing,
      kind: batch.kind,
      origin: batch.origin,
      source: batch.source ?? '',
      ...(counts.get(batch.batch) ?? nothing),
      fingerprint: batch.fingerprint ?? '',
      size_bytes: batch.sizeBytes ?? 0,
      head: batch.head ?? '',
      foot: batch.foot ?? '',
    })),
  )
}

async function count(store: Store, batches: readonly Batch[]): Promise<Map<string, typeof nothing>> {
  const ids = batches.map(each => each.batch)
  const [seen, skipped] = await Promise.all([
    store.db.rows<{ batch: string; rows: number }>(
      'SELECT batch, count() AS rows FROM observations WHERE batch IN {ids:Array(String)} GROUP BY batch',
      { ids },
    ),
    store.db.rows<{ batch: string; rows: number }>(
      'SELECT batch, sum(lines) AS rows FROM skips WHERE batch IN {ids:Array(String)} GROUP BY batch',
      { ids },
    ),
  ])
  const counts = new Map(ids.map(id => [id, { ...nothing }]))
  for (const row of seen) counts.get(row.batch)!.observations = Number(row.rows)
  for (const row of skipped) counts.get(row.batch)!.skipped = Number(row.rows)
  return counts
}

/** Takes back what batches in doubt left behind. Answers those that must be left as they are: raw rows of their lot may have expired, so that it can no longer be made again. */
async function undo(store: Store, doubtful: readonly Entry[], nowMs: number): Promise<Set<string>> {
  const oldest = utcDay(nowMs - (rawDays - 2) * dayMs)
  const kept = new Set(doubtful.filter(entry => entry.lot < oldest).map(entry => entry.batch))
  const undone = doubtful.filter(entry => !kept.has(entry.batch))
  if (undone.length === 0) return kept
  if (store.db.kind === 'server')
    // The statement of an attempt that we gave up on may still be running there.
    for (const attempt of new Set(undone.map(entry => entry.attempt)))
      await store.db.run(
        `KILL QUERY ${onCluster(store)} WHERE query_id = ${quote(attempt)} OR initial_query_id = ${quote(attempt)} SYNC`,
      )
  const ids = undone.map(entry => entry.batch)
  for (const table of ['observations', 'skips'])
    await store.db.run(
      `ALTER TABLE ${localTable(store, table)} DELETE WHERE batch IN (${ids.map(quote).join(', ')}) SETTINGS mutations_sync = 2`,
    )
  store.onStep('deleted')
  const lots = new Map(undone.map(({ lot, collector }) => [`${lot} ${collector}`, { lot, collector }]))
  for (const lot of lots.values()) await rebuildLot(store, lot)
  return kept
}

function onCluster({ cluster }: Store): string {
  return cluster === null ? '' : `ON CLUSTER ${quote(cluster)}`
}

/** The table that holds rows, on every node of a cluster: what lies over it can neither delete nor drop. */
function localTable(store: Store, table: string): string {
  return store.cluster === null ? table : `${table}_local ${onCluster(store)}`
}

/** Makes the roll-up of one lot again from its raw rows, and puts it in place in one step. */
async function rebuildLot(store: Store, lot: { lot: string; collector: string }): Promise<void> {
  const partition = `(${quote(lot.lot)}, ${quote(lot.collector)})`
  const inLot = `lot = ${quote(lot.lot)} AND collector = ${quote(lot.collector)}`
  const again = viewSelect('observations_usage').replace(
    'FROM observations',
    `FROM observations WHERE ${inLot}`,
  )
  if (store.cluster !== null) {
    // No step is one for all shards. Until the second is done the lot is missing from answers; its batches stay in doubt, so that whoever takes
    // over after a crash does both again.
    for (const table of ['usage', 'source_days'])
      await store.db.run(`ALTER TABLE ${localTable(store, table)} DROP PARTITION ${partition}`)
    store.onStep('made again')
    await store.db.run(`INSERT INTO usage ${again}`)
    store.onStep('replaced')
    return
  }
  await store.db.run('DROP TABLE IF EXISTS usage_again SYNC')
  await store.db.run('CREATE TABLE usage_again AS usage')
  await store.db.run(`INSERT INTO usage_again ${again}`)
  store.onStep('made again')
  const [left] = await store.db.rows<{ rows: number }>('SELECT count() AS rows FROM usage_again')
  // An empty source is refused by newer engines, and older ones do not know the setting that allows it.
  if (Number(left!.rows) === 0) await store.db.run(`ALTER TABLE usage DROP PARTITION ${partition}`)
  else await store.db.run(`ALTER TABLE usage REPLACE PARTITION ${partition} FROM usage_again`)
  store.onStep('replaced')
  await store.db.run('DROP TABLE IF EXISTS usage_again SYNC')
  await store.db.run(`ALTER TABLE source_days DROP PARTITION ${partition}`)
  await store.db.run(
    `INSERT INTO source_days ${viewSelect('usage_source_days').replace('FROM usage', `FROM usage WHERE ${inLot}`)}`,
  )
}

/** The SELECT of a view, so that there is one text of it. */
function viewSelect(name: string): string {
  for (const { statements } of migrations().reverse()) {
    const view = statements.find(statement => statement.includes(`VIEW IF NOT EXISTS ${name}`))
    if (view) return view.slice(view.indexOf('SELECT'))
  }
  throw new Error(`no migration makes the view ${name}`)
}
