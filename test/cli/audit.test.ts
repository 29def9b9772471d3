import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sightings } from '../../src/store/sightings.ts'
import { openStore } from '../../src/store/store.ts'
import { runMain } from './run-main.ts'

const cases = fileURLToPath(new URL('../../cases/', import.meta.url))
const store = mkdtempSync(join(tmpdir(), 'tlsunset-audit-'))
const run = (...argv: string[]) => runMain(argv, { cwd: cases, nowMs: Date.UTC(2026, 10, 25) })

beforeAll(async () => {
  expect((await run('ingest', '--store', store, 'report/access.log')).exit).toBe(0)
})
afterAll(() => rmSync(store, { recursive: true, force: true }))

test('every connection of an account, with its version, stack, verdict and remedy', async () => {
  const { exit, stdout } = await run('audit', '--json', '--account', 'acme', '--store', store)
  expect(exit).toBe(1)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines).toHaveLength(8)
  expect(lines[0]).toMatchObject({
    at: '2026-11-20T14:03:00.000Z',
    address: '192.0.2.10',
    negotiated: 'TLS 1.0',
    stack: 'probably Java 6',
    verdict: 'breaks',
    clause: 'version',
    remedy: 'java-6',
    remedy_title: 'Java 6: move to Java 8 or newer',
  })
  expect(lines.at(-1)).toMatchObject({ negotiated: 'TLS 1.2', verdict: 'clear', remedy: null })
})

test('the same as CSV and as text', async () => {
  const csv = await run('audit', '--csv', '--account', 'globex', '--store', store)
  expect(csv.exit).toBe(0)
  expect(csv.stdout.split('\n')[0]).toMatch(
    /^at,address,sni,stack,.*,count,attributed_by,confidence,junk\r?$/,
  )
  expect(csv.stdout.trimEnd().split('\n')).toHaveLength(5)
  const text = await run('audit', '--account', 'acme', '--store', store)
  expect(text.stdout.split('\n')[0]).toEqual(
    expect.stringMatching(
      /^2026-11-20T14:03:00.000Z {2}TLS 1.0 {5}breaks {2}192.0.2.10 {2}probably Java 6 {2}negotiated TLS 1.0 at an edge that agrees to TLS 1.2 with others.* {2}remedy: Java 6: move to Java 8 or newer \(java-6\)$/,
    ),
  )
})

test('nothing seen is said, and is not success', async () => {
  const { exit, stdout, stderr } = await run('audit', '--account', 'nobody', '--store', store)
  expect([exit, stdout]).toEqual([6, ''])
  expect(stderr).toContain('nothing of nobody was seen')
  expect((await run('audit', '--store', store)).exit).toBe(2)
})

test('pages follow one another without gap or repetition', async () => {
  const open = await openStore({ kind: 'directory', path: store })
  try {
    const query = { account: 'acme', fromMs: 0, toMs: Date.UTC(2027, 0, 1), limit: 3 }
    const seen: number[] = []
    let after: string | undefined
    do {
      const page = await sightings(open.db, after === undefined ? query : { ...query, after })
      seen.push(...page.sightings.map(sighting => sighting.atMs))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(seen).toHaveLength(8)
    expect(new Set(seen).size).toBe(8)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  } finally {
    await open.close()
  }
})
