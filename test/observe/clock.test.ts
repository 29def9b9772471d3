import { afterAll, beforeAll, expect, test } from 'vitest'
import { timeSql } from '../../src/observe/sql.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'

let db: Database
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(() => db.close())

test.each([
  ['22/Nov/2026:17:28:05 +0000', '2026-11-22 17:28:05.000'],
  ['[22/Nov/2026:17:28:05 -0730]', '2026-11-23 00:58:05.000'],
  ['[29/Feb/2028:00:10:05 +0100]', '2028-02-28 23:10:05.000'],
  ['22/Nov/2026:17:28:05', '2026-11-22 17:28:05.000'],
  ['[22/Nov/2026:17:28:05.123 +0100]', '2026-11-22 16:28:05.123'],
  ['2/Nov/2026:17:28:05 +01:00', '2026-11-02 16:28:05.000'],
  ['31/Dec/2016:23:59:60 +0000', '2017-01-01 00:00:00.000'],
  ['22/Nov/2126:17:28:05 +0000', '2126-11-22 17:28:05.000'],
  ['31/Feb/2026:17:28:05 +0000', '1970-01-01 00:00:00.000'],
  ['[22/Nov/2026:17:28:05 +0000]x', '1970-01-01 00:00:00.000'],
  ['[', '1970-01-01 00:00:00.000'],
  ['', '1970-01-01 00:00:00.000'],
])('in a log of the common format %s is %s', async (text, instant) => {
  // Of a constant the engine would work it out in another way than of lines.
  const [found] = await db.rows<{ at: string }>(
    `SELECT toString(${timeSql.common('time')}) AS at FROM (SELECT materialize({text:String}) AS time)`,
    { text },
  )
  expect(found!.at).toBe(instant)
})
