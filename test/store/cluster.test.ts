import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/base/time.ts'
import { accounts } from '../../src/store/clients.ts'
import { applyToCluster, clusterSchema, clusterStatements } from '../../src/store/cluster.ts'
import { collectOnce } from '../../src/store/collect.ts'
import { dailyRows } from '../../src/store/daily.ts'
import { openDatabase } from '../../src/store/database.ts'
import { foldedRows } from '../../src/store/folded.ts'
import { helloShapes } from '../../src/store/hellos.ts'
import { parseLocation } from '../../src/store/location.ts'
import { pulse, refusedIn } from '../../src/store/pulse.ts'
import { refusals } from '../../src/store/refusals.ts'
import { applySchema, migrations } from '../../src/store/schema.ts'
import { sightings } from '../../src/store/sightings.ts'
import { storeStatus } from '../../src/store/status.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { burnDown, skips, sourcesSeen, usageRows } from '../../src/store/usage.ts'
import { helloShape, observation, someMondayMs, writeSegment } from './made-up.ts'

const front = fileURLToPath(new URL('clickhouse-front.mjs', import.meta.url))
const window = { fromMs: someMondayMs - dayMs, toMs: someMondayMs + 2 * dayMs }

let dir: string
let child: ChildProcess
let where: ReturnType<typeof parseLocation>
let spread: Store
let plain: Store

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-cluster-'))
  child = spawn(process.execPath, [front, '0', 'main'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  where = parseLocation(`http://tls:s@127.0.0.1:${line.toString().trim()}/default`, { cwd: dir, env: {} })
  const db = await openDatabase(where)
  expect((await applyToCluster(db, 'main')).pending).toHaveLength(migrations().length)
  expect((await applyToCluster(db, 'main')).pending).toEqual([])
  // As after a crash before the last line.
  for (const statement of clusterStatements('main', migrations().slice(-1))) await db.run(statement)
  await db.close()
  spread = await openStore(where, { collector: 'test' })
  plain = await openStore({ kind: 'memory' }, { collector: 'test' })
})
afterAll(async () => {
  await spread?.close()
  await plain?.close()
  child.kill('SIGTERM')
  await once(child, 'exit')
  rmSync(dir, { recursive: true, force: true })
})

/** Four clients of three accounts on two days, some refused, and two lines that are none. */
function writeRows(spoolDir: string, name: string) {
  const rows = Array.from({ length: 24 }, (_, i) =>
    observation({
      account: ['a', 'b', 'c'][i % 3]!,
      atMs: someMondayMs + i * hourMs,
      shape: i % 4 === 0 ? 's1' : '',
      offeredMax: i % 2 ? 0x0301 : 0x0303,
      ...(i % 6 === 5
        ? { outcome: 'refused' as const, reason: 'version' as const, breaks: 'version' as const }
        : {}),
    }),
  )
  writeSegment(
    spoolDir,
    name,
    rows,
    [helloShape('s1')],
    '{"k":"d","accepted":2,"refused":1,"failed":0}\nnonsense\n',
  )
}

async function answers({ db }: Store) {
  const kinds = { breaks: [], passes: ['s1'], byAccount: [] }
  const byDay = (rows: object[]) => rows.map(row => JSON.stringify(row)).sort()
  return {
    usage: await usageRows(db, window),
    folded: byDay(await foldedRows(db, { ...window, historyDays: 5, withHours: true, withNames: true })),
    after: byDay(await foldedRows(db, { ...window, after: new Map([['a', someMondayMs]]) })),
    daily: byDay(await dailyRows(db, window, kinds)),
    accounts: await accounts(db),
    sources: await sourcesSeen(db, { fromMs: 0, toMs: Date.now() + dayMs }),
    skips: await skips(db, { fromMs: 0, toMs: Date.now() + dayMs }),
    burnDown: await burnDown(db, { ...window, floorVersion: 0x0303 }),
    refusals: await refusals(db, { ...window, limit: 3 }),
    refusalsOfOne: await refusals(db, { ...window, limit: 3, account: 'c' }),
    sightings: await sightings(db, { ...window, account: 'b', limit: 5 }),
    pulse: await pulse(db, { fromMs: someMondayMs, toMs: someMondayMs + 4 * hourMs }, hourMs),
    refused: await refusedIn(db, { fromMs: someMondayMs + 2 * hourMs, toMs: window.toMs }, window.toMs),
    hellos: await helloShapes(db),
  }
}

test('the store knows that it is spread over a cluster', () => {
  expect(spread.cluster).toBe('main')
  expect(plain.cluster).toBeNull()
})

test('every question has the same answer over a cluster as over plain tables', async () => {
  for (const store of [spread, plain]) {
    const spoolDir = join(dir, `spool-${store.cluster}`)
    writeRows(spoolDir, 'gw-1-1-1')
    expect(await collectOnce(store, spoolDir)).toEqual({ segments: 1, observations: 24, skipped: 4 })
  }
  const found = await answers(spread)
  expect(found.refusals).toHaveLength(3)
  expect(found.sightings.sightings).toHaveLength(5)
  expect(found.refused.connections).toBeGreaterThan(0)
  expect(found).toEqual(await answers(plain))
  expect(await storeStatus(spread.db)).toMatchObject({ connections: 24, batches: 1, inDoubt: 0 })
})

test('a batch that was cut off is taken back from the shards, and its lot made again', async () => {
  const spoolDir = join(dir, 'spool-cut')
  const before = await usageRows(spread.db, window)
  for (const step of ['written', 'deleted', 'made again', 'replaced']) {
    writeRows(spoolDir, 'gw-1-1-2')
    const cut = {
      ...spread,
      onStep: (at: string) => {
        if (at === step) throw new Error(`cut off when ${at}`)
      },
    }
    await expect(collectOnce(cut, spoolDir)).rejects.toThrow(`cut off when ${step}`)
  }
  expect(await collectOnce(spread, spoolDir)).toEqual({ segments: 1, observations: 24, skipped: 4 })
  expect(readdirSync(spoolDir)).toEqual([])
  const after = await usageRows(spread.db, window)
  expect(after.map(row => row.connections)).toEqual(before.map(row => 2 * row.connections))
})

test('long lists of values do not travel in the address', async () => {
  const ids = ['s1', ...Array.from({ length: 5_000 }, (_, i) => `unknown'\\${i}`)]
  expect(await helloShapes(spread.db, ids)).toEqual([helloShape('s1')])
  const after = new Map(ids.map(id => [id, someMondayMs]))
  expect(await foldedRows(spread.db, { ...window, after: new Map([...after, ['a', 0]]) })).not.toHaveLength(0)
})

test('an old schema of a cluster is not changed in passing', async () => {
  const db = await openDatabase(where)
  const last = migrations().at(-1)!.version
  const old = new Proxy(db, {
    get: (target, key) =>
      key === 'rows'
        ? async (sql: string, params?: object) =>
            sql.includes('schema_version')
              ? sql.includes('DISTINCT')
                ? [{ version: last - 1 }]
                : [{ found: 1 }]
              : target.rows(sql, params as never)
        : Reflect.get(target, key),
  })
  await expect(applySchema(old)).rejects.toMatchObject({ code: 'schema-of-cluster', kind: 'environment' })
  await db.close()
})

test('the schema explains itself, and says what each table is on a shard and over all', () => {
  const text = clusterSchema('main')
  expect(text).toContain(
    "ReplicatedAggregatingMergeTree('/clickhouse/tables/{database}/{shard}/usage', '{replica}')",
  )
  expect(text).toContain("Distributed('main', currentDatabase(), usage_local, cityHash64(account))")
  expect(text).toContain("ALTER TABLE usage_local ON CLUSTER 'main' ADD COLUMN")
  expect(text).toContain('TO usage_local AS')
  expect(text).not.toMatch(/ENGINE = (Aggregating|Replacing)?MergeTree/)
  const strange = { version: 9, name: 'x', hash: '', statements: ['OPTIMIZE TABLE usage'] }
  expect(() => clusterStatements('main', [strange])).toThrow('nobody has said')
})
