import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs, utcDay } from '../../src/base/time.ts'
import { snakeKeys } from '../../src/store/columns.ts'
import { rawDays } from '../../src/store/raw-days.ts'
import { refusals } from '../../src/store/refusals.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { usageRows } from '../../src/store/usage.ts'
import { observation } from './made-up.ts'

const nowMs = Date.now()
const ages = [rawDays + 3, rawDays - 3, 0]

let store: Store
beforeAll(async () => {
  store = await openStore({ kind: 'memory' })
  for (const days of ages) {
    const { atMs, ...row } = observation({
      atMs: nowMs - days * dayMs - 1,
      outcome: 'refused',
      reason: 'version',
    })
    await store.db.insert('intake', [
      {
        ...snakeKeys(row),
        at: new Date(atMs).toISOString().replace('T', ' ').replace('Z', ''),
        lot: utcDay(nowMs - days * dayMs),
        collector: 'test',
        batch: `${days}`,
        seq: 1,
        why: '',
      },
    ])
  }
})
afterAll(() => store.close())

test('raw rows go when they are too old, and only they; the roll-up stays', async () => {
  const window = { fromMs: 0, toMs: nowMs + 1 }
  const before = await usageRows(store.db, window)
  expect(before).toHaveLength(ages.length)
  // What the engine does by itself every few hours.
  await store.db.run('OPTIMIZE TABLE observations FINAL')
  const kept = await store.db.rows<{ lot: string }>('SELECT lot FROM observations ORDER BY lot')
  expect(kept.map(row => row.lot)).toEqual([rawDays - 3, 0].map(days => utcDay(nowMs - days * dayMs)))
  expect(await usageRows(store.db, window)).toEqual(before)
  expect(await refusals(store.db, { ...window, limit: 10 })).toHaveLength(2)
})
