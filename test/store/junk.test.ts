import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtInJunk, type JunkRule } from '../../src/model/junk/rules.ts'
import { type Crawler, junkReader, setApart } from '../../src/model/junk/set-apart.ts'
import type { UsageRow } from '../../src/model/usage.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { junkCondition } from '../../src/store/junk.ts'
import { runs } from '../runs.ts'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(() => db.close())

const own: JunkRule[] = [
  { name: 'tests', because: '', by: 'account', patterns: ['synthetic-*', 'Probe'] },
  { name: 'odd', because: '', by: 'user-agent', patterns: ["it's (a) \\ test*", '*.+?[x]'] },
]
const crawlers: Crawler[] = [['nginx', "crawl'er/1"]]

test('the condition in SQL sets apart what the reader of the model does', async () => {
  const agents = builtInJunk.flatMap(rule => (rule.by === 'user-agent' ? rule.patterns : []))
  const userAgent = fc.oneof(
    fc.constantFrom(
      '',
      'curl/8',
      "crawl'er/1",
      "IT'S (a) \\ test 1",
      'a.+?[x]',
      'ELB-HealthChecker',
      'é kube-probe/1',
    ),
    fc.constantFrom(...agents).map(pattern => pattern.replaceAll('*', 'x/\n')),
  )
  const row = fc.record({
    source: fc.constantFrom('nginx', 'gateway'),
    account: fc.constantFrom('', 'contoso', 'Synthetic-1', 'probe', 'probes'),
    userAgent,
  })
  const rules = [...own, ...builtInJunk]
  const read = junkReader(rules, crawlers)
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 100, maxLength: 120 }), async rows => {
      const found = await db.rows<{ is: unknown }>(
        `SELECT ${junkCondition(rules, crawlers)} AS is FROM (SELECT {s:Array(String)}[number + 1] AS source,
           {a:Array(String)}[number + 1] AS account, {u:Array(String)}[number + 1] AS user_agent FROM numbers(${rows.length}))`,
        {
          s: rows.map(each => each.source),
          a: rows.map(each => each.account),
          u: rows.map(each => each.userAgent),
        },
      )
      expect(found.map(each => Boolean(each.is))).toEqual(rows.map(each => read(each) !== undefined))
    }),
    { numRuns: runs(4) },
  )
  expect(junkCondition([], [])).toBe('false')
})

const row = (changes: Partial<UsageRow>): UsageRow => ({
  dayMs: 0,
  service: '',
  account: '',
  attributedBy: '',
  confidence: 'none',
  source: 'nginx',
  shape: '',
  offeredMax: 0,
  negotiated: 0x0301,
  suite: 0,
  outcome: 'accepted',
  reason: 'missed',
  operation: '',
  userAgent: 'odd/1',
  connections: 10,
  firstSeenMs: 0,
  lastSeenMs: 0,
  addresses: 1,
  hours: [],
  snis: [],
  ...changes,
})

test('a crawler misses every time, often, and is of no account: anything else speaks for the client', () => {
  const crawls = (...rows: UsageRow[]) =>
    setApart(rows).junk.map(({ rule, connections }) => [rule, connections])
  expect(crawls(row({}), row({ negotiated: 0x0303 }))).toEqual([['crawler', 20]])
  expect(crawls(row({}))).toEqual([])
  expect(crawls(row({ connections: 99 }), row({ reason: '', connections: 1 }))).toEqual([])
  expect(crawls(row({ account: 'contoso', connections: 99 }))).toEqual([])
  expect(crawls(row({ userAgent: '', connections: 99 }))).toEqual([])
})

test('an account that is junk altogether is none; one that has other traffic stays', () => {
  const { kept, isJunkAccount } = setApart(
    [
      row({ account: 'a', userAgent: 'kube-probe/1' }),
      row({ account: 'b', userAgent: 'kube-probe/1' }),
      row({ account: 'b' }),
    ],
    [...own, ...builtInJunk],
  )
  expect(kept.map(each => each.account)).toEqual(['b'])
  expect(['a', 'b', 'c', 'synthetic-9'].map(isJunkAccount)).toEqual([true, false, false, true])
})
