import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { headlineText } from '../../src/model/headline.ts'
import { type AppOptions, createApp } from '../../src/server/app.ts'
import { assets } from '../../src/server/assets.ts'
import { hostsOf } from '../../src/server/guard.ts'
import { newToken } from '../../src/server/session.ts'
import { madeUp } from './made-up.ts'

const nowMs = Date.UTC(2026, 10, 22, 12)
const token = newToken()
const origin = 'http://127.0.0.1:7443'

function start(changes: Partial<AppOptions> = {}) {
  const world = madeUp(() => nowMs)
  const bugs: unknown[] = []
  const app = createApp(world.facts, {
    now: () => nowMs,
    access: { token, isKnownHost: hostsOf('127.0.0.1') },
    onBug: error => bugs.push(error),
    ...changes,
  })
  const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    app.request(`${origin}${path}`, {
      ...init,
      headers: { host: '127.0.0.1:7443', authorization: `Bearer ${token}`, ...init.headers },
    })
  return { world, app, ask, bugs }
}

const json = async (response: Response | Promise<Response>) =>
  (await response).json() as Promise<Record<string, never> & Record<string, unknown>>

test('docs/reference/http.md names every route, and no other', () => {
  const unused = new Proxy({}, { get: () => () => undefined }) as never
  const { app } = start({ tokens: unused, decisions: unused })
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
    .map(({ method, path }) => `${method} ${path}`)
  const page = readFileSync(new URL('../../docs/reference/http.md', import.meta.url), 'utf8')
  const named = [...page.matchAll(/^\| `((?:GET|POST|DELETE) \/v1\/\S+)` \|/gm)].map(([, route]) => route)
  expect([...new Set(served)].sort()).toEqual(named.sort())
})

describe('answers', () => {
  test('the summary makes the first sentence', async () => {
    const { ask } = start()
    const summary = await json(ask('/v1/summary'))
    expect(headlineText(summary as never)).toBe(
      '31 days to go. 3 customers, 1.7 % of live traffic, would break today; 1 exempt, 1 unsure.',
    )
    expect(summary.inForce).toMatchObject({ floor: 'now', rule: 'before-cutoff' })
    expect(summary.next).toMatchObject({ kind: 'brownout' })
  })

  test('accounts can be narrowed without changing the totals', async () => {
    const { ask } = start()
    const all = await json(ask('/v1/accounts'))
    const some = await json(ask('/v1/accounts?verdict=breaks,unsure&limit=2'))
    expect(all.accounts).toHaveLength(6)
    expect(some.accounts).toHaveLength(2)
    expect(some.matching).toBe(4)
    expect(some.totals).toEqual(all.totals)
  })

  test('one account with its clients; 404 for one that nobody knows', async () => {
    const { ask } = start()
    expect(await json(ask('/v1/accounts/contoso'))).toMatchObject({ account: { account: 'contoso' } })
    const missing = await ask('/v1/accounts/nobody')
    expect(missing.status).toBe(404)
    expect(missing.headers.get('content-type')).toBe('application/problem+json')
    expect(await missing.json()).toMatchObject({ code: 'no-such-account', kind: 'usage', status: 404 })
  })

  test.each([
    ['/v1/accounts?verdict=broken', 404, 'no-such-verdict'],
    ['/v1/summary?days=-1', 400, 'bad-number'],
    ['/v1/summary?days=many', 400, 'bad-number'],
    ['/v1/summary?from=2026-01-01&to=2025-01-01', 400, 'empty-window'],
    ['/v1/summary?from=then', 400, 'bad-time'],
    ['/v1/burndown?stepSeconds=0', 400, 'bad-number'],
    ['/v1/nothing', 404, 'no-such-path'],
  ])('%s is a problem with a code', async (path, status, code) => {
    const response = await start().ask(path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code, type: `urn:tlsunset:problem:${code}` })
  })

  test('a fault keeps its kind and hint; a bug keeps its secrets', async () => {
    const { ask, world, bugs } = start()
    world.facts.sources = () =>
      Promise.reject(new Fault('unreachable', 'store-away', 'no answer from the store', { hint: 'wait' }))
    const fault = await ask('/v1/sources')
    expect(fault.status).toBe(502)
    expect(await fault.json()).toMatchObject({ code: 'store-away', hint: 'wait' })
    world.facts.sources = () => Promise.reject(new Error('password is hunter2'))
    const bug = await ask('/v1/sources')
    expect(bug.status).toBe(500)
    expect(await bug.text()).not.toContain('hunter2')
    expect(bugs).toHaveLength(1)
  })

  test('an unchanged answer costs no transfer', async () => {
    const { ask } = start()
    const first = await ask('/v1/accounts')
    const again = await ask('/v1/accounts', { headers: { 'if-none-match': first.headers.get('etag')! } })
    expect(again.status).toBe(304)
  })

  test('health is 503 when it is down', async () => {
    const { ask, world } = start()
    expect((await ask('/v1/health')).status).toBe(200)
    const before = await world.facts.health()
    world.facts.health = async () => ({ ...before, status: 'down', problems: ['the store is away'] })
    expect((await ask('/v1/health')).status).toBe(503)
  })
})

describe('who may ask', () => {
  test('nobody without the token, and a wrong one is no better', async () => {
    const { app } = start()
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Bearer ${token}x`, `Basic ${token}`]) {
      const response = await app.request(`${origin}/v1/summary`, {
        headers: { host: '127.0.0.1', authorization },
      })
      expect(response.status).toBe(401)
      expect(await response.text()).not.toContain(token)
    }
  })

  test('the token buys a cookie that no script reads; it ends with its time', async () => {
    let atMs = nowMs
    const { ask, app } = start({ now: () => atMs })
    const cookie = (await ask('/v1/session', { method: 'POST' })).headers.get('set-cookie')!
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).not.toContain(token)
    const headers = { host: '127.0.0.1:7443', cookie: cookie.split(';')[0]! }
    const asked = () => app.request(`${origin}/v1/policy`, { headers })
    expect((await asked()).status).toBe(200)
    const forged = { ...headers, cookie: headers.cookie.replace(/=\d/, '=9') }
    expect((await app.request(`${origin}/v1/policy`, { headers: forged })).status).toBe(401)
    atMs += 13 * 3_600_000
    expect((await asked()).status).toBe(401)
  })

  test('a change by cookie must come from our own page', async () => {
    const { ask, app } = start()
    const cookie = (await ask('/v1/session', { method: 'POST' })).headers.get('set-cookie')!.split(';')[0]!
    const leave = (headers: Record<string, string>) =>
      app.request(`${origin}/v1/session`, {
        method: 'DELETE',
        headers: { host: '127.0.0.1:7443', cookie, ...headers },
      })
    expect((await leave({})).status).toBe(403)
    expect((await leave({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await leave({ origin: 'http://evil.example' })).status).toBe(403)
    expect((await leave({ origin })).status).toBe(204)
  })

  test('a request under another name is not ours (DNS rebinding)', async () => {
    const { ask } = start()
    for (const host of ['evil.example', 'evil.example:7443', 'localhost.evil.example'])
      expect((await ask('/v1/summary', { headers: { host } })).status).toBe(421)
    for (const host of ['localhost:7443', '127.0.0.1', '[::1]:7443'])
      expect((await ask('/v1/summary', { headers: { host } })).status).toBe(200)
  })

  test('behind the socket no token is asked for, and none can be bought', async () => {
    const { app } = start({ access: 'trusted' })
    expect((await app.request('http://store/v1/summary')).status).toBe(200)
    expect((await app.request('http://store/v1/session', { method: 'POST' })).status).toBe(404)
  })

  test('every answer forbids framing, sniffing, foreign content and storing', async () => {
    const { ask, app } = start()
    for (const response of [await ask('/v1/summary'), await ask('/v1/nothing'), await app.request('/')]) {
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(response.headers.get('content-security-policy')).not.toContain('unsafe')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('events', () => {
  test('a refusal arrives with its name; who reconnects gets what was missed', async () => {
    const { ask, world } = start()
    const stream = await listen(await ask('/v1/events'))
    expect(await stream.next('heartbeat')).toEqual({ nowMs })
    await stream.next('change')
    world.refuse('northwind')
    expect(await stream.next('refusals')).toMatchObject([{ account: 'northwind', clause: 'version' }])
    await stream.next('change')
    const id = stream.lastId()
    await stream.close()

    world.refuse('fabrikam')
    const resumed = await listen(await ask('/v1/events', { headers: { 'last-event-id': id } }))
    expect(await resumed.next('refusals')).toMatchObject([{ account: 'fabrikam' }])
    await resumed.close()
  })

  test('a reader that leaves is forgotten', async () => {
    const { ask, world } = start()
    let listeners = 0
    const { onChange } = world.facts
    world.facts.onChange = listener => {
      listeners++
      const stop = onChange(listener)
      return () => {
        listeners--
        stop()
      }
    }
    const stream = await listen(await ask('/v1/events'))
    await stream.next('heartbeat')
    expect(listeners).toBe(1)
    await stream.close()
    expect(listeners).toBe(0)
  })
})

describe('the files of the console', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tlsunset-assets-'))
  beforeAll(() => {
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    writeFileSync(join(folder, 'notes.txt'), 'not for the web')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('are served without a session, and nothing else is', async () => {
    const { app } = start({ assets: assets(folder) })
    const page = await app.request(`${origin}/`, { headers: { host: 'localhost' } })
    expect(await page.text()).toBe('<!doctype html>')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await app.request(`${origin}/notes.txt`, { headers: { host: 'localhost' } })).status).toBe(404)
  })
})

/** Reads server-sent events one by one. */
async function listen(response: Response) {
  const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
  let text = ''
  let lastId = ''
  return {
    lastId: () => lastId,
    async next(event: string): Promise<unknown> {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const lines = text.slice(0, end).split('\n')
          text = text.slice(end + 2)
          const field = (name: string) =>
            lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2)
          lastId = field('id') ?? lastId
          if (field('event') === event) return JSON.parse(field('data')!)
          continue
        }
        const { value, done } = (await reader.read()) as { value?: string; done: boolean }
        if (done) throw new Error(`the stream ended before ${event}`)
        text += value
      }
    },
    close: () => reader.cancel(),
  }
}
