import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLogFormat } from '../../src/observe/log-format.ts'
import { readingSettings, selectSql } from '../../src/observe/reading.ts'
import { sources } from '../../src/observe/sources/index.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { linesOf, openLogFile } from '../../src/store/files.ts'

let db: Database
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-format-'))
beforeAll(async () => {
  db = await openDatabase({ kind: 'memory' })
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What is read of lines that are written with a format; nothing is found out from the lines. */
async function read(format: string, lines: readonly string[]) {
  const path = join(folder, `${Math.abs(format.length)}.log`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  const { source, layout } = readLogFormat(format, sources, { lines: [], headers: [], fileMs: 0 })
  const reading = source.read(layout)
  const file = openLogFile(path, () => folder)
  const select = selectSql(reading, { sourceId: source.id, fileMs: 0, from: linesOf(file, reading.format) })
  const rows = await db.rows<Record<string, unknown>>(
    `SELECT why, toString(at) AS at, account, address, sni, offered_max, negotiated, suite, user_agent FROM (${select}) ORDER BY seq ${readingSettings}`,
  )
  return { source: source.id, rows: rows.map(row => Object.values(row).join(' | ')) }
}

test('fields in an order of their own, a user with a blank in the name, agents that name versions', async () => {
  const format = `log_format  edge escape=default
    '$ssl_protocol/$ssl_cipher [$time_local] $remote_addr $remote_user '
    '"$http_user_agent" $status "$request" sni=$ssl_server_name rt=$request_time';`
  const { source, rows } = await read(format, [
    'TLSv1.2/ECDHE-RSA-AES128-GCM-SHA256 [22/Nov/2026:17:28:05 +0530] 192.0.2.7 - "TLSv1 curl/8" 200 "GET / HTTP/1.1" sni=a.example.com rt=0.1',
    'TLSv1/AES128-SHA [22/Nov/2026:17:28:05 +0000] 192.0.2.8 Jo Doe "x\\x22 SSLv3 y" 200 "GET /TLSv1.3 HTTP/1.1" sni=b.example.com rt=0.2',
    'TLSv1.1/AES128-SHA [22/Nov/2026:17:28:05 +0000] 192.0.2.8 - "a" TLSv1 "b" 200 "GET / HTTP/1.1" sni=b.example.com rt=0.2',
  ])
  expect(source).toBe('nginx')
  expect(rows).toEqual([
    ' | 2026-11-22 11:58:05.000 |  | 192.0.2.7 | a.example.com | 0 | 771 | 49199 | TLSv1 curl/8',
    ' | 2026-11-22 17:28:05.000 | Jo | 192.0.2.8 | b.example.com | 0 | 769 | 47 | x\\x22 SSLv3 y',
    expect.stringMatching(/^quotation marks are missing, or too many/),
  ])
})

test('what stands around the lines of Windows, or of a log that was cut while it was open, is none of them', async () => {
  const { rows } = await read('$remote_addr $ssl_protocol "$ssl_server_name" [$time_local]', [
    '\uFEFF192.0.2.7 TLSv1.2 "a.example.com" [22/Nov/2026:17:28:05 +0000]\r',
    '\0\0\x00192.0.2.8 TLSv1 "b.example.com" [22/Nov/2026:17:28:06 +0000]\r',
  ])
  expect(rows).toEqual([
    ' | 2026-11-22 17:28:05.000 |  | 192.0.2.7 | a.example.com | 0 | 771 | 0 | ',
    ' | 2026-11-22 17:28:06.000 |  | 192.0.2.8 | b.example.com | 0 | 769 | 0 | ',
  ])
})

test('JSON, with numbers without quotes and one object within another', async () => {
  const format = `log_format json escape=json '{"ts":$msec,"tls":{"v":"$ssl_protocol","c":"$ssl_cipher"},"client":"$remote_addr",'
    '"status":$status,"agent":"$http_user_agent","name":"$ssl_server_name","decoy":"TLSv1"}';`
  const { source, rows } = await read(format, [
    '{"ts":1795368485.125,"tls":{"v":"TLSv1.3","c":"TLS_AES_256_GCM_SHA384"},"client":"2001:db8::7","status":200,"agent":"a\\"b","name":"c.example.com","decoy":"TLSv1"}',
    '{"ts":1795368485.125,"tls":{"v":"","c":""},"client":"192.0.2.9","status":400,"agent":"","name":"","decoy":"TLSv1"}',
  ])
  expect(source).toBe('nginx')
  expect(rows).toEqual([
    ' | 2026-11-22 17:28:05.125 |  | 2001:db8::7 | c.example.com | 0 | 772 | 4866 | a"b',
    ' | 2026-11-22 17:28:05.125 |  | 192.0.2.9 |  | 0 | 0 | 0 | ',
  ])
})

test('a stream server that passes TLS on, with separators and the offered version', async () => {
  const format = '$remote_addr|$time_iso8601|$protocol|$status|$ssl_preread_server_name|$ssl_preread_protocol'
  const { source, rows } = await read(format, [
    '192.0.2.10|2026-11-22T17:28:05+01:00|TCP|200|d.example.com|TLSv1.1',
    '192.0.2.11|2026-11-22T17:28:05+01:00|TCP|200|-|-',
  ])
  expect(source).toBe('nginx-stream')
  expect(rows).toEqual([
    ' | 2026-11-22 16:28:05.000 |  | 192.0.2.10 | d.example.com | 770 | 0 | 0 | ',
    ' | 2026-11-22 16:28:05.000 |  | 192.0.2.11 |  | 0 | 0 | 0 | ',
  ])
})

test('a format that tells no version is refused, with the remedy', () => {
  const sample = { lines: [], headers: [], fileMs: 0 }
  expect(() => readLogFormat("log_format main '$remote_addr [$time_local]';", sources, sample)).toThrow(
    /holds no \$ssl_protocol/,
  )
})
