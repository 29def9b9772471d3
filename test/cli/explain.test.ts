import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/base/time.ts'
import { addHellos } from '../../src/store/hellos.ts'
import { openStore } from '../../src/store/store.ts'
import { helloShape, observation } from '../store/made-up.ts'
import { runMain } from './run-main.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)
const path = mkdtempSync(join(tmpdir(), 'tlsunset-explain-'))
const open = () => openStore({ kind: 'directory', path })
afterAll(() => rmSync(path, { recursive: true, force: true }))

beforeAll(async () => {
  const store = await open()
  try {
    await addHellos(store.db, [
      helloShape('modern'),
      helloShape('old', { supportedVersions: [], legacyVersion: 0x0301 }),
    ])
    const daily = (account: string, from: number, to: number, shape: string) =>
      Array.from({ length: from - to }, (_, i) =>
        observation({
          account,
          shape,
          atMs: nowMs - (from - i) * dayMs + hourMs,
          offeredMax: shape === 'old' ? 0x0301 : 0x0304,
        }),
      )
    const rows = [
      ...daily('mended', 60, 20, 'old'),
      ...daily('mended', 20, 0, 'modern'),
      ...daily("o'hara", 90, 0, 'old'),
      ...daily('fine', 30, 0, 'modern'),
      observation({ account: 'unhello', offeredMax: 0x0301, atMs: nowMs - dayMs, source: 'nginx' }),
      observation({ account: 'agreed', offeredMax: 0, negotiated: 0x0301, atMs: nowMs - dayMs }),
      observation({
        account: '',
        outcome: 'refused',
        reason: 'version',
        offeredMax: 0,
        negotiated: 0,
        atMs: nowMs - dayMs,
      }),
    ].map(({ atMs, ...row }, seq) => ({
      ...Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
          value,
        ]),
      ),
      ...{ lot: '2026-11-22', collector: 'test', batch: 'b', seq, why: '' },
      at: new Date(atMs).toISOString().replace('T', ' ').replace('Z', ''),
    }))
    await store.db.insert('intake', rows)
  } finally {
    await store.close()
  }
})

interface Explained {
  number: string
  query: string | null
  rule: string
}

/** The document of a command, and what its queries answer. */
async function explained(...argv: string[]) {
  const { stdout, stderr } = await runMain([...argv, '--json', '--explain', '--store', path], { nowMs })
  expect(stderr).toBe('')
  const document = JSON.parse(stdout)
  const store = await open()
  try {
    const answers = new Map<string, Record<string, unknown>[]>()
    for (const { number, query, rule } of document.explain as Explained[]) {
      expect(rule).not.toBe('')
      if (query !== null) answers.set(number, await store.db.rows(query))
    }
    const value = (number: string) => Number(Object.values(answers.get(number)![0]!)[0])
    return { document, answers, value }
  } finally {
    await store.close()
  }
}

test('every count of report has a query that gives it again', async () => {
  const { document, value } = await explained('report')
  expect(document.totals.would_break).toBe(93)
  for (const name of ['connections', 'accepted', 'refused', 'failed', 'would_break', 'accounts_that_break'])
    expect([name, value(name)]).toEqual([name, document.totals[name]])
})

test('so has every count of one account', async () => {
  const { document, value } = await explained('account', "o'hara")
  for (const name of ['connections', 'accepted', 'refused', 'failed', 'would_break'])
    expect([name, value(name)]).toEqual([name, document[name]])
})

test('so has every floor of what-if', async () => {
  const { document, value } = await explained('what-if', '--floor', 'TLS 1.2', '--floor', 'TLS 1.3')
  for (const floor of document.floors)
    for (const name of ['connections', 'would_break', 'accounts_that_break'])
      expect([floor.floor, name, value(`${floor.floor}: ${name}`)]).toEqual([floor.floor, name, floor[name]])
})

test('a forecast names the days that each rhythm was read from', async () => {
  const { document, answers } = await explained('forecast')
  expect(document.stopped.map((entry: { account: string }) => entry.account)).toEqual(['mended'])
  const days = new Map(answers.get('remaining, stopped')!.map(row => [row.account, row.days as string[]]))
  for (const entry of [...document.remaining, ...document.stopped])
    expect([entry.account, days.get(entry.account)?.length]).toEqual([entry.account, entry.days_seen])
})
