import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { detectSource } from '../../src/observe/detect.ts'
import { readingSettings, selectSql } from '../../src/observe/reading.ts'
import { sources } from '../../src/observe/sources/index.ts'
import { literals } from '../../src/observe/sql.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { linesOf, openLogFile, sampleFile } from '../../src/store/files.ts'

const root = fileURLToPath(new URL('../../cases/source', import.meta.url))
const noLinks = () => {
  throw new Error('no case has a name that needs a link')
}

let db: Database
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(() => db.close())

const casesOf = (id: string) => {
  const folder = join(root, id)
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => name !== 'PROVENANCE.md' && !name.endsWith('.expected.json'))
}

/** Files get other times when they are checked out; one case has instants without a year. */
const writtenMs = Date.UTC(2026, 10, 30)

/** Numbers of lines that no log of a case has. */
const debrisFrom = 1_000_000

/** The rows of a log, and those of the same reading from lines that are none of it. */
async function read(path: string) {
  const file = { ...openLogFile(path, noLinks), writtenMs }
  const found = detectSource(sources, await sampleFile(db, file))
  if (!found) throw new Error(`${path} is not recognised`)
  const reading = found.source.read(found.layout)
  const strange = reading.format === 'JSONAsString' ? debris.filter(line => line.startsWith('{')) : debris
  // Both in one statement: planning it takes far longer than reading the lines.
  const select = selectSql(reading, {
    sourceId: found.source.id,
    fileMs: writtenMs,
    from: `SELECT toUInt64(seq) AS seq, toString(line) AS line FROM (${linesOf(file, reading.format)}) UNION ALL
      SELECT toUInt64(${debrisFrom} + number) AS seq, ${literals(strange)}[number + 1] AS line FROM numbers(${strange.length})`,
  })
  const all = await db.rows<Record<string, unknown>>(
    `SELECT * FROM (${select}) ORDER BY seq, at, sni, account ${readingSettings}`,
  )
  const rows = all.filter(row => Number(row.seq) < debrisFrom)
  return { source: found.source.id, reading, rows, afterDebris: all.slice(rows.length), strange }
}

test('every source says what it is, and has cases', () => {
  const missing = sources.flatMap(source => [
    ...(casesOf(source.id).length === 0 ? [`${source.id}: no case`] : []),
    ...(existsSync(join(root, source.id, 'PROVENANCE.md')) ? [] : [`${source.id}: no PROVENANCE.md`]),
    ...(source.blind.length === 0 ? [`${source.id}: no blind spot`] : []),
    ...(source.sees.length === 0 ? [`${source.id}: sees nothing`] : []),
    ...(source.sources.length === 0 && source.id !== 'json' ? [`${source.id}: no source of its facts`] : []),
    ...(source.setup === '' ? [`${source.id}: no setup`] : []),
  ])
  expect(missing).toEqual([])
  expect(new Set(sources.map(source => source.id)).size).toBe(sources.length)
  expect(readdirSync(root).sort()).toEqual(sources.map(source => source.id).sort())
})

describe.each(sources.map(source => source.id))('%s', id => {
  test.each(casesOf(id))('%s', async name => {
    const path = join(root, id, name)
    const { source, reading, rows, afterDebris, strange } = await read(path)
    const found = {
      source,
      observations: rows
        .filter(row => row.why === '')
        .map(row => Object.fromEntries(Object.entries(row).filter(([key, value]) => isTelling(key, value)))),
      skips: rows.filter(row => row.why !== '').map(row => `${row.seq}: ${row.why}`),
    }
    const expectedFile = `${path}.expected.json`
    if (process.env.UPDATE) writeFileSync(expectedFile, `${JSON.stringify(found, null, 1)}\n`)
    expect(source).toBe(id)
    expect(found).toEqual(JSON.parse(readFileSync(expectedFile, 'utf8')))

    // Each line is one row, an observation or a skip.
    if (reading.format === 'LineAsString' && !reading.records) {
      const lines = readFileSync(path, 'utf8').replace(/\n$/, '').split('\n').length
      expect(rows).toHaveLength(lines)
      expect(rows.map(row => Number(row.seq)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: lines }, (_, index) => index + 1),
      )
    }
    expect(statSync(path).size).toBeLessThan(100_000)

    const taken = afterDebris.filter(row => row.why === '')
    expect(new Set(afterDebris.map(row => row.seq)).size).toBe(strange.length)
    expect(taken, 'a line that is none of the log is a skip').toEqual([])
  })
})

const client = '192.0.2.1 - - [22/Nov/2026:17:28:05 +0000] "GET /a?v=TLSv1.3 HTTP/1.1" 200 3 "-"'
test.each<[string, (version: string, cipher: string, agent: string) => string]>([
  ['brackets', (version, cipher, agent) => `${client} "${agent}" [${version}] (${cipher})`],
  ['a name and a slash', (version, cipher, agent) => `${client} "${agent}" rt=0.1 tls=${version}/${cipher}`],
  [
    'apostrophes',
    (version, cipher, agent) => `192.0.2.1 [22/Nov/2026:17:28:05 +0000] '${agent}' '${version}' '${cipher}'`,
  ],
  [
    "bars, and HTTP's time",
    (version, cipher, agent) =>
      `192.0.2.1|Sun, 22 Nov 2026 17:28:05 GMT|${version.replace('-', '')}|${cipher}|${agent}`,
  ],
  ['bars', (version, cipher, agent) => `2026-11-22T17:28:05Z|192.0.2.1|${agent}|${version}|${cipher}`],
  ['commas', (version, cipher, agent) => `2026-11-22T17:28:05Z,192.0.2.1,"${agent}",${version},${cipher}`],
  [
    'a list beside',
    (version, cipher, agent) => `${client} "${agent}" ${version} ${cipher} "TLSv1.2 TLSv1.3"`,
  ],
])('text with the version between %s', async (_, line) => {
  const lines = [
    line('TLSv1', 'AES128-SHA', 'curl/8'),
    line('TLSv1.2', 'AES128-SHA', 'Mozilla/5.0 (X11; Linux, x86_64) a/1'),
    line('-', '-', 'curl/8'),
    line('TLSv1.1', 'AES128-SHA', 'curl/8'),
  ]
  const found = detectSource(sources, { lines, headers: [], fileMs: writtenMs })!
  const select = selectSql(found.source.read(found.layout), {
    sourceId: found.source.id,
    fileMs: writtenMs,
    from: `SELECT toUInt64(number) AS seq, ${literals(lines)}[number + 1] AS line FROM numbers(${lines.length})`,
  })
  const rows = await db.rows(
    `SELECT why, negotiated, address, toString(at) AS time FROM (${select}) ORDER BY seq ${readingSettings}`,
  )
  expect(rows).toEqual(
    [769, 771, 0, 770].map(negotiated => ({
      why: '',
      negotiated,
      address: '192.0.2.1',
      time: '2026-11-22 17:28:05.000',
    })),
  )
})

/** What stands in a log when another program wrote to it, a disk was full, or somebody edited it. */
const debris = [
  'this line is not of the log',
  'nginx: worker process 4711 exited on signal 11',
  'garbage',
  '"',
  '- - -',
  'a b c d e f g h i j k l m n o p q r s t u v w x y z',
  'a\tb\tc\td\te\tf\tg',
  'one "two three" four "five" - "six" -',
  '\u0001\u0002binary\u0003',
  '{"broken',
  '{}',
  '{"a":1}',
  '[]',
  'null',
  '# comment',
  '<html>',
]

const usual: Record<string, unknown> = {
  source: 0,
  why: 0,
  confidence: 'none',
  outcome: 'accepted',
  count: 1,
  retry: false,
}

function isTelling(key: string, value: unknown): boolean {
  if (key === 'source' || key === 'why') return false
  return value !== '' && value !== 0 && value !== usual[key]
}
