import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/base/time.ts'
import { stackNamer } from '../../src/identify/stacks/name.ts'
import { builtInJunk } from '../../src/model/junk/rules.ts'
import { setApart } from '../../src/model/junk/set-apart.ts'
import type { Observation } from '../../src/model/observation.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import type { UsageRow } from '../../src/model/usage.ts'
import { judgement } from '../../src/server/judgement.ts'
import { dailyRows } from '../../src/store/daily.ts'
import { foldedRows } from '../../src/store/folded.ts'
import { addHellos } from '../../src/store/hellos.ts'
import { junkCondition } from '../../src/store/junk.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { usageRows } from '../../src/store/usage.ts'
import { runs } from '../runs.ts'
import { helloShape, observation } from '../store/made-up.ts'

const nowMs = Date.UTC(2026, 10, 22, 12, 30)
const window = { fromMs: nowMs - 20 * dayMs, toMs: nowMs }
const shapes = [
  helloShape('modern'),
  helloShape('old', { supportedVersions: [], legacyVersion: 0x0301 }),
  helloShape('fallback', { supportedVersions: [], legacyVersion: 0x0302, suites: [0x5600, 0x002f] }),
]
const versions: Record<string, number> = { modern: 0x0304, old: 0x0301, fallback: 0x0302 }

function policyOf(next: string) {
  const read = readRetirement(
    `retirement: test\nservice: { names: [api.example.com], owner: us }\naccounts: { sni: "{account}.example.com" }\nfloor:\n  now: { version: TLS 1.0 }\n  next: ${next}\ncutoff: 2026-12-31T00:00:00Z\n`,
    { nowMs },
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.policy
}

let store: Store
beforeAll(async () => {
  store = await openStore({ kind: 'memory' })
})
afterAll(() => store.close())

/** The schema is there once; its tables are emptied for each run. */
async function emptyStore(): Promise<void> {
  const tables = await store.db.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'schema_version'",
  )
  for (const { name } of tables) await store.db.run(`TRUNCATE TABLE ${name}`)
}

const inOrder = (rows: readonly UsageRow[]) =>
  rows.map(row => JSON.stringify(Object.entries(row).sort())).sort()

const seen: fc.Arbitrary<Observation> = fc
  .record({
    hoursAgo: fc.integer({ min: 0, max: 55 * 24 }),
    account: fc.constantFrom('', 'a', 'b', 'c'),
    shape: fc.constantFrom('', '', 'modern', 'old', 'fallback'),
    known: fc.constantFrom(0, 0x0301, 0x0303),
    negotiated: fc.constantFrom(0, 0x0301, 0x0303),
    outcome: fc.constantFrom('accepted' as const, 'refused' as const),
    operation: fc.constantFrom('', 'list', 'add'),
    userAgent: fc.constantFrom('', 'curl/7.29.0', 'Java/1.7.0_80', 'kube-probe/1.29', 'odd/1'),
    source: fc.constantFrom('gateway', 'nginx'),
    sni: fc.constantFrom('', 'x.example.com', 'y.example.com'),
    retry: fc.boolean(),
    count: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ hoursAgo, known, retry, ...rest }) =>
    observation({
      ...rest,
      atMs: nowMs - hoursAgo * hourMs - 1,
      offeredMax: versions[rest.shape] ?? known,
      reason: rest.outcome === 'refused' ? 'version' : rest.userAgent === 'odd/1' ? 'missed' : '',
      address: `192.0.2.${hoursAgo % 9}`,
      ...(retry && hoursAgo % 5 === 0 ? { retry: true } : {}),
    }),
  )
/** An account that moved: old offers every day, then only better ones, so that some are mended. */
const moved = fc.integer({ min: 3, max: 30 }).map(since =>
  Array.from({ length: 50 }, (_, days) =>
    observation({
      account: 'moved',
      atMs: nowMs - days * dayMs - 2 * hourMs,
      shape: days < since ? 'modern' : 'old',
      offeredMax: days < since ? 0x0304 : 0x0301,
    }),
  ),
)

test.each([
  ['TLS 1.2', '{ version: TLS 1.2 }'],
  ['lists and names', '{ version: TLS 1.2, suites: intermediate, requireSni: true }'],
])(
  'rows folded in the engine, and those of one account, say the same as the rows of each day: %s',
  async (_, next) => {
    const policy = policyOf(next)
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { maxLength: 100 }), moved, async (some, others) => {
        await emptyStore()
        await addHellos(store.db, shapes)
        const rows = [...some, ...others].map(({ atMs, ...row }, seq) => ({
          ...snake(row),
          lot: seq % 2 ? '2026-11-21' : '2026-11-22',
          collector: 'test',
          batch: 'b',
          seq,
          why: '',
          at: new Date(atMs).toISOString().replace('T', ' ').replace('Z', ''),
        }))
        await store.db.insert('intake', rows)
        const base = {
          shapes: new Map(shapes.map(shape => [shape.id, shape])),
          window,
          blind: {},
          known: [{ account: 'gone', lastSeenMs: 5 }],
          skipped: {},
        }
        const wide = { fromMs: window.fromMs - 35 * dayMs, toMs: window.toMs }
        const daily = await usageRows(store.db, wide)
        for (const account of ['', 'a', 'moved', 'nobody'])
          expect(inOrder(await usageRows(store.db, { ...wide, account }))).toEqual(
            inOrder(daily.filter(row => row.account === account)),
          )
        const fold = { ...window, historyDays: 35, withNames: policy.floor.next.requireSni === true }
        const plain = await judgement(policy, { ...base, rows: setApart(daily).kept }, stackNamer())
        const { kept, crawlers, ruleOf } = setApart(await foldedRows(store.db, fold))
        const junk = junkCondition(builtInJunk, crawlers)
        const folded = await judgement(
          policy,
          {
            ...base,
            rows: kept,
            folded: {
              rowsAfter: async after =>
                (await foldedRows(store.db, { ...fold, after })).filter(row => ruleOf(row) === undefined),
              daily: kinds => dailyRows(store.db, { ...fold, junk }, kinds),
            },
          },
          stackNamer(),
        )
        expect(folded.report()).toEqual(plain.report())
        expect(await folded.days()).toEqual(await plain.days())
      }),
      { numRuns: runs(4) },
    )
  },
)

function snake(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
