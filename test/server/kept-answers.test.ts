import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dayMs, minuteMs, secondMs } from '../../src/base/time.ts'
import type { Window } from '../../src/model/api.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { keptAnswers } from '../../src/server/kept-answers.ts'
import { storeFacts } from '../../src/server/store-facts.ts'
import { collectOnce } from '../../src/store/collect.ts'
import { openStore } from '../../src/store/store.ts'
import { helloShape, observation, writeSegment } from '../store/made-up.ts'

/** Makes answers when told to: the number of the attempt. */
function start() {
  let nowMs = Date.UTC(2026, 10, 22, 12)
  let made = 0
  const waiting: (() => void)[] = []
  const answers = keptAnswers(
    () => new Promise<number>(resolve => waiting.push(() => resolve(++made))),
    () => nowMs,
  )
  const last = (days: number): Window => ({ fromMs: nowMs - days * dayMs, toMs: nowMs })
  const first = async (window: Window) => {
    const asked = answers.ask(window)
    await Promise.resolve()
    waiting.shift()!()
    return asked
  }
  const settle = async () => {
    for (const finish of waiting.splice(0)) finish()
    await new Promise(resolve => setImmediate(resolve))
  }
  return { answers, waiting, last, first, settle, pass: (ms: number) => (nowMs += ms) }
}

test('an answer is made once, and again when something has changed; meanwhile the old one is given', async () => {
  const { answers, waiting, last, first, settle } = start()
  expect(await first(last(35))).toBe(1)
  expect(await answers.ask(last(35))).toBe(1)
  expect(waiting).toHaveLength(0)
  const renewed = answers.renew()
  expect(await answers.ask(last(35))).toBe(1)
  await settle()
  await renewed
  expect(await answers.ask(last(35))).toBe(2)
})

test('who asks for a fresh answer waits for what was told of before, and for nothing else', async () => {
  const { answers, waiting, last, first, settle } = start()
  await first(last(35))
  expect(await answers.ask(last(35), true)).toBe(1)
  answers.outdate()
  expect(await answers.ask(last(35))).toBe(1)
  const fresh = answers.ask(last(35), true)
  expect(await answers.ask(last(35))).toBe(1)
  // Begun already when this is told of, so that it does not do for whoever asks now.
  answers.outdate()
  const two = [answers.ask(last(35), true), answers.ask(last(35), true)]
  await settle()
  expect(await fresh).toBe(2)
  await settle()
  expect(await Promise.all(two)).toEqual([3, 3])
  expect(waiting).toHaveLength(0)
  expect(await answers.ask(last(35), true)).toBe(3)
})

test('what changes while an answer is made is in the one that follows', async () => {
  const { answers, waiting, last, first, settle } = start()
  await first(last(35))
  const one = answers.renew()
  const two = answers.renew()
  await settle()
  expect(waiting).toHaveLength(1)
  await settle()
  await Promise.all([one, two])
  expect(await answers.ask(last(35))).toBe(3)
  expect(waiting).toHaveLength(0)
})

test('the window of a moment ago answers for that of now, and is made again; after 20 seconds one waits for it', async () => {
  const { answers, waiting, last, first, settle, pass } = start()
  await first(last(35))
  pass(10 * secondMs)
  expect(await answers.ask(last(35))).toBe(1)
  expect(waiting).toHaveLength(1)
  await settle()
  expect(await answers.ask(last(35))).toBe(2)
  pass(minuteMs)
  const late = answers.ask(last(35))
  await settle()
  expect(await late).toBe(3)
})

test('nobody waits for what nobody asks, and what is then asked is fresh', async () => {
  const { answers, waiting, last, first, settle, pass } = start()
  const window = last(35)
  await first(window)
  pass(10 * minuteMs)
  await answers.renew()
  expect(waiting).toHaveLength(0)
  const asked = answers.ask(last(35))
  await settle()
  expect(await asked).toBe(2)
})

test('an answer that cannot be made is not kept, and a fifth window displaces the one asked for longest ago', async () => {
  const now = () => 0
  let fails = true
  const answers = keptAnswers(async () => {
    if (fails) throw new Error('away')
    return {}
  }, now)
  const window = (days: number) => ({ fromMs: -days * dayMs, toMs: 0 })
  await expect(answers.ask(window(1))).rejects.toThrow('away')
  fails = false
  const one = await answers.ask(window(1))
  for (const days of [2, 3, 4]) await answers.ask(window(days))
  expect(await answers.ask(window(1))).toBe(one)
  for (const days of [5, 6, 7, 8]) await answers.ask(window(days))
  expect(await answers.ask(window(1))).not.toBe(one)
})

test('late rows, and rows that are handed over again, are in the answers once, and on their day', async () => {
  const nowMs = Date.now()
  const dir = mkdtempSync(join(tmpdir(), 'tlsunset-kept-'))
  const store = await openStore({ kind: 'memory' })
  try {
    const read = readRetirement(
      'retirement: test\nservice: { names: [api.example.com], owner: us }\naccounts: { sni: "{account}.example.com" }\nfloor:\n  now: { version: TLS 1.0 }\n  next: { version: TLS 1.2 }\n',
      { nowMs },
    )
    if (!read.ok) throw new Error('the retirement file is wrong')
    const facts = storeFacts({
      store,
      policy: read.policy,
      hasGateway: true,
      health: () => Promise.reject(new Error('not asked')),
      now: () => nowMs,
    })
    const old = helloShape('old', { supportedVersions: [], legacyVersion: 0x0301 })
    const window = { fromMs: nowMs - 35 * dayMs, toMs: nowMs }
    const handOver = async (name: string, ...daysAgo: number[]) => {
      const rows = daysAgo.map(days =>
        observation({ atMs: nowMs - days * dayMs - 1, shape: 'old', offeredMax: 0x0301 }),
      )
      writeSegment(dir, name, rows, [old])
      const told = new Promise<void>(resolve => {
        const stop = facts.onChange(() => {
          stop()
          resolve()
        })
      })
      await collectOnce(store, dir)
      facts.changed()
      await told
      const days = await facts.burnDown(window, dayMs)
      const { totals } = await facts.report(window)
      return { wouldBreak: totals.wouldBreak, days: days.map(day => day.wouldBreak) }
    }
    expect(await handOver('gw-1-1-1', 1, 2)).toEqual({ wouldBreak: 2, days: [1, 1] })
    expect(await handOver('gw-1-1-2', 2, 20)).toEqual({ wouldBreak: 4, days: [1, 2, 1] })
    expect(await handOver('gw-1-1-1', 1, 2)).toEqual({ wouldBreak: 4, days: [1, 2, 1] })
    expect(await facts.account('contoso', window)).toMatchObject({ account: { counts: { wouldBreak: 4 } } })
    const [outcome] = await facts.whatIf([read.policy.floor.next], window)
    expect(outcome).toMatchObject({ connections: 4, wouldBreak: 4, accountsThatBreak: 1 })
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
})
