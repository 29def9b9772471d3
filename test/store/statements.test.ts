import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/store/database.ts'

let dir: string
let db: Database

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-statements-'))
  db = await openDatabase({ kind: 'directory', path: dir })
})
afterAll(async () => {
  await db.close()
  rmSync(dir, { recursive: true, force: true })
})

test.each(["it's", 'back\\slash', '{b:String}', "{b:String}' --", 'line\nbreak', 'nul\0byte', 'ü€😀', ''])(
  'a value is what it is, whatever it looks like: %j',
  async a => {
    const [row] = await db.rows(
      `SELECT {a:String} AS a, {b:String} AS b, '{a:String}' AS text, {list:Array(String)} AS list, {day:Date} AS day,
         fromUnixTimestamp64Milli({atMs:Int64}) = toDateTime64(1.5, 3) AS at`,
      { a, b: "' OR 1=1", list: [a, "'"], day: '2026-11-02', atMs: 1500 },
    )
    expect(row).toEqual({
      a,
      b: "' OR 1=1",
      text: '{a:String}',
      list: [a, "'"],
      day: '2026-11-02',
      at: 1,
    })
  },
)

test('a small question does not wait for a long one', async () => {
  const answered: string[] = []
  const slow = db
    .rows('SELECT sleepEachRow(0.5), {n:UInt8} FROM numbers(4) SETTINGS max_block_size = 1', { n: 1 })
    .then(() => answered.push('slow'))
  await db.rows('SELECT {n:UInt8}', { n: 2 }).then(() => answered.push('small'))
  await slow
  expect(answered).toEqual(['small', 'slow'])
})

test('more questions than are answered beside each other wait for their turn', async () => {
  const asked = Array.from({ length: 40 }, (_, n) => db.rows<{ n: number }>('SELECT {n:UInt8} AS n', { n }))
  expect((await Promise.all(asked)).flat().map(row => row.n)).toEqual(Array.from({ length: 40 }, (_, n) => n))
})

test('a statement that fails does not keep the others from theirs', async () => {
  const failing = Array.from({ length: 8 }, () => db.rows('SELECT nothing_of_the_kind'))
  for (const result of await Promise.allSettled(failing)) expect(result.status).toBe('rejected')
  expect(await db.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
})
