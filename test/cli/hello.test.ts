import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { runMain } from './run-main.ts'

const captures = fileURLToPath(new URL('../../cases/captures/own/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-hello-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function hello(...args: string[]) {
  const { exit, stdout, stderr } = await runMain(['hello', ...args], { cwd: captures })
  const rows = stdout.split('\n').filter(line => line.startsWith('{'))
  return { code: exit, stdout, stderr, rows: rows.map(line => JSON.parse(line)) }
}

test('--json prints one line per hello and alert, with its file', async () => {
  const { code, rows, stderr } = await hello('--json', 'ossl-tls10.pcap')
  expect(code).toBe(0)
  expect(stderr).toBe('')
  expect(rows.filter(row => row.kind === 'client_hello')).toHaveLength(8)
  expect(rows.filter(row => row.kind === 'alert')[0]).toMatchObject({
    file: 'ossl-tls10.pcap',
    level: 2,
    description: 70,
  })
})

test('the table has a line per connection', async () => {
  const { code, stdout } = await hello('ossl-tls10.pcap', 'starttls-ldap-openssl.pcap')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ossl-tls10\.pcap\ntime \(UTC\) +client +server +name +offered +answer +ja4\n/)
  expect(stdout).toMatch(/up to TLS 1\.0 +server alert 70 protocol_version/)
  expect(stdout).toMatch(/\nstarttls-ldap-openssl\.pcap\n/)
  expect(stdout.split('\n').filter(line => line.startsWith('20'))).toHaveLength(14)
})

test('--against predicts what a server would answer', async () => {
  const profile = join(folder, 'profile.json')
  writeFileSync(profile, JSON.stringify({ id: 'new', min_version: 'TLS 1.2', max_version: 'TLS 1.3' }))
  const { rows } = await hello('--json', '--against', profile, 'ossl-tls10.pcap')
  expect(rows[0].predicted).toMatchObject({ outcome: 'refused', clause: 'version', alert: 70 })
  expect((await hello('--against', profile, 'ossl-tls10.pcap')).stdout).toMatch(/refused \(version\)/)
  writeFileSync(profile, '{"min_version": "TLS 9"}')
  expect(await hello('--against', profile, 'ossl-tls10.pcap')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/is not a server profile: .*TLS 9/),
  })
})

test('a capture that stops in its last record is read, with a note', async () => {
  const file = join(folder, 'cut.pcap')
  writeFileSync(file, readFileSync(`${captures}ossl-tls10.pcap`).subarray(0, 5000))
  const { code, rows, stderr } = await hello('--json', file)
  expect(code).toBe(0)
  expect(rows.length).toBeGreaterThan(2)
  expect(stderr).toMatch(
    /^tlsunset: note: .*cut\.pcap stops within its last record \(offset \d+\); \d+ packets before it were read\n$/,
  )
})

test('a broken capture prints what could be read, then exits 3 naming file, offset and what was wanted', async () => {
  const file = join(folder, 'broken.pcap')
  const bytes = readFileSync(`${captures}ossl-tls10.pcap`)
  const second = 24 + 16 + bytes.readUInt32LE(24 + 8)
  let last = second
  for (let i = 0; i < 12; i++) last += 16 + bytes.readUInt32LE(last + 8)
  bytes.writeUInt32LE(0x7fff_ffff, last + 8)
  writeFileSync(file, bytes)
  const { code, rows, stderr } = await hello('--json', file, 'ossl-tls10.pcap')
  expect(code).toBe(3)
  expect(rows.some(row => row.file === file)).toBe(true)
  expect(rows.some(row => row.file === 'ossl-tls10.pcap')).toBe(true)
  expect(stderr).toMatch(
    new RegExp(`error: ${file} is broken at offset ${last + 8}: wanted a frame of at most`),
  )
})

test('what is no capture, or not there, exits 3; what holds no hello exits 6', async () => {
  const text = join(folder, 'text.log')
  writeFileSync(text, 'GET / HTTP/1.1 200\n')
  expect(await hello(text)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/text, as a log is, and no capture\n.*tlsunset report/s),
  })
  const binary = join(folder, 'binary')
  writeFileSync(binary, new Uint8Array(100))
  expect(await hello(binary)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/broken at offset 0: wanted a capture file/),
  })
  expect(await hello('missing.pcap')).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/missing\.pcap: no such file/),
  })
  expect(await hello('snaplen-200.pcap')).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/no hello/),
  })
  expect(await hello()).toMatchObject({ code: 2 })
})

test('stdin is read as it comes, until it is interrupted', async () => {
  const stdin = new PassThrough()
  const interrupt = new AbortController()
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      interrupt.abort()
      done()
    },
  })
  const stderr = new PassThrough()
  const io = { stdin, stdout, stderr, env: {}, cwd: captures, now: () => 0, signal: interrupt.signal }
  const running = main(['hello', '--json', '-'], io)
  stdin.write(readFileSync(`${captures}ossl-tls10.pcap`))
  expect(await running).toBe(130)
})
