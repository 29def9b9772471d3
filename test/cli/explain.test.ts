import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/base/time.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { usualWindow } from '../../src/model/usual-window.ts'
import { storeFacts } from '../../src/server/store-facts.ts'
import { addHellos } from '../../src/store/hellos.ts'
import { readOnly } from '../../src/store/read-only.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { helloShape, observation } from '../store/made-up.ts'
import { runMain } from './run-main.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)
const path = mkdtempSync(join(tmpdir(), 'tlsunset-explain-'))
const open = () => openStore({ kind: 'directory', path })

const retirement =
  'retirement: test\nservice: { names: ["*.example.com"], owner: us }\naccounts: { sni: "{account}.example.com" }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\ncutoff: 2026-12-31T00:00:00Z\nexemptions:\n  - { account: never-seen, until: 2027-02-01, reason: waits, approvedBy: j }\n'

beforeAll(async () => {
  writeFileSync(join(path, 'retirement.yaml'), retirement)
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
      ...[0x0301, 0x0303].map(negotiated =>
        observation({
          account: 'office',
          offeredMax: 0,
          negotiated,
          userAgent: 'Microsoft Office/16.0',
          atMs: nowMs - dayMs,
        }),
      ),
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
  value: number | null
  query: string | null
  rule: string
}

/** What the commands print, gathered while nobody else holds the store. */
const commands = {
  report: ['report', '--by', 'stack'],
  account: ['account', "o'hara"],
  'what-if': ['what-if', '--floor', 'TLS 1.3', '--floor', 'TLS 1.2, suites intermediate, sni'],
  forecast: ['forecast'],
  plain: ['report', '-c', join(path, 'retirement.yaml')],
}
const printed = new Map<keyof typeof commands, string>()
let store: Store

beforeAll(async () => {
  for (const [name, argv] of Object.entries(commands) as [keyof typeof commands, string[]][]) {
    const { stdout, stderr } = await runMain([...argv, '--json', '--explain', '--store', path], { nowMs })
    if (name !== 'plain') expect(stderr).toBe('')
    printed.set(name, stdout)
  }
  store = await open()
})
afterAll(async () => {
  await store.close()
  rmSync(path, { recursive: true, force: true })
})

/** Runs every query that a command printed for its numbers, and finds each number in its document. Answers with which there were. */
async function explained(name: keyof typeof commands) {
  const document = JSON.parse(printed.get(name)!)
  const entries = document.explain as Explained[]
  for (const { number, value, query, rule } of entries) {
    expect(rule).not.toBe('')
    if (query === null) continue
    expect([number, placed(document, number)]).toEqual([number, value])
    const [answer] = await store.db.rows<Record<string, unknown>>(query)
    expect([number, Number(Object.values(answer!)[0])]).toEqual([number, value])
  }
  return { document, numbers: entries.filter(({ query }) => query !== null).map(({ number }) => number) }
}

/** `floors[0].clauses[1].accounts` of a document; a name of a version holds a point and comes last. */
function placed(document: unknown, place: string): unknown {
  const parts = /^(.*?)(?:(?<=by_version|offered|negotiated)\.(.*))?$/.exec(place)!
  const steps = [...parts[1]!.split(/[.[\]]+/).filter(Boolean), ...(parts[2] === undefined ? [] : [parts[2]])]
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], document)
}

test('every count of report has a query that gives it again, by version and by stack too', async () => {
  const { document, numbers } = await explained('report')
  expect(document.totals.would_break).toBe(93)
  for (const number of [
    'totals.accounts',
    'by_version.TLS 1.0',
    'offered.TLS 1.3',
    'by_stack[0].would_break',
  ])
    expect(numbers).toContain(number)
})

test('so has every count of one account and its clients', async () => {
  const { document, numbers } = await explained('account')
  expect(document.clients).toHaveLength(1)
  expect(numbers).toContain('clients[0].would_break')
})

test('so has every floor of what-if, by clause and by stack', async () => {
  const { numbers } = await explained('what-if')
  for (const number of [
    'floors[0].clauses[0].accounts',
    'floors[0].stacks[0].connections',
    'floors[1].unsure',
  ])
    expect(numbers).toContain(number)
})

test('a forecast names the days that each rhythm was read from', async () => {
  const { document, numbers } = await explained('forecast')
  expect(document.stopped.map((entry: { account: string }) => entry.account)).toEqual(['mended'])
  expect(numbers).toContain('stopped[0].days_seen')
})

test('the console says the same numbers as the commands', async () => {
  const said = JSON.parse(printed.get('plain')!)
  const read = readRetirement(retirement, { nowMs })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const facts = storeFacts({
    store,
    policy: read.policy,
    hasGateway: false,
    health: () => Promise.reject(new Error('not asked')),
    now: () => nowMs,
  })
  const { totals, accounts, window } = await facts.report(usualWindow(nowMs))
  const { would_break, accounts_that_break, ...rest } = said.totals
  expect(totals).toMatchObject({ ...rest, wouldBreak: would_break, accountsThatBreak: accounts_that_break })
  expect(accounts.map(each => [each.account, each.verdict, each.because])).toEqual(
    said.accounts.map((each: Record<string, string>) => [each.account, each.verdict, each.because]),
  )
  expect(said.window).toEqual({
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
  })
})

test('store query runs a SELECT and nothing else', async () => {
  expect(await readOnly(store.db, 'SELECT sum(connections) AS n FROM usage;')).toEqual([{ n: 185 }])
  expect(await readOnly(store.db, 'SELECT account FROM usage WHERE false')).toEqual([])
  for (const sql of [
    'DROP TABLE usage',
    'SELECT nothing FROM nowhere',
    'SELECT 1) SETTINGS readonly = 0 -- ',
  ])
    await expect(readOnly(store.db, sql)).rejects.toMatchObject({ kind: 'usage' })
})
