import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { minuteMs, secondMs } from '../../src/base/time.ts'
import { leastMisses } from '../../src/model/junk/rules.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { storeFacts } from '../../src/server/store-facts.ts'
import { collectOnce } from '../../src/store/collect.ts'
import { openStore } from '../../src/store/store.ts'
import { observation, writeSegment } from '../store/made-up.ts'

test('the last minutes are told without crawlers too, and with them where junk counts', async () => {
  const nowMs = Date.now()
  const dir = mkdtempSync(join(tmpdir(), 'tlsunset-pulse-'))
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
      hasGateway: false,
      health: () => Promise.reject(new Error('not asked')),
      now: () => nowMs,
    })
    const crawl = observation({
      atMs: nowMs - minuteMs,
      account: '',
      userAgent: 'odd/1',
      reason: 'missed',
      count: leastMisses,
    })
    writeSegment(dir, 'gw-1-1-1', [crawl, observation({ atMs: nowMs - minuteMs, count: 3 })], [])
    await collectOnce(store, dir)
    const last = { fromMs: nowMs - 5 * minuteMs, toMs: nowMs }
    const seen = async (withJunk: boolean) =>
      (await facts.burnDown({ ...last, withJunk }, 5 * secondMs)).map(step => step.connections)
    expect(await seen(false)).toEqual([3])
    expect(await seen(true)).toEqual([3 + leastMisses])
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
})
