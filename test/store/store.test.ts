import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/base/time.ts'
import { appendAudit, auditEntries, brokenLink } from '../../src/store/audit.ts'
import { accounts } from '../../src/store/clients.ts'
import { collectOnce, spoolLag } from '../../src/store/collect.ts'
import { addHellos, helloShapes } from '../../src/store/hellos.ts'
import { refusals } from '../../src/store/refusals.ts'
import { applySchema, migrations, planSchema } from '../../src/store/schema.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { burnDown, skips, sourcesSeen, usageRows } from '../../src/store/usage.ts'
import { helloShape, observation, someMondayMs, writeSegment } from './made-up.ts'

const always = { fromMs: 0, toMs: 4_000_000_000_000 }
let dir: string
let spoolDir: string
let store: Store

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-store-'))
  spoolDir = join(dir, 'spool')
  store = await openStore({ kind: 'directory', path: join(dir, 'store') })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

test('a segment becomes usage, and is gone from the spool', async () => {
  writeSegment(
    spoolDir,
    'gw-10-1000-1',
    [
      observation(),
      observation({ atMs: someMondayMs + hourMs, address: '192.0.2.2', sni: 'b.example.com' }),
      observation({ account: "it's\\odd\n", negotiated: 0x0301, offeredMax: 0x0301, shape: 's1' }),
      observation({
        atMs: someMondayMs + dayMs,
        outcome: 'refused',
        reason: 'version',
        breaks: 'version',
        shape: 's1',
      }),
    ],
    [helloShape('s1')],
    '{"k":"d","accepted":2,"refused":1,"failed":0}\nnonsense\n',
  )
  expect(spoolLag(join(spoolDir, 'never-made'))).toMatchObject({ segments: 0, bytes: 0 })
  expect(spoolLag(spoolDir).segments).toBe(1)
  expect(await collectOnce(store, spoolDir)).toEqual({ segments: 1, observations: 4, skipped: 4 })
  expect(readdirSync(spoolDir)).toEqual([])

  const rows = await usageRows(store.db, always)
  expect(rows.map(row => [row.account, row.connections, row.outcome])).toEqual([
    ['contoso', 2, 'accepted'],
    ["it's\\odd\n", 1, 'accepted'],
    ['contoso', 1, 'refused'],
  ])
  const [first] = rows
  expect(first).toMatchObject({
    dayMs: Date.UTC(2026, 10, 2),
    service: 'api',
    attributedBy: 'sni',
    confidence: 'certain',
    source: 'gateway',
    firstSeenMs: someMondayMs,
    lastSeenMs: someMondayMs + hourMs,
    addresses: 2,
    snis: ['b.example.com', 'contoso.example.com'],
  })
  expect(first!.hours).toHaveLength(168)
  expect(first!.hours.flatMap((count, hour) => (count ? [[hour, count]] : []))).toEqual([
    [10, 1],
    [11, 1],
  ])
})

test('the same segment again is not counted again', async () => {
  const before = await usageRows(store.db, always)
  writeSegment(spoolDir, 'gw-10-1000-1', [observation(), observation()])
  expect(await collectOnce(store, spoolDir)).toMatchObject({ segments: 1 })
  expect(readdirSync(spoolDir)).toEqual([])
  expect(await usageRows(store.db, always)).toEqual(before)
})

test('questions are answered for an account and a window', async () => {
  expect(await usageRows(store.db, { ...always, account: 'nobody' })).toEqual([])
  expect(
    await usageRows(store.db, { fromMs: someMondayMs + dayMs, toMs: someMondayMs + 2 * dayMs }),
  ).toHaveLength(1)
  expect(await accounts(store.db)).toMatchObject([
    { account: 'contoso', firstSeenMs: someMondayMs, lastSeenMs: someMondayMs + dayMs },
    { account: "it's\\odd\n" },
  ])
  expect(await burnDown(store.db, { ...always, floorVersion: 0x0303 })).toEqual([
    { atMs: Date.UTC(2026, 10, 2), connections: 3, wouldBreak: 1, refused: 0, accountsThatBreak: 1 },
    { atMs: Date.UTC(2026, 10, 3), connections: 1, wouldBreak: 1, refused: 1, accountsThatBreak: 1 },
  ])
  expect(await refusals(store.db, { ...always, limit: 10 })).toMatchObject([
    { account: 'contoso', clause: 'version', ja4: 'ja4-s1', atMs: someMondayMs + dayMs, count: 1 },
  ])
})

test('what was skipped is told with its reason and the first such line', async () => {
  const found = await skips(store.db, always)
  expect(found.map(({ why, lines, line, origin }) => [why, lines, line, origin])).toEqual([
    ['given up: the disk was full', 3, 11, 'gw-10-1000-1.ready'],
    ['not a line of a segment', 1, 12, 'gw-10-1000-1.ready'],
  ])
  const sources = await sourcesSeen(store.db, always)
  expect(sources.find(source => source.source === 'gateway')).toMatchObject({
    connections: 4,
    firstSeenMs: someMondayMs,
  })
})

test('hello shapes come back as they were', async () => {
  const shape = helloShape('s2', { format: 'sslv2', sslv2Specs: [0x010080], ech: true, alpn: ["a'b"] })
  await addHellos(store.db, [shape, shape])
  await addHellos(store.db, [shape])
  expect(await helloShapes(store.db, ['s2', 'unknown'])).toEqual([shape])
  expect(await helloShapes(store.db, ['s1'])).toEqual([helloShape('s1')])
  expect(await helloShapes(store.db, [])).toEqual([])
  expect(await helloShapes(store.db)).toHaveLength(2)
})

test('the audit log is a chain', async () => {
  for (const subject of ['a', "b'\\"])
    await appendAudit(store, {
      atMs: someMondayMs,
      actor: 'j',
      action: 'exemption-added',
      subject,
      detail: { x: "'" },
    })
  const entries = await auditEntries(store)
  expect(entries.map(entry => entry.seq)).toEqual([1, 2])
  expect(brokenLink(entries)).toBeNull()
  expect(brokenLink(entries.slice(1))).toMatchObject({ seq: 2 })
  expect(brokenLink([{ ...entries[0]!, actor: 'k' }, entries[1]!])).toMatchObject({ seq: 1 })
})

test('the schema is applied once and can be applied again', async () => {
  expect(await planSchema(store.db)).toMatchObject({ pending: [] })
  expect((await applySchema(store.db)).pending).toEqual([])
})

test('an older store is made new: its roll-up is made again with other marks, whatever a run that was cut off left', async () => {
  const { db } = store
  const count = 'SELECT sum(connections) AS connections, groupBitXor(client) AS clients FROM usage'
  const before = await db.rows(count)
  const days = await db.rows('SELECT sum(connections) AS connections FROM source_days')
  const last = migrations().at(-1)!
  await db.run(
    `ALTER TABLE schema_version DELETE WHERE version = ${last.version} SETTINGS mutations_sync = 2`,
  )
  await db.run('CREATE TABLE _tmp_replace_cut_off AS usage')
  expect((await applySchema(db)).pending).toMatchObject([{ name: last.name }])
  expect(await db.rows(count)).toEqual(before)
  expect(await db.rows('SELECT sum(connections) AS connections FROM source_days')).toEqual(days)
  expect(
    await db.rows(
      "SELECT name FROM system.tables WHERE name LIKE '_tmp%' OR name = 'usage' AND create_table_query NOT LIKE '%index_granularity = 1024%'",
    ),
  ).toEqual([])
})

test('a second opener is told who holds the store', async () => {
  await expect(openStore({ kind: 'directory', path: join(dir, 'store') })).rejects.toMatchObject({
    kind: 'environment',
    code: 'store-locked',
    message: expect.stringContaining(`process ${process.pid}`),
  })
})
