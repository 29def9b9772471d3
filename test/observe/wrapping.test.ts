import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { detectSource } from '../../src/observe/detect.ts'
import { readingSettings, selectSql } from '../../src/observe/reading.ts'
import { sources } from '../../src/observe/sources/index.ts'
import { literals } from '../../src/observe/sql.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'

const linesOf = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../cases/source/${name}`, import.meta.url)), 'utf8')
    .split('\n')
    .filter(line => line !== '')

let db: Database
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(() => db.close())

async function read(lines: readonly string[]) {
  const found = detectSource(sources, { lines, headers: [], fileMs: Date.UTC(2026, 10, 30) })
  if (!found) return { source: null, rows: [] }
  const select = selectSql(found.source.read(found.layout), {
    sourceId: found.source.id,
    fileMs: Date.UTC(2026, 10, 30),
    from: `SELECT toUInt64(number + 1) AS seq, ${literals(lines)}[number + 1] AS line FROM numbers(${lines.length})`,
  })
  return {
    source: found.source.id,
    rows: await db.rows(`SELECT * FROM (${select}) ORDER BY seq ${readingSettings}`),
  }
}

const alb = linesOf('aws-alb/access.log')
const errors = linesOf('nginx-error/error.log')
const trail = linesOf('aws-cloudtrail/events.json')
const kong = linesOf('json/kong.json')
const caddy = linesOf('caddy/access.json')

test.each<[string, readonly string[], (line: string) => string]>([
  ['Docker', alb, log => JSON.stringify({ log: `${log}\n`, stream: 'stdout', time: '2026-11-22T10:00:00Z' })],
  ['a shipper', alb, message => JSON.stringify({ '@timestamp': '2026-11-22T10:00:00Z', message })],
  [
    'CloudWatch',
    alb,
    message => JSON.stringify({ '@timestamp': '2026-11-22 10:00:00.000', '@message': message }),
  ],
  ['an event collector', alb, event => JSON.stringify({ time: 1795341600, host: 'lb', event })],
  ['Kubernetes', caddy, line => `2026-11-22T10:00:00.123456789Z stdout F ${line}`],
  ['syslog', caddy, line => `<190>Nov 22 10:00:00 edge caddy[12]: ${line}`],
  ['syslog, of text,', errors, line => `<187>Nov 22 10:00:00 edge nginx: ${line}`],
  ['syslog (RFC 5424), of text,', errors, line => `<187>1 2026-11-22T10:00:00.1Z edge nginx 12 - - ${line}`],
  ['Kubernetes with the name of the pod', trail, line => `[pod/trail-0/reader] ${line}`],
  ['syslog, of no server in particular,', kong, line => `Nov 22 10:00:00 edge gate[7]: ${line}`],
  ['Docker Compose', caddy, line => `web-1  | ${line}`],
  ['a search', caddy, line => `{"_index":"logs","_source":${line}}`],
  ['Docker, then a shipper', caddy, log => JSON.stringify({ message: JSON.stringify({ log }) })],
])('lines that %s wrapped are read as they were', async (_, lines, wrap) => {
  const plain = await read(lines)
  expect(plain.rows.length).toBeGreaterThan(1)
  expect(await read(lines.map(wrap))).toEqual(plain)
})

test('lines between them that are not wrapped stay what they are', async () => {
  const wrapped = caddy.map(line => `2026-11-22T10:00:00.1Z stdout F ${line}`)
  const { rows } = await read([...wrapped, 'something else', '{"a":1}'])
  expect(rows.slice(-2).map(row => (row as { why: string }).why)).not.toContain('')
})

test('a table that was exported is read by the names of its columns', async () => {
  const rows = linesOf('cloudflare/times.json').map(line => JSON.parse(line) as Record<string, unknown>)
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))]
  const cell = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`
  const plain = await read(rows.map(row => JSON.stringify(row)))
  for (const separator of [',', ';', '\t']) {
    const table = [
      names.join(separator),
      ...rows.map(row => names.map(name => cell(row[name])).join(separator)),
    ]
    const found = await read([...table, 'half;a,row'])
    expect(found.source).toBe(plain.source)
    const telling = found.rows.map(row => ({ ...(row as object), seq: 0 }))
    expect(telling.slice(1, -1)).toEqual(plain.rows.map(row => ({ ...(row as object), seq: 0 })))
    expect([telling[0], telling.at(-1)]).toMatchObject([{ why: 'header' }, { why: 'not JSON' }])
  }
})
