import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { follow } from '../../src/cli/ingest/follow.ts'
import { takeInAny } from '../../src/server/take-in-any.ts'
import { openStore, type Store } from '../../src/store/store.ts'

let dir: string
let store: Store
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-follow-'))
  store = await openStore({ kind: 'memory' })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

let written = 0
const lines = (count: number) =>
  Array.from(
    { length: count },
    () =>
      `192.0.2.1 - u${written++} [22/Nov/2026:17:28:05 +0000] "GET / HTTP/1.1" 200 3 "-" "curl/8" TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "a.example.com"\n`,
  ).join('')

/** Follows until the store holds everything that was written. */
async function followed(path: string): Promise<void> {
  const stop = new AbortController()
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const io = {
    stdin: Readable.from([]),
    stdout: silent,
    stderr: silent,
    env: {},
    cwd: dir,
    now: Date.now,
    signal: stop.signal,
  }
  const running = follow(
    () => [path],
    io,
    (each, mode) =>
      takeInAny(
        store,
        { path: each, name: each, capture: false },
        { ...mode, workDir: () => dir, now: Date.now },
      ),
    20,
  )
  while ((await counted()).rows < written) await new Promise(resolve => setTimeout(resolve, 20))
  stop.abort()
  await running
}

async function counted(): Promise<{ rows: number; distinct: number }> {
  const [found] = await store.db.rows<Record<string, number>>(
    'SELECT count() AS rows, uniqExact(account) AS distinct FROM observations',
  )
  return { rows: Number(found!.rows), distinct: Number(found!.distinct) }
}

test('every line once: half lines, rotation of three kinds, and what came and went while nobody followed', {
  timeout: 120_000,
}, async () => {
  const log = join(dir, 'access.log')
  writeFileSync(log, lines(20))
  await followed(log)
  // A line in two halves; then renamed with a rest that was not read, one whole log nobody saw, which was packed, and a new one.
  const half = lines(1)
  appendFileSync(log, half.slice(0, 50))
  written--
  await followed(log)
  written++
  appendFileSync(log, half.slice(50) + lines(5))
  renameSync(log, `${log}.2`)
  writeFileSync(`${log}.1.gz`, gzipSync(lines(7)))
  writeFileSync(log, lines(4))
  await followed(log)
  // Copied and cut.
  appendFileSync(log, lines(6))
  copyFileSync(log, `${log}-20261122`)
  truncateSync(log, 0)
  appendFileSync(log, lines(2))
  await followed(log)
  expect(await counted()).toEqual({ rows: written, distinct: written })
})
