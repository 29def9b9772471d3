import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRetirement } from '../../src/model/retirement.ts'
import { createApp } from '../../src/server/app.ts'
import { decisionsOf } from '../../src/server/go-ledger.ts'
import { addIngest } from '../../src/server/ingest-route.ts'
import { listenAtSocket } from '../../src/server/listen.ts'
import { addQuery } from '../../src/server/query-route.ts'
import { storeFacts } from '../../src/server/store-facts.ts'
import { socketPath } from '../../src/store/socket-path.ts'
import { openStore } from '../../src/store/store.ts'
import { runMain, type Said } from './run-main.ts'

const cases = fileURLToPath(new URL('../../cases/', import.meta.url))
const nowMs = Date.UTC(2026, 10, 25)
const dir = mkdtempSync(join(tmpdir(), 'tlsunset-answers-'))
const store = join(dir, 'store')
const text = `retirement: api-13
service: { names: ["*.example.com"], owner: us }
accounts: { sni: "{account}.example.com" }
floor:
  now: { version: TLS 1.0 }
  next: { version: TLS 1.2 }
junk: { rules: [{ name: ours, account: globex, because: they test with us }] }
exemptions:
  - { account: acme, until: 2027-06-30T00:00:00Z, reason: "replaced in May", approvedBy: j.doe }
cutoff: 2027-03-31T00:00:00Z
`
const strict = text.replace('TLS 1.2', 'TLS 1.3')
const file = join(dir, 'retirement.yaml')
const other = join(dir, 'other.yaml')
const run = (...argv: string[]) => runMain([...argv, '--store', store], { cwd: cases, nowMs })

beforeAll(async () => {
  writeFileSync(file, text)
  writeFileSync(other, strict)
  expect((await run('ingest', 'report/access.log')).exit).toBe(0)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Serves the store as `tlsunset serve` does, and tells what was asked. */
async function serve(policy: string) {
  const read = readRetirement(policy, { nowMs })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const open = await openStore({ kind: 'directory', path: store })
  const facts = storeFacts({
    store: open,
    policy: read.policy,
    hasGateway: false,
    health: () => Promise.reject(new Error('not asked')),
    now: () => nowMs,
  })
  const asked: string[] = []
  const app = createApp(facts, {
    now: () => nowMs,
    access: 'trusted',
    decisions: decisionsOf(open, facts.standing),
    onBug: error => {
      throw error
    },
  })
  addIngest(app, open, { rules: () => [], changed: facts.takenIn })
  addQuery(app, open)
  const listening = await listenAtSocket(
    Object.assign(Object.create(app), {
      fetch: (request: Request, ...rest: unknown[]) => {
        asked.push(new URL(request.url).pathname)
        return Reflect.apply(app.fetch, app, [request, ...rest])
      },
    }),
    socketPath(store),
  )
  return {
    asked,
    async close() {
      await listening.close()
      await open.close()
    },
  }
}

/** What the commands say while nobody serves the store, and then what they say to a server of it. */
function besideServer(policy: string, questions: readonly string[][], ...file: string[]) {
  const alone = new Map<string[], Said>()
  let serving: Awaited<ReturnType<typeof serve>>
  beforeAll(async () => {
    for (const words of questions) alone.set(words, await run(...words, ...file))
    serving = await serve(policy)
  })
  afterAll(() => serving.close())
  return { alone, askedNow: () => serving.asked.splice(0) }
}

describe('a server and the store say the same', () => {
  const questions = [
    ['report', '--json'],
    ['report'],
    ['report', '--by', 'version'],
    ['report', '--json', '--with-junk'],
    ['report', '--json', '--from', '2026-11-20T14:00:00Z', '--to', '2026-11-21'],
    ['what-if', '--json'],
    ['what-if', '--floor', 'TLS 1.2', '--floor', 'no-cbc'],
    ['what-if', '--json', '--diff', '--floor', 'TLS 1.2', '--floor', 'TLS 1.3'],
  ]
  const { alone, askedNow } = besideServer(text, questions, '-c', file)

  test.each(questions.map(words => [words]))('%j', async words => {
    expect(await run(...words)).toEqual(alone.get(words))
    expect(await run(...words, '-c', file)).toEqual(alone.get(words))
    expect(askedNow()).not.toContain('/v1/usage')
    await run(...words, '-c', other)
    expect(askedNow()).toContain('/v1/usage')
  })

  test('what was just taken in is in the report', async () => {
    writeFileSync(
      join(dir, 'more.log'),
      readFileSync(join(cases, 'report/access.log'), 'utf8').replaceAll('14:0', '15:0'),
    )
    const before = JSON.parse((await run('report', '--json')).stdout)
    expect((await run('ingest', join(dir, 'more.log'))).exit).toBe(0)
    const after = JSON.parse((await run('report', '--json')).stdout)
    expect(after.observations).toBeGreaterThan(before.observations)
  })
})

describe('commands without a retirement file go by that of the server', () => {
  const questions = [
    ['audit', '--account', 'acme', '--json'],
    ['account', 'acme', '--json'],
    ['forecast', '--json'],
    ['report', '--by', 'stack', '--json'],
  ]
  const { alone } = besideServer(strict, questions, '-c', other)

  test.each(questions.map(words => [words]))('%j', async words => {
    expect(await run(...words)).toEqual(alone.get(words))
  })
})
