import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, concatBytes } from '../../src/base/bytes.ts'
import { alertRecord, parseAlert } from '../../src/wire/alert.ts'
import { parseClientHello, parseServerHello, rawExtensions, type ServerHello } from '../../src/wire/hello.ts'
import { type HelloPeek, peekHello, peekServerHello } from '../../src/wire/peek.ts'
import { HANDSHAKE, writeRecords } from '../../src/wire/record.ts'
import { parseSslv2ClientHello } from '../../src/wire/sslv2.ts'
import { writeClientHello, writeServerHello, writeSslv2ClientHello } from '../../src/wire/write.ts'
import { runs } from '../runs.ts'
import { anyOffer, bareOffer } from './offers.ts'

const folder = new URL('../../cases/hello/', import.meta.url)
const names = readdirSync(folder).filter(name => name.endsWith('.hex'))
const fixture = (name: string) => bytesOf(readFileSync(new URL(name, folder), 'utf8').replace(/#.*|\s/g, ''))!
const expectedOf = (name: string) =>
  JSON.parse(readFileSync(new URL(name.replace('.hex', '.json'), folder), 'utf8'))

const random = new Uint8Array(32).fill(7)
const session = new Uint8Array(8).fill(9)

test.each(names)('%s is read as expected', name => {
  const peeked = peekHello().push(fixture(name))
  expect(peeked.kind).toBe('client-hello')
  if (peeked.kind === 'client-hello') expect(peeked.hello.offer).toMatchObject(expectedOf(name))
})

test.each(names)('%s: every truncation still needs more', name => {
  const bytes = fixture(name)
  for (let size = 0; size < bytes.length; size++)
    expect(peekHello().push(bytes.subarray(0, size)).kind, `${size} bytes`).toBe('need')
})

test.each(names)('%s: every truncation inside its frame is malformed, with a place inside', name => {
  const bytes = fixture(name)
  if (bytes[0] !== HANDSHAKE) {
    for (let size = 0; size < bytes.length - 2; size++) {
      const parsed = parseSslv2ClientHello(bytes.subarray(2, 2 + size))
      expect(parsed.ok, `${size} bytes`).toBe(false)
    }
    return
  }
  const peeked = peekHello().push(bytes)
  if (peeked.kind !== 'client-hello') throw new Error('not a hello')
  const { body, offer } = peeked.hello
  const withoutExtensions =
    2 + 32 + 1 + peeked.hello.sessionId.length + 2 + 2 * offer.suites.length + 1 + offer.compression.length
  for (let size = 0; size < body.length; size++) {
    // A hello may end after its compression methods: this one prefix is whole by itself.
    if (size === withoutExtensions) continue
    const parsed = parseClientHello(body.subarray(0, size), 0x0301)
    expect(parsed.ok, `${size} bytes`).toBe(false)
    if (!parsed.ok) {
      expect(parsed.at).toBeLessThanOrEqual(size)
      expect(parsed.want).not.toBe('')
    }
  }
})

test('what is written is read', () => {
  fc.assert(
    fc.property(anyOffer, fc.integer({ min: 1, max: 3000 }), (offer, fragment) => {
      const message = writeClientHello(offer, { random, sessionId: session })
      const peeked = peekHello().push(writeRecords(HANDSHAKE, offer.recordVersion, message, { fragment }))
      expect(peeked.kind).toBe('client-hello')
      if (peeked.kind !== 'client-hello') return
      expect(peeked.hello.offer).toEqual(offer)
      expect(peeked.hello.random).toEqual(random)
      expect(rawExtensions(peeked.hello.body).map(extension => extension.type)).toEqual(offer.extensions)
    }),
  )
})

test('an SSLv2 hello that is written is read, in segments of any size', () => {
  const suites = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 80 })
  const specs = fc.array(fc.integer({ min: 0x010000, max: 0xffffff }), { maxLength: 9 })
  fc.assert(
    fc.property(
      suites,
      specs,
      fc.integer({ min: 16, max: 32 }),
      fc.integer({ min: 1, max: 300 }),
      (suites, sslv2Specs, size, cut) => {
        const offer = {
          ...bareOffer,
          format: 'sslv2' as const,
          recordVersion: 0,
          suites,
          sslv2Specs,
          compression: [],
          withoutExtensions: true,
        }
        const peeked = inPieces(writeSslv2ClientHello(offer, new Uint8Array(size).fill(3)), cut)
        expect(peeked).toMatchObject({ kind: 'client-hello', hello: { offer } })
      },
    ),
  )
})

test('a ServerHello that is written is read', () => {
  const hello: ServerHello = {
    recordVersion: 0x0303,
    legacyVersion: 0x0303,
    version: 0x0304,
    random,
    sessionId: session,
    suite: 0x1301,
    compression: 0,
    extensions: [43, 51],
    alpn: null,
    group: 0x11ec,
    isRetry: false,
    downgrade: null,
  }
  const bytes = writeRecords(HANDSHAKE, 0x0303, writeServerHello(hello))
  expect(peekServerHello().push(bytes)).toEqual({ kind: 'server-hello', hello })
  const old = {
    ...hello,
    version: 0x0302,
    legacyVersion: 0x0302,
    extensions: [16],
    alpn: 'h2',
    group: 0,
    suite: 0xc013,
  }
  expect(peekServerHello().push(writeRecords(HANDSHAKE, 0x0302, writeServerHello(old)))).toMatchObject({
    hello: { version: 0x0302, alpn: 'h2', suite: 0xc013 },
  })
})

test('a ServerHello tells a retry and a downgrade by its random', () => {
  const answer = (hex: string) =>
    parseServerHello(
      writeServerHello({
        legacyVersion: 0x0303,
        version: 0x0303,
        random: bytesOf(hex)!,
        sessionId: session,
        suite: 1,
        compression: 0,
        extensions: [],
        alpn: null,
        group: 0,
      }).subarray(4),
      0x0303,
    )
  expect(answer('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c')).toMatchObject({
    value: { isRetry: true, downgrade: null },
  })
  expect(answer(`${'00'.repeat(24)}444f574e47524401`)).toMatchObject({
    value: { isRetry: false, downgrade: 'tls12' },
  })
  expect(answer(`${'00'.repeat(24)}444f574e47524400`)).toMatchObject({
    value: { downgrade: 'tls11-or-lower' },
  })
})

test('drafts up to 21 have a ServerHello of their own', () => {
  const body = concatBytes([
    Uint8Array.of(0x7f, 18),
    random,
    Uint8Array.of(0x13, 1, 0, 6, 0, 40, 0, 2, 0, 29),
  ])
  expect(parseServerHello(body, 0x0301)).toMatchObject({
    ok: true,
    value: { version: 0x7f12, suite: 0x1301, extensions: [40] },
  })
})

test('any bytes get an answer, in pieces of any size the same one', () => {
  const start = fc.constantFrom(
    [],
    [22, 3, 1],
    [22, 3, 1, 0, 50, 1, 0, 0, 46],
    [0x80, 0x2e, 1, 3, 1],
    [21, 3, 1, 0, 2],
  )
  fc.assert(
    fc.property(
      start,
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (start, tail, cut) => {
        const bytes = concatBytes([Uint8Array.from(start), tail])
        const whole = bytes.length === 0 ? { kind: 'need' } : peekHello().push(bytes)
        const pieces = inPieces(bytes, cut)
        expect(pieces.kind).toBe(whole.kind)
        if (whole.kind !== 'not-tls') expect(pieces).toEqual(whole)
        peekServerHello().push(bytes)
        parseClientHello(tail, 0x0301)
        parseServerHello(tail, 0x0301)
        parseSslv2ClientHello(tail)
      },
    ),
    { numRuns: runs(500) },
  )
})

test('a changed byte gives a hello or a place, never a throw', () => {
  const bytes = fixture('openssl-3.0.hex')
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const changed = bytes.slice()
      changed[at] = value
      const peeked = peekHello().push(changed)
      if (peeked.kind === 'malformed') expect(peeked.at).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: runs(2000) },
  )
})

test('every byte is handed back as it came', () => {
  const bytes = concatBytes([fixture(names[0]!), Uint8Array.of(1, 2, 3)])
  const whole = peekHello()
  whole.push(bytes)
  expect(whole.held().buffer).toBe(bytes.buffer)
  const pieces = peekHello()
  for (let at = 0; at < bytes.length; at++) pieces.push(bytes.subarray(at, at + 1))
  expect(pieces.held()).toEqual(bytes)
})

test.each([
  ['GET / HTTP/1.1\r\n', 'http'],
  ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n', 'proxy-protocol'],
  ['\r\n\r\n\0\r\nQUIT\n', 'proxy-protocol'],
  ['SSH-2.0-OpenSSH_9.2\r\n', 'ssh'],
  ['\x03\0\0\x13\x0e', 'rdp'],
  ['\0\0\0\x08\x04\xd2\x16/', 'postgres'],
  ['\x15\x03\x01\0\x02\x02\x46', 'tls-alert'],
  ['\x17\x03\x03\0\x02hi', 'tls-other'],
  ['\x16\x04\x01', 'unknown'],
  ['\x80\x2e\x04', 'unknown'],
  ['hello', 'unknown'],
])('%j is not TLS and looks like %s', (text, looksLike) => {
  expect(peekHello().push(Buffer.from(text, 'latin1'))).toEqual({ kind: 'not-tls', looksLike })
})

test('limits are answers', () => {
  const hello = writeClientHello(
    { ...bareOffer, suites: Array(2000).fill(5) },
    { random, sessionId: session },
  )
  const bytes = writeRecords(HANDSHAKE, 0x0301, hello)
  expect(peekHello({ maxBytes: 1000 }).push(bytes)).toEqual({ kind: 'too-large' })
  expect(peekHello().push(Uint8Array.of(22, 3, 1, 0xff, 0xff))).toMatchObject({ kind: 'malformed', at: 0 })
  expect(peekHello().push(Uint8Array.of(22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff))).toEqual({ kind: 'too-large' })
  expect(peekHello().push(Uint8Array.of(22, 3, 1, 0, 0))).toMatchObject({ kind: 'malformed' })
  expect(peekHello().push(Uint8Array.of(22, 3, 1, 0, 4, 2, 0, 0, 0))).toMatchObject({
    kind: 'malformed',
    at: 5,
  })
  expect(inPieces(concatBytes(Array(400).fill(Uint8Array.of(22, 3, 1, 0, 1, 1))), 1, 1000)).toEqual({
    kind: 'too-large',
  })
})

test('a server answers with a retry, a warning, an alert or something else', () => {
  const server = peekServerHello()
  expect(server.push(alertRecord(0x0303, 70).subarray(0, 3))).toEqual({ kind: 'need' })
  expect(server.push(alertRecord(0x0303, 70).subarray(3))).toEqual({
    kind: 'alert',
    alert: { recordVersion: 0x0303, level: 2, description: 70 },
  })
  const base = {
    legacyVersion: 0x0303,
    version: 0x0304,
    sessionId: session,
    suite: 0x1301,
    compression: 0,
    extensions: [43],
    alpn: null,
    group: 0,
  }
  const retry = bytesOf('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c')!
  const again = peekServerHello()
  expect(again.push(writeRecords(HANDSHAKE, 0x0303, writeServerHello({ ...base, random: retry }))).kind).toBe(
    'hello-retry-request',
  )
  expect(again.push(Uint8Array.of(20, 3, 3, 0, 1, 1)).kind).toBe('need')
  expect(again.push(writeRecords(HANDSHAKE, 0x0303, writeServerHello({ ...base, random }))).kind).toBe(
    'server-hello',
  )
  const warned = peekServerHello()
  expect(warned.push(Uint8Array.of(21, 3, 3, 0, 2, 1, 112)).kind).toBe('alert')
  expect(warned.push(writeRecords(HANDSHAKE, 0x0303, writeServerHello({ ...base, random }))).kind).toBe(
    'server-hello',
  )
  expect(peekServerHello().push(Buffer.from('HTTP/1.1 400 Bad Request'))).toEqual({
    kind: 'not-tls',
    looksLike: 'unknown',
  })
  expect(parseAlert(Uint8Array.of(9, 9), 0x0303)).toMatchObject({ ok: false })
})

function inPieces(bytes: Uint8Array, size: number, maxBytes?: number): HelloPeek {
  const peeker = peekHello(maxBytes === undefined ? {} : { maxBytes })
  let answer: HelloPeek = { kind: 'need' }
  for (let at = 0; at < bytes.length && answer.kind === 'need'; at += size)
    answer = peeker.push(bytes.subarray(at, at + size))
  return answer
}
