import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { type FileAnswer, takeInAny } from '../../src/server/take-in-any.ts'
import { isCancelled } from '../../src/store/database.ts'
import { linesOf } from '../../src/store/files.ts'
import { settleFiles } from '../../src/store/hand-over.ts'
import { openRemote } from '../../src/store/remote.ts'
import { openStore, type Store } from '../../src/store/store.ts'

let dir: string
let store: Store
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tlsunset-odd-'))
  store = await openStore({ kind: 'directory', path: join(dir, 'store') })
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const nowMs = Date.UTC(2026, 10, 23)
const options = { workDir: () => dir, now: () => nowMs }
let made = 0
/** Lines that no other test writes. */
const nginxLines = (count: number) => {
  const user = `u${++made}`
  return Array.from(
    { length: count },
    (_, index) =>
      `192.0.2.${index % 250} - ${user} [22/Nov/2026:17:28:05 +0000] "GET /${index} HTTP/1.1" 200 3 "-" "curl/8" TLSv1.${index % 4} ECDHE-RSA-AES128-GCM-SHA256 "a.example.com"\n`,
  )
}
const haproxyLine = (index: number) =>
  `Nov 22 17:31:0${index % 10} lb haproxy[1]: 192.0.2.1:1234 [22/Nov/2026:17:31:23.904] fe~ be/s1 0/0/0/1/1 200 100 - - ---- 1/1/0/0/0 0/0 "GET /${index} HTTP/1.1" 0/0/0/0/0 a.example.com/TLSv1.2/ECDHE-RSA-AES128-GCM-SHA256\n`

async function take(name: string, content?: string | Uint8Array): Promise<FileAnswer> {
  const path = join(dir, name)
  if (content !== undefined) writeFileSync(path, content)
  const answer = await takeInAny(store, { path, name, capture: false }, options)
  if (answer instanceof Fault) throw answer
  return answer
}

describe('what was taken in before is known again', () => {
  test('grown, then rotated and packed with more lines', async () => {
    const lines = nginxLines(60)
    expect(await take('grow.log', lines.slice(0, 20).join(''))).toMatchObject({
      part: 'whole',
      observations: 20,
    })
    appendFileSync(join(dir, 'grow.log'), lines.slice(20, 45).join(''))
    expect(await take('grow.log')).toMatchObject({ part: 'grown', observations: 25 })
    const packed = gzipSync(lines.join(''))
    expect(await take('grow.log.1.gz', packed)).toMatchObject({ part: 'grown', observations: 15 })
  })

  test('a last line that was half written is not counted again', async () => {
    const lines = nginxLines(6)
    const text = lines.join('')
    const cut = text.length - 60
    expect(await take('half.log', text.slice(0, cut))).toMatchObject({ part: 'whole' })
    const more = nginxLines(4).join('')
    expect(await take('half.log', text + more)).toMatchObject({ part: 'grown', observations: 4 })
  })
})

describe('broken and odd files: what can be read is read, the rest is told', () => {
  test('gzip that stops early, whole later on', async () => {
    const lines = nginxLines(600)
    const packed = gzipSync(lines.join(''))
    const first = await take('cut.gz', packed.subarray(0, packed.length / 2))
    expect(first.observations).toBeGreaterThan(100)
    expect(first.observations).toBeLessThan(600)
    expect(first.notes.join()).toContain('it stops early')
    const rest = await take('whole.gz', packed)
    expect(rest).toMatchObject({ part: 'grown', observations: 600 - first.observations, notes: [] })
  })

  const hasZstd = spawnSync('zstd', ['--version']).error === undefined
  test.skipIf(!hasZstd)(`zstd that stops early${hasZstd ? '' : ' (skipped: no zstd)'}`, async () => {
    const lines = nginxLines(4000).map((line, index) => line.replace('curl/8', `curl/${Math.sin(index)}`))
    const packed = execFileSync('zstd', ['-c'], { input: lines.join('') })
    const answer = await take('cut.zst', packed.subarray(0, packed.length - 2000))
    expect(answer.observations).toBeGreaterThan(100)
    expect(answer.observations).toBeLessThan(4000)
    expect(answer.notes.join()).toContain('is broken')
  })

  test('UTF-16', async () => {
    const wide = await take('wide.log', Buffer.from(`\ufeff${nginxLines(9).join('')}`, 'utf16le'))
    expect(wide).toMatchObject({ observations: 9, notes: [expect.stringContaining('UTF-16')] })
  })

  test('a clock that jumps: counted under the time of the file, and told', async () => {
    const lines = nginxLines(12)
    lines[3] = lines[3]!.replace('/2026:', '/1971:')
    lines[4] = lines[4]!.replace('/2026:', '/2099:')
    lines[5] = lines[5]!.replace('22/Nov/', '99/Foo/')
    const answer = await take('clock.log', lines.join(''))
    expect(answer.observations).toBe(12)
    expect(answer.notes.join()).toMatch(/^3 lines with no time/)
    const [late] = await store.db.rows<{ rows: number }>(
      `SELECT count() AS rows FROM observations WHERE at > now() + INTERVAL 400 DAY OR at < '1995-01-01'`,
    )
    expect(Number(late!.rows)).toBe(0)
  })

  test('another log mixed in is named, with lines to look at', async () => {
    const lines = nginxLines(40).concat(Array.from({ length: 300 }, (_, index) => haproxyLine(index)))
    const { observations, skipped, skips } = await take('mixed.log', lines.join(''))
    expect({ observations, skipped }).toEqual({ observations: 300, skipped: 40 })
    const [skip] = Object.values(skips)
    expect(skip).toMatchObject({ lines: 40, line: 1, looksLike: { id: 'nginx' } })
    expect(skip!.examples).toEqual([
      { line: 1, text: expect.stringContaining('"GET /0 HTTP/1.1"') },
      { line: 2, text: expect.any(String) },
    ])
  })
})

test('what the engine does can be broken off, and the file starts anew', async () => {
  const running = store.db.rows('SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1')
  const ended = running.then(
    () => false,
    error => isCancelled(error),
  )
  let cancelling = Promise.resolve()
  const breaking = setInterval(() => {
    cancelling = store.db.cancel()
  }, 50)
  expect(await ended).toBe(true)
  clearInterval(breaking)
  await cancelling
  expect(await settleFiles(store, nowMs)).toBe(0)
})

describe('logs elsewhere', () => {
  let server: Server
  let base: string
  const body = nginxLines(400).join('')
  const asked: { path: string; authorization: string | undefined }[] = []
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
      asked.push({ path: pathname, authorization: request.headers.authorization })
      if (pathname === '/moved') return response.writeHead(302, { location: '/access.log' }).end()
      if (pathname === '/packed')
        return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body))
      if (pathname === '/short') {
        response.writeHead(200, { 'content-length': body.length })
        response.write(body.slice(0, 20_000), () => response.destroy())
        return
      }
      // As much of S3 as listing and reading take.
      if (pathname === '/bucket' || searchParams.has('list-type'))
        return response.end(
          `<?xml version="1.0"?><ListBucketResult><Name>bucket</Name><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>${[
            'a',
            'b',
          ]
            .map(
              key =>
                `<Contents><Key>logs/${key}.log</Key><Size>${body.length}</Size><ETag>"1"</ETag><LastModified>2026-11-22T20:00:00.000Z</LastModified></Contents>`,
            )
            .join('')}</ListBucketResult>`,
        )
      if (pathname !== '/access.log' && !/^\/bucket\/logs\/[ab]\.log$/.test(pathname))
        return response.writeHead(404).end('secret body')
      const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
      const from = Number(range?.[1] ?? 0)
      const part = body.slice(from, range?.[2] ? Number(range[2]) + 1 : undefined)
      response.writeHead(range ? 206 : 200, {
        'accept-ranges': 'bytes',
        'content-length': part.length,
        'last-modified': 'Sun, 22 Nov 2026 20:00:00 GMT',
        etag: '"1"',
        ...(range && { 'content-range': `bytes ${from}-${from + part.length - 1}/${body.length}` }),
      })
      response.end(request.method === 'HEAD' ? undefined : part)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const openAt = async (address: string, env = {}) => openRemote(await store.reader(), address, env)
  const linesAt = async (address: string, env = {}) => {
    const counts: number[] = []
    for (const file of await openAt(address, env)) {
      const [found] = await store.db.rows<{ count: number }>(
        `SELECT count() AS count FROM (${linesOf(file, 'LineAsString')})`,
      )
      counts.push(Number(found!.count))
    }
    return counts
  }
  const takeAt = async (address: string, env = {}) => {
    const answers: (FileAnswer | Fault)[] = []
    for (const file of await openRemote(await store.reader(), address, env))
      answers.push(await takeInAny(store, file, options))
    return answers
  }

  test('over HTTP, moved, packed: the same content once', async () => {
    expect(await takeAt(`${base}/access.log?sig=SECRET`)).toMatchObject([
      { name: `${base}/access.log?…`, part: 'whole', observations: 400 },
    ])
    expect(await takeAt(`${base}/moved`)).toMatchObject([{ part: 'known', observations: 400 }])
    expect(await linesAt(`${base}/packed`)).toEqual([400])
  })

  test('a login travels in the header, and neither it nor a signature is shown', async () => {
    await openAt(`${base.replace('//', '//us%40er:pa%3Ass@')}/access.log`)
    expect(asked.at(-1)!.authorization).toBe(`Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`)
    const missing = openAt(`${base.replace('//', '//user:pass@')}/nowhere?sig=SECRET`)
    await expect(missing).rejects.toMatchObject({ kind: 'input', code: 'no-such-file' })
    await expect(missing).rejects.toThrow(/^((?!SECRET|pass|secret).)*$/)
  })

  test('nobody there, no TLS there, broken off, and plain HTTP over the network', async () => {
    const failing = (address: string) => openAt(address).catch(error => [error as Fault])
    expect(await failing('http://127.0.0.1:1/x.log')).toMatchObject([{ kind: 'unreachable' }])
    expect(await failing(base.replace('http:', 'https:'))).toMatchObject([
      { kind: 'unreachable', code: 'remote-tls' },
    ])
    expect(await failing(`${base}/short?sig=SECRET`)).toMatchObject([{ kind: 'unreachable' }])
    expect(await failing('http://logs.example.com/x.log')).toMatchObject([
      { kind: 'usage', code: 'address-plain' },
    ])
    expect(await failing('ftp://logs.example.com/x.log')).toMatchObject([{ kind: 'usage', code: 'address' }])
  })

  test('a folder in S3', async () => {
    const env = { AWS_ENDPOINT_URL: base }
    expect((await openAt('s3://bucket/logs/', env)).map(({ name }) => name)).toEqual([
      's3://bucket/logs/a.log',
      's3://bucket/logs/b.log',
    ])
    expect(await linesAt('s3://bucket/logs/', env)).toEqual([400, 400])
  })
})
