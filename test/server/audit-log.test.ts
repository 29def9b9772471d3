import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dayMs, minuteMs, secondMs } from '../../src/base/time.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { accountTokens } from '../../src/server/account-tokens.ts'
import { createApp } from '../../src/server/app.ts'
import { storeFacts } from '../../src/server/store-facts.ts'
import { auditEntries, brokenLink } from '../../src/store/audit.ts'
import { addHellos } from '../../src/store/hellos.ts'
import { insertObservations } from '../../src/store/observations.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { helloShape, observation } from '../store/made-up.ts'

const nowMs = Date.UTC(2026, 10, 22, 12, 30)
const token = 'operator-token'
const host = '127.0.0.1:7443'
let clockMs = nowMs
let store: Store
let tokens: ReturnType<typeof accountTokens>
let ownToken: string
let app: ReturnType<typeof createApp>

beforeAll(async () => {
  store = await openStore({ kind: 'memory' })
  await addHellos(store.db, [
    helloShape('modern'),
    helloShape('old', { supportedVersions: [], legacyVersion: 0x0301 }),
  ])
  const rows = Array.from({ length: 40 }, (_, i) =>
    observation({
      account: i % 4 === 0 ? 'fabrikam' : 'contoso',
      atMs: nowMs - i * minuteMs - dayMs,
      shape: i % 2 ? 'old' : 'modern',
      offeredMax: i % 2 ? 0x0301 : 0x0304,
      operation: i === 2 ? '=cmd|/c calc' : 'ListJobs',
      userAgent: i === 1 ? '@SUM(1,"x")\nnew line' : 'curl/8',
    }),
  )
  rows.push(
    observation({
      account: 'contoso',
      atMs: nowMs - 5 * dayMs,
      offeredMax: 0,
      negotiated: 0,
      suite: 0,
      outcome: 'failed',
      reason: 'closed-in-hello',
    }),
  )
  await insertObservations(store, 'b', { lot: '2026-11-22', collector: 'test', attempt: 'a' } as never, {
    rows,
    first: 0,
  })
  const read = readRetirement(
    'retirement: test\nservice: { names: ["*.example.com"], owner: us }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\ncutoff: 2026-12-31T00:00:00Z\nexemptions:\n  - { account: fabrikam, until: 2027-02-01, reason: secret, approvedBy: j }\n  - { account: contoso, until: 2027-01-01, reason: own, approvedBy: j }\n',
    { nowMs },
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const facts = storeFacts({
    store,
    policy: read.policy,
    hasGateway: false,
    health: () => Promise.reject(new Error('not asked')),
    now: () => clockMs,
  })
  tokens = accountTokens(store, () => clockMs)
  ownToken = await issue('contoso')
  app = createApp(facts, {
    now: () => clockMs,
    tokens,
    access: { token, isKnownHost: () => true },
    onBug: error => {
      throw error
    },
  })
})
afterAll(() => store.close())

const ask = (path: string, bearer: string, headers: Record<string, string> = {}) =>
  app.request(`http://${host}/v1${path}`, {
    headers: { host, authorization: `Bearer ${bearer}`, ...headers },
  })
const issue = async (account: string, days = 30) =>
  (await tokens.issue({ account, days, actor: 'test' })).token

describe('the audit log of an account', () => {
  test('pages of JSON follow one another by Link, in time order, and end', async () => {
    const seen: { at: string; verdict: string; reason: string }[] = []
    let path: string | undefined = '/accounts/contoso/audit?limit=12'
    for (let pages = 0; path !== undefined; pages++) {
      expect(pages).toBeLessThan(9)
      const response = await ask(path, token)
      seen.push(...((await response.json()) as { lines: typeof seen }).lines)
      path = /<\/v1([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    }
    expect(seen).toHaveLength(31)
    expect(seen.map(line => line.at)).toEqual(seen.map(line => line.at).toSorted())
    expect(seen[0]).toMatchObject({
      verdict: 'none',
      outcome: 'failed',
      reason: 'ended before a hello (closed-in-hello)',
    })
    expect(seen.find(line => line.verdict === 'breaks')).toMatchObject({
      address: '192.0.2.1',
      offered_max: 'TLS 1.0',
      clause: 'version',
      reason: 'offers at most TLS 1.0',
    })
  })

  test('JSON Lines and CSV hold the same fields, chosen by Accept or format', async () => {
    const page = (await (await ask('/accounts/contoso/audit?format=json', token)).json()) as {
      lines: object[]
    }
    const lines = await ask('/accounts/contoso/audit', token, { accept: 'application/x-ndjson' })
    expect(lines.headers.get('content-type')).toBe('application/jsonl')
    expect(
      (await lines.text())
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual(page.lines)
    const csv = await ask('/accounts/contoso/audit', token, { accept: 'text/csv' })
    expect(csv.headers.get('content-type')).toContain('text/csv')
    const text = await csv.text()
    expect(text.split('\r\n')[0]!.split(',').toSorted()).toEqual(Object.keys(page.lines[0]!).toSorted())
    expect((await ask('/accounts/contoso/audit?format=xml', token)).status).toBe(404)
    expect((await ask('/accounts/contoso/audit?from=0001-01-01', token)).status).toBe(400)
  })

  test('a cell that a spreadsheet would run is text', async () => {
    const text = await (await ask('/accounts/contoso/audit?format=csv', token)).text()
    expect(text).toContain(`,'=cmd|/c calc,`)
    expect(text).toContain(`,"'@SUM(1,""x"")\nnew line",`)
  })
})

describe('a token of an account', () => {
  test('opens that account; others look as if they were not there', async () => {
    const own = ownToken
    expect((await ask('/accounts/contoso/audit', own)).status).toBe(200)
    expect((await ask('/accounts/contoso', own)).status).toBe(200)
    const other = await ask('/accounts/fabrikam/audit', own)
    const nobody = await ask('/accounts/nobody/audit', own)
    expect([other.status, nobody.status]).toEqual([404, 404])
    expect((await other.text()).replace('fabrikam', 'nobody')).toBe(await nobody.text())
    for (const path of ['/accounts/fabrikam', '/accounts/%66abrikam', '/accounts/fabrikam/audit?format=csv'])
      expect([path, (await ask(path, own)).status]).toEqual([path, 404])
  })

  test.each([
    '/summary',
    '/accounts',
    '/usage',
    '/sightings?account=contoso',
    '/refusals',
    '/events',
    '/tokens',
    '/health',
    '/sources',
    '/burndown',
    '/accounts/contoso/audit/',
  ])('does not open %s', async path => {
    const response = await ask(path, ownToken)
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('fabrikam')
  })

  test('shows the plan without the exemptions of others', async () => {
    const text = await (await ask('/policy', ownToken)).text()
    expect(text).toContain('contoso')
    expect(text).not.toContain('fabrikam')
  })

  test('buys a session of that account, which a revocation ends', async () => {
    const issued = await tokens.issue({ account: 'contoso', days: 30, actor: 'test' })
    const bought = await app.request(`http://${host}/v1/session`, {
      method: 'POST',
      headers: { host, authorization: `Bearer ${issued.token}` },
    })
    const cookie = bought.headers.get('set-cookie')!.split(';')[0]!
    expect(cookie).not.toContain(issued.token.slice(-43))
    const asked = (path: string) => app.request(`http://${host}/v1${path}`, { headers: { host, cookie } })
    expect(await (await asked('/session')).json()).toMatchObject({ of: 'account', account: 'contoso' })
    expect((await asked('/accounts/contoso')).status).toBe(200)
    expect((await asked('/accounts/fabrikam')).status).toBe(404)
    expect((await asked('/summary')).status).toBe(403)
    const forged = cookie.replace(issued.id, '')
    expect(
      (await app.request(`http://${host}/v1/summary`, { headers: { host, cookie: forged } })).status,
    ).toBe(401)
    await tokens.revoke(issued.id, 'test')
    expect((await asked('/accounts/contoso')).status).toBe(401)
    expect((await ask('/accounts/contoso', issued.token)).status).toBe(401)
  })

  test('ends with its time, and a revocation by another process arrives', async () => {
    const issued = await tokens.issue({ account: 'contoso', days: 1, actor: 'test' })
    const elsewhere = await tokens.issue({ account: 'contoso', days: 1, actor: 'test' })
    expect(elsewhere.seen).toBe(true)
    expect((await tokens.issue({ account: 'contosso', days: 1, actor: 'test' })).seen).toBe(false)
    expect(await tokens.find(elsewhere.token)).toMatchObject({ account: 'contoso' })
    await accountTokens(store, () => clockMs).revoke(elsewhere.id, 'test')
    clockMs += 6 * secondMs
    expect(await tokens.find(elsewhere.token)).toBeNull()
    expect(await tokens.find(issued.token)).not.toBeNull()
    clockMs += dayMs
    expect(await tokens.find(issued.token)).toBeNull()
    clockMs = nowMs
  })

  test('is not kept: the store holds a hash, in a chain that holds', async () => {
    const issued = await tokens.issue({ account: 'contoso', days: 1, actor: 'test' })
    const entries = await auditEntries(store)
    expect(JSON.stringify(entries)).not.toContain(issued.token)
    expect(JSON.stringify(await tokens.list())).not.toMatch(/sha256|hash|[\w-]{43}/)
    expect(brokenLink(entries)).toBeNull()
    for (const wrong of [
      '',
      issued.token.slice(0, -1),
      `${issued.token.slice(0, -1)}!`,
      issued.token.replace(/.$/, end => (end === 'A' ? 'B' : 'A')),
    ])
      expect(await tokens.find(wrong)).toBeNull()
  })

  test('asks at a pace; whoever is too fast is told when to come again', async () => {
    const own = await issue('contoso')
    const statuses: number[] = []
    for (let i = 0; i < 61; i++) statuses.push((await ask('/session', own)).status)
    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(200))
    expect(statuses[60]).toBe(429)
    expect((await ask('/session', own)).headers.get('retry-after')).toBe('1')
    clockMs += secondMs
    expect((await ask('/session', own)).status).toBe(200)
    clockMs = nowMs
  })

  test('is for an account that has a name, for some days', async () => {
    for (const asked of [
      { account: '', days: 1 },
      { account: '(unattributed)', days: 1 },
      { account: 'contoso', days: 0 },
      { account: 'contoso', days: Number.NaN },
    ])
      await expect(tokens.issue({ ...asked, actor: 'test' })).rejects.toMatchObject({ kind: 'usage' })
  })
})
