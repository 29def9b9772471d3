import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { takeInFile } from '../../src/server/take-in.ts'
import { collect, collectOnce } from '../../src/store/collect.ts'
import { openLogFile } from '../../src/store/files.ts'
import { settleFiles } from '../../src/store/hand-over.ts'
import { helloShapes } from '../../src/store/hellos.ts'
import { locationText, parseLocation } from '../../src/store/location.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { usageRows } from '../../src/store/usage.ts'
import { helloShape, observation, writeSegment } from './made-up.ts'

/** The engine of a real server behind the HTTP interface that a real server has, as far as it is used. */
const front = fileURLToPath(new URL('clickhouse-front.mjs', import.meta.url))
const always = { fromMs: 0, toMs: 4_000_000_000_000 }

let dir: string
let child: ChildProcess
let port: string
let store: Store

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-server-'))
  child = spawn(process.execPath, [front], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  port = line.toString().trim()
  store = await openStore(
    parseLocation(`http://tls:s%3Acret@127.0.0.1:${port}/default`, { cwd: dir, env: {} }),
  )
})
afterAll(async () => {
  await store?.close()
  child.kill('SIGTERM')
  await once(child, 'exit')
  rmSync(dir, { recursive: true, force: true })
})

test('segments reach a server over HTTP, each once', async () => {
  const spoolDir = join(dir, 'spool')
  writeSegment(
    spoolDir,
    'gw-1-1-1',
    [observation(), observation({ account: "o'b\\c\t" })],
    [helloShape('s1')],
  )
  expect(await collectOnce(store, spoolDir)).toEqual({ segments: 1, observations: 2, skipped: 0 })
  writeSegment(spoolDir, 'gw-1-1-1', [observation(), observation()])
  await collectOnce(store, spoolDir)
  expect(readdirSync(spoolDir)).toEqual([])
  const rows = await usageRows(store.db, always)
  expect(rows.map(row => [row.account, row.connections])).toEqual([
    ['contoso', 1],
    ["o'b\\c\t", 1],
  ])
  expect(await helloShapes(store.db, ['s1'])).toEqual([helloShape('s1')])
})

test('logs are read by the engine here and written to the server, each once', async () => {
  await settleFiles(store)
  const path = join(dir, 'access.log')
  const line =
    '192.0.2.1 - acme [22/Nov/2026:17:28:05 +0000] "GET / HTTP/1.1" 200 3 "-" "curl/8" TLSv1 AES128-SHA "a.example.com"\n'
  writeFileSync(path, line.repeat(3))
  const options = { workDir: () => dir }
  const take = () => takeInFile(store, openLogFile(path, options.workDir), options)
  expect(await take()).toMatchObject({ source: 'nginx', observations: 3, part: 'whole' })
  expect(await take()).toMatchObject({ part: 'known' })
  writeFileSync(path, line.repeat(5))
  expect(await take()).toMatchObject({ observations: 2, part: 'grown' })
  expect((await usageRows(store.db, { ...always, account: 'acme' })).map(row => row.connections)).toEqual([5])
})

test('while the server is away the spool keeps what there is', async () => {
  const spoolDir = join(dir, 'spool-2')
  const gone = await openStore(parseLocation(`http://tls@127.0.0.1:${port}/default`, { cwd: dir, env: {} }))
  const away = { ...gone, db: { ...gone.db, rows: unreachable, insert: unreachable } }
  writeSegment(spoolDir, 'gw-2-1-1', [observation({ account: 'late' })])
  const stop = new AbortController()
  const told: (string | null)[] = []
  let isAway = true
  await collect(
    {
      ...away,
      db: new Proxy(gone.db, {
        get: (db, key) => (isAway && key === 'rows' ? unreachable : Reflect.get(db, key)),
      }),
    },
    spoolDir,
    {
      signal: stop.signal,
      everyMs: 1,
      onTrouble: trouble => {
        told.push(trouble?.error.message ?? null)
        isAway = false
      },
      onCollected: () => stop.abort(),
    },
  )
  expect(told).toEqual(['the store at nowhere does not answer', null])
  expect(readdirSync(spoolDir)).toEqual([])
  await gone.close()
})

test('a server that refuses is told from one that is not there; passwords are in no message', async () => {
  const open = (text: string) => openStore(parseLocation(text, { cwd: dir, env: {} }))
  await expect(open(`http://other:s3cret@127.0.0.1:${port}/default`)).rejects.toMatchObject({
    kind: 'environment',
    code: 'store-refuses',
  })
  const error = await open('http://tls:s3cret@127.0.0.1:1/default').catch((caught: Fault) => caught)
  expect(error).toMatchObject({
    kind: 'unreachable',
    message: 'the store at http://127.0.0.1:1/default does not answer',
  })
  expect(locationText(parseLocation('http://tls:s3cret@h:8123/d', { cwd: dir, env: {} }))).toBe(
    'http://h:8123/d',
  )
})

function unreachable(): Promise<never> {
  return Promise.reject(new Fault('unreachable', 'store-unreachable', 'the store at nowhere does not answer'))
}
