import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../../src/base/time.ts'
import { accounts } from '../../src/store/clients.ts'
import { openStore } from '../../src/store/store.ts'
import { helloShape, observation, someMondayMs, writeSegment } from './made-up.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-killed-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

const program = fileURLToPath(new URL('killed.mjs', import.meta.url))

function run(killAt: number) {
  const args = [program, join(dir, 'store'), join(dir, 'spool'), join(dir, 'access.log'), String(killAt)]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

const logLine = (index: number) =>
  `192.0.2.${index % 250} - acme [22/Nov/2026:17:28:05 +0000] "GET / HTTP/1.1" 200 3 "-" "curl/8" TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 "a.example.com"\n`

const segmentRows = (account: string) =>
  Array.from({ length: 20 }, (_, index) =>
    observation({ account, atMs: someMondayMs + (index % 2) * dayMs, count: 1 + (index % 3), shape: 's1' }),
  )

test('killed at any step, any number of times, everything is in the store once', {
  timeout: 300_000,
}, async () => {
  const writeAll = () => {
    writeSegment(join(dir, 'spool'), 'gw-10-1000-2', segmentRows('b'), [helloShape('s1')])
    writeFileSync(join(dir, 'access.log'), Array.from({ length: 30 }, (_, index) => logLine(index)).join(''))
  }
  writeSegment(join(dir, 'spool'), 'gw-10-1000-1', segmentRows('a'), [helloShape('s1')])
  writeFileSync(join(dir, 'access.log'), logLine(0))
  expect(run(0).status).toBe(0)
  writeAll()

  let killed = 0
  // Recovery has steps of its own, so that a later kill falls into the recovery from an earlier one.
  for (let step = 1; step < 40; step++) {
    const done = run(step)
    if (done.signal === 'SIGKILL') killed++
    else {
      expect(done.stderr).toBe('')
      break
    }
  }
  expect(killed).toBeGreaterThan(6)
  appendFileSync(join(dir, 'access.log'), logLine(30))
  expect(run(0).stderr).toBe('')

  const store = await openStore({ kind: 'directory', path: join(dir, 'store') })
  try {
    const [raw] = await store.db.rows(
      'SELECT count() AS rows, uniqExact(batch, seq) AS distinct_rows, sum(count) AS connections FROM observations',
    )
    const perSegment = segmentRows('a').reduce((sum, row) => sum + row.count, 0)
    const connections = 2 * perSegment + 31
    expect(raw).toEqual({ rows: 71, distinct_rows: 71, connections })
    const usage = await store.db.rows(
      'SELECT account, sum(connections) AS connections FROM usage GROUP BY account ORDER BY account',
    )
    expect(usage).toEqual([
      { account: 'a', connections: perSegment },
      { account: 'acme', connections: 31 },
      { account: 'b', connections: perSegment },
    ])
    const [days] = await store.db.rows(
      'SELECT sum(connections) AS connections, sum(arraySum(mapValues(hours))) AS by_hours FROM source_days',
    )
    expect(days).toEqual({ connections, by_hours: connections })
    expect((await accounts(store.db)).map(seen => seen.account).sort()).toEqual(['a', 'acme', 'b'])
    expect(readdirSync(join(dir, 'spool'))).toEqual([])
  } finally {
    await store.close()
  }
})
