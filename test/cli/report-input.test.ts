import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { Io } from '../../src/cli/command.ts'
import { sortInputs } from '../../src/cli/report/inputs.ts'
import { runMain } from './run-main.ts'

const capture = readFileSync(
  fileURLToPath(new URL('../../cases/captures/own/ossl-tls10.pcap', import.meta.url)),
)
const log =
  '192.0.2.7 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/7" TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256\n'
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-input-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function report(file: string, stdin: string | Uint8Array = '') {
  const { exit, stdout } = await runMain(['report', '--json', file], { cwd: folder, stdin })
  const { observations, source } = JSON.parse(stdout)
  return { exit, observations, source }
}

const eight = { exit: 1, observations: 8, source: 'capture' }

test.each<[string, Uint8Array]>([
  ['plain', capture],
  ['in gzip', gzipSync(capture)],
])('a capture on stdin, %s', async (_, bytes) => {
  expect(await report('-', bytes)).toEqual(eight)
  expect(await report('/dev/stdin', bytes)).toEqual(eight)
})

test.each<[string, Uint8Array]>([
  ['plain', Buffer.from(log)],
  ['in gzip', gzipSync(log)],
  ['of three bytes', Buffer.from('a\nb')],
  ['empty', Buffer.alloc(0)],
])('a log on stdin is kept whole as a file: %s', async (_, bytes) => {
  const io = { stdin: Readable.from([bytes]), cwd: folder } as Io
  const inputs = await sortInputs(['-', 'missing.log'], () => folder, io)
  const missing = join(folder, 'missing.log')
  expect(inputs).toEqual({
    captures: [],
    logs: [
      { path: join(folder, 'stdin'), name: 'stdin' },
      { path: missing, name: missing },
    ],
    faults: [],
  })
  expect(readFileSync(join(folder, 'stdin')).equals(bytes)).toBe(true)
})

test('a log that is large enough for its lines to be counted before they are read says of each what a small one says', async () => {
  const line = (host: string, tls: string, agent = 'curl/7') =>
    `192.0.2.${host.length} - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "${agent}" ${tls} "${host}"\n`
  const few = [
    line('a.example.com', 'TLSv1 AES128-SHA'),
    line('a.example.com', 'TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256', 'Java/1.7.0_80'),
    line('bc.example.com', 'TLSv1.3 TLS_AES_128_GCM_SHA256').repeat(40),
    line('bc.example.com', 'TLSv1.3 TLS_AES_128_GCM_SHA256', 'TLSv1 \\" SSLv3'),
    line('bc.example.com', 'garbled -'),
  ].join('')
  const times = Math.ceil((5 << 20) / few.length)
  const read = async (name: string, text: string, factor: number) => {
    writeFileSync(join(folder, name), text)
    const { stdout } = await runMain(['report', '--json', '--source', 'nginx', name], { cwd: folder })
    const { accounts, by_version, skipped, observations } = JSON.parse(stdout)
    const each = (counts: Record<string, number>) =>
      Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, count / factor]))
    return {
      accounts: accounts.map(({ account, verdict, connections }: Record<string, number>) => [
        account,
        verdict,
        connections! / factor,
      ]),
      by_version: each(by_version),
      skipped: each(skipped),
      observations: observations / factor,
    }
  }
  const large = await read('large.log', few.repeat(times), times)
  expect(large).toEqual(await read('few.log', few, 1))
  expect(large).toMatchObject({ observations: 43, skipped: { 'no TLS version in its place': 1 } })
})

test('a compressed capture is known by its content, whatever its name', async () => {
  writeFileSync(join(folder, 'traffic'), gzipSync(capture))
  expect(await report('traffic')).toEqual(eight)
})

test.skipIf(process.platform === 'win32')('a pipe is read once, as it comes', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  writeFileSync(join(folder, 'piped.pcap'), capture)
  const writer = spawn('sh', ['-c', 'cat piped.pcap > pipe'], { cwd: folder, stdio: 'ignore' })
  try {
    expect(await report('pipe')).toEqual(eight)
  } finally {
    writer.kill()
  }
})

test('a file that cannot be read is named with what helps, and the others are read all the same', async () => {
  writeFileSync(join(folder, 'good.log'), log)
  writeFileSync(join(folder, 'good.pcap'), capture)
  writeFileSync(join(folder, 'empty.log'), '')
  const files = ['good.log', 'empty.log', 'nowhere.log']
  const told = /error: .*nowhere\.log: no such file\n.*hint: .*\n.*error: .*empty\.log is empty\n.*hint: /
  const run = (...words: string[]) => runMain(words, { cwd: folder })
  const read = await run('report', '--json', ...files)
  expect(read).toMatchObject({ exit: 3, stderr: expect.stringMatching(told) })
  expect(JSON.parse(read.stdout)).toMatchObject({
    observations: 1,
    faults: [
      { code: 'file-unreadable', hint: expect.stringContaining('nowhere.log') },
      { code: 'log-unknown', message: expect.stringContaining('empty.log') },
    ],
  })
  expect((await run('report', 'good.pcap', 'nowhere.log')).stdout).toMatch(
    /missing +cannot read .*nowhere\.log/,
  )
  const none = await run('report', 'empty.log', 'nowhere.log')
  expect(none).toMatchObject({
    exit: 3,
    stdout: '',
    stderr: expect.stringMatching(/is empty[\s\S]*no such file/),
  })

  const taken = await run('ingest', '--json', '--store', 'store', ...files)
  expect(taken).toMatchObject({ exit: 3, stderr: expect.stringMatching(told) })
  expect(JSON.parse(taken.stdout)).toMatchObject({
    files: [{ observations: 1 }],
    faults: [{ code: 'no-such-file', hint: expect.any(String) }, { code: 'log-unknown' }],
    not_taken: [],
  })
})

test('a folder and a pattern stand for their files', async () => {
  mkdirSync(join(folder, 'logs', 'old'), { recursive: true })
  mkdirSync(join(folder, 'bare'))
  writeFileSync(join(folder, 'logs', 'a.pcap'), capture)
  writeFileSync(join(folder, 'logs', 'old', 'b.pcap'), capture)
  const run = (...words: string[]) => runMain(['report', '--json', ...words], { cwd: folder })
  const observations = async (...words: string[]) => JSON.parse((await run(...words)).stdout).observations
  const one = await observations('logs/a.pcap')
  expect(await observations('logs')).toBe(2 * one)
  expect(await observations('logs/*.pcap')).toBe(one)
  expect(await run('bare')).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('bare: no files in there'),
  })
})

test('a line as old as its file is not one whose time cannot be right', async () => {
  const path = join(folder, 'now.log')
  writeFileSync(path, `${log}${log.replace('2026', '2099')}`)
  utimesSync(path, new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z'))
  const note = '1 line with no time that can be right'
  const read = await runMain(['report', '--json', path])
  expect(JSON.parse(read.stdout).notes).toEqual([expect.stringContaining(note)])
  const taken = await runMain(['ingest', '--json', '--store', join(folder, 'store'), path])
  expect(JSON.parse(taken.stdout).files[0].notes).toEqual([expect.stringContaining(note)])
})
