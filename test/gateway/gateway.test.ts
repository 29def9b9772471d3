import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, createServer as createTls, type SecureVersion } from 'node:tls'
import { expect, test, vi } from 'vitest'
import { runGatewayWorker } from '../../src/enforce/gateway/worker.ts'
import { writeRecords } from '../../src/wire/record.ts'
import { certificatesUnavailable, labCertificates } from '../lab/certificates.ts'
import {
  atEnd,
  dial,
  hello,
  helloNames,
  past,
  policyFor,
  scratch,
  segmentsOf,
  serverAnswer,
  startAnswering,
  startServer,
  startWorker,
} from './setup.ts'

const reset = 'ECONNRESET'

test('every hello passes untouched, whole and in pieces, and has one row with one shape', async () => {
  const upstream = await startAnswering()
  const gateway = startWorker(policyFor(upstream.port))
  for (const name of helloNames) {
    const bytes = hello(name)
    const fragmented =
      bytes[0] === 22 ? writeRecords(22, bytes.readUInt16BE(1), bytes.subarray(5), { fragment: 7 }) : bytes
    const before = upstream.got.length
    const rowsBefore = gateway.rows().length
    for (const [how, parts] of [
      ['whole', [bytes]],
      ['two segments', [bytes.subarray(0, 20), bytes.subarray(20)]],
      ['tiny records', [fragmented]],
      ['with early data', [Buffer.concat([bytes, Buffer.from([23, 3, 3, 0, 1, 9])])]],
    ] as const) {
      const client = await dial(gateway.port)
      for (const part of parts) {
        client.socket.write(part)
        await new Promise(resolve => setImmediate(resolve))
      }
      await client.received(100)
      client.socket.end()
      expect(await client.over(), `${name} ${how}`).toBe('end')
      expect(upstream.got.at(-1)!.equals(Buffer.concat(parts)), `${name} ${how}`).toBe(true)
    }
    expect(upstream.got.length - before, name).toBe(4)
    const rows = (await gateway.seen(rowsBefore + 4)).slice(rowsBefore)
    expect(new Set(rows.map(row => row.shape)).size, name).toBe(1)
    for (const row of rows)
      expect(row, name).toMatchObject({ outcome: 'accepted', negotiated: 0x0304, suite: 0x1301 })
  }
})

test('byte by byte, also over the limit of one read', async () => {
  const upstream = await startAnswering()
  const gateway = startWorker(policyFor(upstream.port))
  const client = await dial(gateway.port)
  for (const byte of hello('openssl-3.0')) {
    client.socket.write(Uint8Array.of(byte))
    await new Promise(resolve => setImmediate(resolve))
  }
  await client.received(100)
  expect(upstream.got[0]!.equals(hello('openssl-3.0'))).toBe(true)
})

test('after the cutoff a legacy hello is refused in its own version, with everything known about it', async () => {
  const upstream = await startAnswering()
  const gateway = startWorker(policyFor(upstream.port, { cutoff: past }))
  for (const [name, alert] of [
    ['openssl-3.0-tls10', '15030100020246'],
    ['sslv2-framing-tls10', '15030100020246'],
    ['sslv2-real', '8003000001'],
  ] as const) {
    const client = await dial(gateway.port)
    // What comes after the hello must not turn the refusal into a reset.
    client.socket.write(Buffer.concat([hello(name), randomBytes(30_000)]))
    expect(await client.over(), name).toBe('end')
    expect(client.got().toString('hex'), name).toBe(alert)
  }
  expect(upstream.got).toEqual([])
  const [row] = await gateway.seen(3)
  expect(row).toMatchObject({
    outcome: 'refused',
    reason: 'version',
    breaks: 'version',
    service: '*.example.test',
    account: 'server',
    attributedBy: 'sni',
    sni: 'server.example.test',
    offeredMax: 0x0301,
    negotiated: 0,
    address: '127.0.0.1',
    source: 'gateway',
  })
  const shape = gateway.shapes().find(each => each.id === row!.shape)!
  expect(shape.ja4).toMatch(/^t10d/)
  expect(shape.offer.suites.length).toBeGreaterThan(3)

  const modern = await dial(gateway.port)
  modern.socket.write(hello('openssl-3.0'))
  await modern.received(100)
  expect((await gateway.seen(4))[3]).toMatchObject({ outcome: 'accepted', breaks: '' })
})

test.skipIf(certificatesUnavailable)(
  `what server and client agree on is read in passing${certificatesUnavailable ? ` (skipped: ${certificatesUnavailable})` : ''}`,
  async () => {
    const { leaf } = labCertificates()
    const server = createTls({
      cert: leaf.rsa.cert,
      key: leaf.rsa.key,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ecdhCurve: 'P-384:X25519',
    })
    server.on('secureConnection', socket => {
      socket.on('error', () => {})
      socket.pipe(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    atEnd(() => server.close())
    const gateway = startWorker(policyFor((server.address() as AddressInfo).port))
    const agree = async (version: SecureVersion, more: object = {}) => {
      const socket = connectTls({
        port: gateway.port,
        host: '127.0.0.1',
        servername: 'contoso.example.test',
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT:@SECLEVEL=0',
        ...more,
      })
      await once(socket, 'secureConnect')
      socket.write('ping')
      const [echo] = await once(socket, 'data')
      expect(String(echo)).toBe('ping')
      const session = socket.getSession()
      socket.end()
      await once(socket, 'close')
      return session
    }
    await agree('TLSv1')
    await agree('TLSv1.1', { ciphers: 'AES128-SHA:@SECLEVEL=0' })
    const session = await agree('TLSv1.2', { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', ecdhCurve: 'X25519' })
    await agree('TLSv1.2', { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', session })
    await agree('TLSv1.3', { ecdhCurve: 'P-256:P-384' })

    const rows = await gateway.seen(5)
    const met = rows.map(({ negotiated, suite, group }) => [negotiated, suite, group])
    expect(met).toEqual([
      [0x0301, 0xc014, 24],
      [0x0302, 0x002f, 0],
      [0x0303, 0xc02f, 29],
      // Resumed: no key exchange.
      [0x0303, 0xc02f, 0],
      // The client sent a share for P-256 only and was asked again.
      [0x0304, 0x1302, 24],
    ])
  },
)

test('routes by name and tells the upstream who comes', async () => {
  const [one, two] = [await startAnswering(), await startAnswering()]
  const to = (port: number) => ({ host: '127.0.0.1', port })
  const gateway = startWorker(
    policyFor(1, {
      upstreams: [
        { sni: 'server.example.test', to: to(one.port), proxyProtocol: 'v2' },
        { sni: '*.other.test', to: to(two.port), proxyProtocol: 'none' },
      ],
    }),
  )
  const bytes = hello('openssl-3.0')
  const client = await dial(gateway.port)
  client.socket.write(bytes)
  await client.received(100)
  const head = one.got[0]!.subarray(0, one.got[0]!.length - bytes.length)
  expect(one.got[0]!.subarray(head.length).equals(bytes)).toBe(true)
  expect(head.subarray(0, 14).toString('hex')).toBe('0d0a0d0a000d0a515549540a2111')
  expect(head.readUInt16BE(24)).toBe(client.socket.localPort)
  expect(head.readUInt16BE(26)).toBe(gateway.port)
  expect(head.subarray(31).toString()).toBe('server.example.test')

  const nameless = await dial(gateway.port)
  nameless.socket.write(hello('android-2.3-no-extensions'))
  expect(await nameless.over()).toBe('end')
  expect(nameless.got()[6]).toBe(40)
  const rows = await gateway.seen(2)
  expect(rows[1]).toMatchObject({ outcome: 'failed', reason: 'no-route' })
  expect(two.got).toEqual([])
})

test('what is no hello gets its own outcome', async () => {
  const upstream = await startAnswering()
  const gateway = startWorker(policyFor(upstream.port, { limits: { helloTimeoutMs: 300, helloBytes: 4096 } }))
  const bytes = hello('openssl-3.0')
  const broken = Buffer.from(bytes)
  broken[43] = 200
  const large = Buffer.from('1603014000010100000303', 'hex')
  const said: Record<string, Buffer | null> = {
    'not-tls': Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'),
    'hello-malformed': broken,
    'hello-too-large': Buffer.concat([large, Buffer.alloc(5000)]),
    'closed-in-hello': bytes.subarray(0, 100),
    'closed-without-hello': Buffer.alloc(0),
    'hello-timeout': null,
  }
  for (const [reason, sent] of Object.entries(said)) {
    const client = await dial(gateway.port)
    if (sent === null) client.socket.write(bytes.subarray(0, 1))
    else if (sent.length > 0) client.socket.write(sent)
    if (reason.startsWith('closed')) client.socket.end()
    await client.over()
    const rows = await gateway.seen(1)
    expect(rows.at(-1), reason).toMatchObject({ outcome: 'failed', reason, account: '', shape: '' })
    if (reason === 'hello-malformed') expect(client.got().toString('hex')).toBe('15030100020232')
    if (reason === 'not-tls') expect(client.got().length).toBe(0)
  }
  expect(gateway.rows()).toHaveLength(6)
  expect(gateway.worker.health().counts).toMatchObject({ connections: 6, open: 0, notTls: { http: 1 } })
})

test('an upstream that fails is named, and the client hears whose fault it is', async () => {
  const bytes = hello('openssl-3.0')
  const closed = await startServer(() => {})
  closed.server.close()
  await once(closed.server, 'close')
  const cases: [string, number, string, string][] = [
    ['upstream-unreachable', closed.port, 'end', '15030300020250'],
    [
      'upstream-closed',
      (await startServer(socket => socket.once('data', () => socket.end()))).port,
      'end',
      '',
    ],
    [
      'upstream-closed',
      (await startServer(socket => socket.once('data', () => socket.resetAndDestroy()))).port,
      reset,
      '',
    ],
    [
      'upstream-alert',
      (await startAnswering(Buffer.from('15030300020228', 'hex'))).port,
      '',
      '15030300020228',
    ],
    [
      'upstream-not-tls',
      (await startAnswering(Buffer.from('HTTP/1.1 400 Bad'))).port,
      '',
      'HTTP/1.1 400 Bad',
    ],
    ['upstream-timeout', (await startServer(socket => socket.resume())).port, 'end', ''],
  ]
  for (const [reason, port, over, got] of cases) {
    const gateway = startWorker(policyFor(port, { limits: { idleTimeoutMs: 500 } }))
    const client = await dial(gateway.port)
    client.socket.write(bytes)
    if (over === '') await client.received(7)
    else expect(await client.over(), reason).toBe(over)
    const [row] = await gateway.seen(1)
    expect(row, reason).toMatchObject({ outcome: 'failed', reason, account: 'server' })
    const heard = client.got()
    expect(reason === 'upstream-not-tls' ? heard.toString() : heard.toString('hex'), reason).toBe(got)
    client.socket.destroy()
  }
})

test('an upstream that stops to answer is told once, and when it answers again', async () => {
  const first = await startServer(socket => socket.resume().on('end', () => socket.end()))
  first.server.close()
  await once(first.server, 'close')
  const troubles: string[] = []
  const gateway = startWorker(policyFor(first.port), { onTrouble: text => troubles.push(text) })
  const ofUpstream = (texts: string[]) => texts.filter(text => text.startsWith('the upstream'))
  const silent = `the upstream 127.0.0.1:${first.port} does not answer: connections to it fail`
  for (let i = 0; i < 2; i++) {
    const client = await dial(gateway.port)
    client.socket.write(hello('openssl-3.0'))
    await client.over()
  }
  expect(ofUpstream(troubles)).toEqual([silent])
  expect(ofUpstream(gateway.worker.health().problems)).toEqual([silent])
  first.server.listen(first.port, '127.0.0.1')
  await once(first.server, 'listening')
  const client = await dial(gateway.port)
  client.socket.write(hello('openssl-3.0'))
  await vi.waitFor(() =>
    expect(ofUpstream(troubles).at(-1)).toBe(`the upstream 127.0.0.1:${first.port} answers again`),
  )
  expect(ofUpstream(gateway.worker.health().problems)).toEqual([])
  client.socket.destroy()
})

test('a client that goes away before the answer, or answers with an alert', async () => {
  const heard: (() => void)[] = []
  const quiet = await startServer(socket => {
    // The hello is passed on once both sides are joined: what the client says from then on is no part of its first flight.
    socket.once('data', () => heard.shift()?.())
    socket.on('end', () => socket.end())
  })
  const gateway = startWorker(policyFor(quiet.port))
  for (const [reason, last] of [
    ['client-closed', null],
    ['client-alert', Buffer.from('1503010002022e', 'hex')],
  ] as const) {
    const client = await dial(gateway.port)
    const joined = new Promise<void>(resolve => heard.push(resolve))
    client.socket.write(hello('openssl-3.0'))
    await joined
    if (last) client.socket.write(last)
    client.socket.end()
    await client.over()
    await vi.waitFor(() => expect(gateway.rows().at(-1)?.reason).toBe(reason))
  }
})

test('a client that refuses the certificate: its alert is the outcome up to TLS 1.2, a warning is none, and TLS 1.3 hides it', async () => {
  for (const [version, suite, says, expected] of [
    [0x0303, 0xc02f, '1503030002022a', { outcome: 'failed', reason: 'client-alert' }],
    [0x0301, 0x002f, '15030100020230', { outcome: 'failed', reason: 'client-alert' }],
    [0x0300, 0x002f, '15030000020129', { outcome: 'accepted', reason: '' }],
    [0x0303, 0xc02f, '1603030001', { outcome: 'accepted', reason: '' }],
    [0x0304, 0x1301, `1703030013${'00'.repeat(19)}`, { outcome: 'accepted', reason: '' }],
  ] as const) {
    const upstream = await startAnswering(serverAnswer(version, suite))
    const gateway = startWorker(policyFor(upstream.port))
    const client = await dial(gateway.port)
    client.socket.write(hello('openssl-3.0'))
    await vi.waitFor(() => expect(client.got().length).toBeGreaterThan(0))
    client.socket.end(Buffer.from(says, 'hex'))
    await client.over()
    expect((await gateway.seen(1)).at(-1), `${version} ${says}`).toMatchObject({
      ...expected,
      negotiated: version,
    })
    expect(upstream.got[0]?.toString('hex').endsWith(says), 'the server hears it too').toBe(true)
  }
})

test('limits per address and in total are outcomes too', async () => {
  const upstream = await startAnswering()
  for (const [limits, reason] of [
    [{ connectionsPerAddress: 3 }, 'limit-address'],
    [{ connections: 3 }, 'limit-connections'],
  ] as const) {
    const gateway = startWorker(policyFor(upstream.port, { limits }))
    const held = []
    for (let i = 0; i < 3; i++) {
      const client = await dial(gateway.port)
      client.socket.write(hello('openssl-3.0'))
      await client.received(100)
      held.push(client)
    }
    const fourth = await dial(gateway.port)
    fourth.socket.write(hello('openssl-3.0'))
    await fourth.over()
    expect((await gateway.seen(4))[3]).toMatchObject({ outcome: 'failed', reason })
    held[0]!.socket.end()
    await held[0]!.over()
    await vi.waitFor(() => expect(gateway.worker.health().counts.open).toBe(2))
    const fifth = await dial(gateway.port)
    fifth.socket.write(hello('openssl-3.0'))
    await fifth.received(100)
  }
})

test('bulk in both directions, with a slow reader, arrives as it was sent; a half-closed direction stays open', async () => {
  const size = 24 << 20
  const sent = randomBytes(1 << 20)
  const whole = createHash('sha256')
  for (let i = 0; i < size / sent.length; i++) whole.update(sent)
  const expected = whole.digest('hex')
  const answer = serverAnswer(0x0304, 0x1301)
  let atServer = ''
  const upstream = await startServer(socket => {
    const hash = createHash('sha256')
    let skip = hello('openssl-3.0').length
    socket.once('data', () => socket.write(answer))
    socket.on('data', part => {
      const rest = part.subarray(Math.min(skip, part.length))
      skip -= part.length - rest.length
      hash.update(rest)
    })
    socket.on('end', async () => {
      atServer = hash.digest('hex')
      for (let i = 0; i < size / sent.length; i++) if (!socket.write(sent)) await once(socket, 'drain')
      socket.end()
    })
  })
  const gateway = startWorker(policyFor(upstream.port))
  const { connect } = await import('node:net')
  const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(hello('openssl-3.0'))
  const first = await once(socket, 'data')
  expect(first[0].length).toBe(answer.length)
  socket.pause()
  for (let i = 0; i < size / sent.length; i++) if (!socket.write(sent)) await once(socket, 'drain')
  socket.end()
  const hash = createHash('sha256')
  let reads = 0
  socket.on('data', part => {
    hash.update(part)
    // Now and then the reader falls behind.
    if (++reads % 40 === 0) {
      socket.pause()
      setImmediate(() => socket.resume())
    }
  })
  socket.resume()
  await once(socket, 'end')
  expect(atServer).toBe(expected)
  expect(hash.digest('hex')).toBe(expected)
  await vi.waitFor(() => expect(gateway.worker.health().counts.open).toBe(0))
})

test('a brownout that drains closes legacy connections and leaves the others; its end undoes it', async () => {
  const upstream = await startAnswering()
  let clockMs = Date.parse('2026-03-01T00:00:00Z')
  const [fromMs, toMs] = [clockMs + 1000, clockMs + 3000]
  const brownout = { fromMs, toMs, refuse: 'hard' as const }
  const policy = { ...policyFor(upstream.port), brownouts: [{ ...brownout, open: 'leave' as const }] }
  const gateway = startWorker(policy, { now: () => clockMs })
  const greet = async (name: string) => {
    const client = await dial(gateway.port)
    client.socket.write(hello(name))
    const bytes = await client.received(7)
    return { ...client, type: bytes[0]! }
  }
  const [legacy, modern] = [await greet('openssl-3.0-tls10'), await greet('openssl-3.0')]
  expect([legacy.type, modern.type]).toEqual([22, 22])

  clockMs = fromMs
  const refused = await greet('openssl-3.0-tls10')
  expect(refused.type).toBe(21)
  expect(await refused.over()).toBe('end')
  legacy.socket.write('left open')
  await vi.waitFor(() => expect(upstream.got.some(bytes => bytes.includes('left open'))).toBe(true))

  gateway.worker.setPolicy({ ...policy, brownouts: [{ ...brownout, open: 'drain' }] })
  await legacy.over()
  modern.socket.write('still there')
  await vi.waitFor(() => expect(upstream.got.some(bytes => bytes.includes('still there'))).toBe(true))
  expect(gateway.worker.health().counts).toMatchObject({ drained: 1, refused: { version: 1 } })

  clockMs = toMs
  expect((await greet('openssl-3.0-tls10')).type).toBe(22)
})

test('a drain begins with the brownout, without any traffic', async () => {
  const upstream = await startAnswering()
  let clockMs = Date.parse('2026-03-01T00:00:00Z')
  const fromMs = clockMs + 1000
  const brownouts = [{ fromMs, toMs: fromMs + 1000, refuse: 'hard' as const, open: 'drain' as const }]
  const gateway = startWorker({ ...policyFor(upstream.port), brownouts }, { now: () => clockMs })
  const legacy = await dial(gateway.port)
  legacy.socket.write(hello('openssl-3.0-tls10'))
  await legacy.received(100)
  clockMs = fromMs
  expect(await legacy.over()).toBe('end')
  expect(gateway.worker.health().counts).toMatchObject({ drained: 1, open: 0 })
})

test('a stop lets connections end, and gives those that do not an outcome', async () => {
  const upstream = await startAnswering()
  const gateway = startWorker(policyFor(upstream.port, { limits: { drainTimeoutMs: 400 } }))
  const [open, undecided] = [await dial(gateway.port), await dial(gateway.port)]
  open.socket.write(hello('openssl-3.0'))
  undecided.socket.write(hello('openssl-3.0').subarray(0, 50))
  await open.received(100)
  const stopped = gateway.worker.stop()
  open.socket.write('last words')
  await vi.waitFor(() => expect(upstream.got[0]!.includes('last words')).toBe(true))
  await expect(dial(gateway.port)).rejects.toThrow(/ECONNREFUSED/)
  await stopped
  expect(
    gateway
      .rows()
      .map(row => [row.outcome, row.reason])
      .sort(),
  ).toEqual([
    ['accepted', ''],
    ['failed', 'shutdown'],
  ])
})

test('a port that is taken is a fault that names it', async () => {
  const { port } = await startServer(() => {})
  const policy = policyFor(1)
  policy.gateway.listen = { host: '127.0.0.1', port }
  const start = () => runGatewayWorker({ policy, spoolDir: scratch() })
  expect(start).toThrow(new RegExp(`port ${port} on 127.0.0.1 is taken`))
  expect(start).toThrow(
    expect.objectContaining({ kind: 'environment', hint: expect.stringContaining(`${port}`) }),
  )
})

const small = scratchMount()

test.skipIf(!small.canMount)(
  `a full disk does not stop traffic, and is said${small.canMount ? '' : ' (skipped: cannot mount tmpfs)'}`,
  async () => {
    const upstream = await startAnswering()
    const spoolDir = scratch()
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', spoolDir]).status).toBe(0)
    atEnd(() => spawnSync('umount', ['-l', spoolDir]))
    const troubles: string[] = []
    const gateway = startWorker(policyFor(upstream.port), {
      spoolDir,
      onTrouble: text => troubles.push(text),
    })
    const filler = join(spoolDir, 'filler')
    expect(() => writeFileSync(filler, Buffer.alloc(1 << 20))).toThrow(/ENOSPC/)
    const visit = async () => {
      const client = await dial(gateway.port)
      client.socket.write(hello('openssl-3.0'))
      await client.received(100)
      client.socket.end()
      await client.over()
    }
    for (let i = 0; i < 40; i++) await visit()
    const { problems, spool } = gateway.worker.health()
    expect(spool.error).toMatch(/ENOSPC/)
    expect(spool.waitingRows).toBeGreaterThan(0)
    expect(problems.at(-1)).toMatch(/observations wait in memory, traffic goes on/)
    expect(troubles.filter(text => text.startsWith('spool:'))).toHaveLength(1)
    unlinkSync(filler)
    await vi.waitFor(() => expect(gateway.worker.health().spool.error).toBe(''), { timeout: 5000 })
    await gateway.worker.stop()
    expect(segmentsOf(spoolDir).flatMap(segment => segment.rows)).toHaveLength(40)
  },
)

function scratchMount(): { canMount: boolean } {
  if (process.getuid?.() !== 0) return { canMount: false }
  const dir = mkdtempSync(join(tmpdir(), 'tlsunset-mount-'))
  const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', dir]).status === 0
  if (canMount) spawnSync('umount', [dir])
  rmSync(dir, { recursive: true })
  return { canMount }
}
