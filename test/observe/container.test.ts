import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { isCaptureFile, isCaptureStart } from '../../src/observe/capture/detect.ts'
import { openCapture } from '../../src/observe/capture/open.ts'
import { readCapture } from '../../src/observe/capture/read.ts'
import { HANDSHAKE, writeRecords } from '../../src/wire/record.ts'
import { writeClientHello } from '../../src/wire/write.ts'
import { runs } from '../runs.ts'
import { bareOffer } from '../wire/offers.ts'
import { allOf, wholeCapture } from './captures.ts'
import { ethernet, ipv4, ipv4Tcp, ipv6, join, pcap, tcp, u16, u32, udp } from './frames.ts'

const own = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../cases/captures/own/${name}`, import.meta.url))))
const small = own('ip4-fragments.pcap')
const nextGeneration = own('ng-bigendian-3-interfaces.pcapng')

const folder = await mkdtemp(path(tmpdir(), 'tlsunset-capture-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['pcap', small],
  ['pcapng', nextGeneration],
])('%s in pieces of any size is the same', async (_, bytes) => {
  const { summary } = await wholeCapture(bytes)
  for (const size of [1, 7, 100, 4096]) expect((await wholeCapture(bytes, size)).summary).toEqual(summary)
})

test.each([
  ['pcap', small],
  ['pcapng', nextGeneration.slice(0, 6000)],
])('%s cut anywhere gives what stands before the cut, and says that it is cut', async (_, bytes) => {
  const whole = await wholeCapture(bytes)
  for (let size = 1; size < bytes.length; size += 13) {
    const read = await wholeCapture(bytes.slice(0, size))
    expect(read.end.broken).toBeNull()
    expect(read.end.packets).toBeLessThanOrEqual(whole.end.packets)
    if (read.end.cut) expect(read.end.cut.at).toBeLessThan(size)
    for (const line of read.summary) if (line.includes('_hello ')) expect(whole.summary).toContain(line)
  }
})

test('changed bytes anywhere never throw and never hang', async () => {
  const place = fc.tuple(fc.nat(), fc.nat(255))
  const file = fc.constantFrom(small, nextGeneration, own('encap-gre.pcap'), own('tls-record-fragments.pcap'))
  await fc.assert(
    fc.asyncProperty(file, fc.array(place, { minLength: 1, maxLength: 30 }), async (file, changes) => {
      const bytes = file.slice()
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      const read = await wholeCapture(bytes, 1000)
      if (read.end.broken) expect(read.end.broken.at).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: runs(150) },
  )
})

test('pieces may lie in the same memory, and Buffers are as good as arrays', async () => {
  const bytes = own('tcp-reordered.pcap')
  const { summary } = await wholeCapture(bytes)
  async function* pieces() {
    const memory = Buffer.alloc(700)
    for (let at = 0; at < bytes.length; at += memory.length) {
      const size = Math.min(memory.length, bytes.length - at)
      memory.set(bytes.subarray(at, at + size))
      yield memory.subarray(0, size)
      memory.fill(0xff)
    }
  }
  expect((await allOf(readCapture(pieces()))).summary).toEqual(summary)
})

test('captures are known by content, also compressed, and nothing else is', () => {
  const zstd = (bytes: Uint8Array) =>
    Buffer.from([...[0x28, 0xb5, 0x2f, 0xfd, 0x20, bytes.length], ...le24((bytes.length << 3) | 1), ...bytes])
  const pcapStart = small.slice(0, 60)
  expect(isCaptureStart(pcapStart)).toBe(true)
  expect(isCaptureStart(nextGeneration.subarray(0, 4))).toBe(true)
  expect(isCaptureStart(gzipSync(small).subarray(0, 300))).toBe(true)
  expect(isCaptureStart(zstd(pcapStart))).toBe(true)
  for (const other of [
    Buffer.from('GET / HTTP'),
    gzipSync('a log\n'),
    zstd(Buffer.from('a log')),
    Buffer.from([0x1f, 0x8b]),
  ])
    expect(isCaptureStart(other)).toBe(false)
  writeFileSync(path(folder, 'misnamed.pcap.gz'), gzipSync('a log\n'))
  writeFileSync(path(folder, 'capture.log'), gzipSync(small))
  expect(isCaptureFile(path(folder, 'misnamed.pcap.gz'))).toBe(false)
  expect(isCaptureFile(path(folder, 'capture.log'))).toBe(true)
  expect(isCaptureFile(folder)).toBe(false)
  expect(isCaptureFile(path(folder, 'missing'))).toBe(false)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), bytes => typeof isCaptureStart(bytes) === 'boolean'),
  )
})

test('a time that no calendar has is no time', async () => {
  const bytes = nextGeneration.slice()
  const at = Buffer.from(bytes).indexOf(Buffer.from([0, 9, 0, 1]))
  expect(at).toBeGreaterThan(0)
  bytes[at + 4] = 0
  const { events } = await wholeCapture(bytes)
  expect(events.every(event => event.kind === 'connection' || new Date(event.atMs).toISOString())).toBe(true)
})

test('any bytes are no capture, and the place is named', async () => {
  expect((await wholeCapture(Buffer.from('hello world'))).end.broken).toMatchObject({ at: 0 })
  const broken = small.slice()
  new DataView(broken.buffer).setUint32(24 + 8, 0x7fff_ffff, true)
  expect((await wholeCapture(broken)).end.broken).toMatchObject({ at: 32 })
  expect((await wholeCapture(new Uint8Array(0))).end).toMatchObject({ packets: 0, broken: null, cut: null })
})

const offer = { ...bareOffer, suites: [5], extensions: [0], sni: 'inner.example' }
const payload = writeRecords(
  HANDSHAKE,
  0x0301,
  writeClientHello(offer, { random: new Uint8Array(32), sessionId: new Uint8Array(0) }),
)
const segment = { src: '10.0.0.1', sport: 40_000, dst: '10.0.0.2', dport: 443, seq: 1, payload }
const packet = ipv4Tcp(segment)
const packet6 = ipv6(6, tcp(segment, payload))
const frame = ethernet(0x0800, packet)
const outer = (protocol: number, inner: Uint8Array) => ipv4(protocol, '192.0.2.1', '192.0.2.2', inner)
const zeros = (size: number) => new Uint8Array(size)

test.each<[string, number, Uint8Array]>([
  ['raw IPv4', 101, packet],
  ['raw IPv6', 229, packet6],
  ['Ethernet', 1, frame],
  ['Ethernet with IPv6', 1, ethernet(0x86dd, packet6)],
  ['802.1ad and 802.1Q', 1, ethernet(0x88a8, join(u16(1), u16(0x8100), u16(2), u16(0x0800), packet))],
  ['802.1ah', 1, ethernet(0x88e7, join(zeros(4), frame))],
  [
    '802.3 with SNAP',
    1,
    ethernet(packet.length + 8, join(Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0), u16(0x0800), packet)),
  ],
  ['MPLS', 1, ethernet(0x8847, join(u32(0x00010000), u32(0x00010100), packet))],
  ['MPLS pseudowire', 1, ethernet(0x8847, join(u32(0x00010100), zeros(4), frame))],
  ['PPPoE', 1, ethernet(0x8864, join(zeros(6), u16(0x21), packet))],
  ['PPP with HDLC header', 9, join(Uint8Array.of(0xff, 3), u16(0x57), packet6)],
  ['NULL, little endian', 0, join(Uint8Array.of(2, 0, 0, 0), packet)],
  ['LOOP', 108, join(Uint8Array.of(0, 0, 0, 30), packet6)],
  ['SLL', 113, join(zeros(14), u16(0x0800), packet)],
  ['SLL with VLAN', 113, join(zeros(14), u16(0x8100), u16(9), u16(0x0800), packet)],
  ['SLL2', 276, join(u16(0x86dd), zeros(18), packet6)],
  [
    'netfilter log',
    239,
    join(
      zeros(4),
      Uint8Array.of(8, 0, 1, 0, 0, 0, 0, 0),
      Uint8Array.of((packet.length + 4) & 255, (packet.length + 4) >> 8, 9, 0),
      packet,
    ),
  ],
  [
    '802.11 data',
    105,
    join(Uint8Array.of(8, 1), zeros(22), Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0), u16(0x0800), packet),
  ],
  [
    '802.11 QoS data under radiotap',
    127,
    join(
      Uint8Array.of(0, 0, 8, 0),
      zeros(4),
      Uint8Array.of(0x88, 1),
      zeros(24),
      Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0),
      u16(0x0800),
      packet,
    ),
  ],
  ['IP in IP', 101, outer(4, packet)],
  ['6in4', 101, outer(41, packet6)],
  ['GRE', 101, outer(47, join(u16(0), u16(0x0800), packet))],
  [
    'GRE with checksum, key and sequence, Ethernet inside',
    101,
    outer(47, join(u16(0xb000), u16(0x6558), zeros(12), frame)),
  ],
  ['PPTP', 101, outer(47, join(u16(0x3001), u16(0x880b), zeros(8), u16(0x21), packet))],
  ['ERSPAN I', 101, outer(47, join(u16(0), u16(0x88be), frame))],
  ['ERSPAN II', 101, outer(47, join(u16(0x1000), u16(0x88be), zeros(4), zeros(8), frame))],
  ['ERSPAN III', 101, outer(47, join(u16(0x1000), u16(0x22eb), zeros(4), zeros(12), frame))],
  ['VXLAN', 101, outer(17, udp(5000, 4789, join(zeros(8), frame)))],
  [
    'Geneve with options',
    101,
    outer(17, udp(5000, 6081, join(Uint8Array.of(1, 0), u16(0x6558), zeros(8), frame))),
  ],
  [
    'GTP-U with an extension',
    101,
    outer(
      17,
      udp(
        2152,
        2152,
        join(Uint8Array.of(0x34, 0xff), u16(0), zeros(4), zeros(3), Uint8Array.of(0x85, 1, 0, 0, 0), packet),
      ),
    ),
  ],
  ['Teredo', 101, outer(17, udp(3544, 5000, packet6))],
  ['authentication header', 101, outer(51, join(Uint8Array.of(6, 1), zeros(10), tcp(segment, payload)))],
  [
    'IPv6 with hop-by-hop, routing and destination options',
    101,
    ipv6(
      0,
      join(
        Uint8Array.of(43, 0),
        zeros(6),
        Uint8Array.of(60, 0),
        zeros(6),
        Uint8Array.of(6, 1),
        zeros(14),
        tcp(segment, payload),
      ),
    ),
  ],
  [
    'VXLAN in GRE in IPv6',
    101,
    ipv6(47, join(u16(0), u16(0x0800), outer(17, udp(1, 4789, join(zeros(8), frame))))),
  ],
])('a hello is found in %s', async (_, linkType, bytes) => {
  expect((await wholeCapture(pcap([bytes], linkType))).summary).toEqual(['client_hello inner.example'])
})

test('IPv6 fragments in any order are put together', async () => {
  const whole = tcp(segment, payload)
  const fragment = (from: number, to: number) =>
    ipv6(
      44,
      join(Uint8Array.of(6, 0), u16(from | (to < whole.length ? 1 : 0)), u32(77), whole.slice(from, to)),
    )
  const pieces = [fragment(0, 40), fragment(40, 64), fragment(64, whole.length)]
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [2, 2, 0, 1],
  ])
    expect(
      (
        await wholeCapture(
          pcap(
            order.map(i => pieces[i]!),
            101,
          ),
        )
      ).summary,
    ).toEqual(['client_hello inner.example'])
  expect((await wholeCapture(pcap([pieces[0]!, pieces[2]!], 101))).summary).toEqual([])
})

test('tunnels nested without end are given up', async () => {
  let nested = packet
  for (let depth = 0; depth < 40; depth++) nested = outer(4, nested)
  expect((await wholeCapture(pcap([nested], 101))).summary).toEqual([])
})

const fromFile = async (name: string, bytes: Uint8Array) => {
  writeFileSync(path(folder, name), bytes)
  return allOf(readCapture(openCapture(path(folder, name), Readable.from([]))))
}

test('gzip and zstd are taken off, from a file and from stdin', async () => {
  const { summary } = await wholeCapture(small)
  expect((await fromFile('a.pcap', small)).summary).toEqual(summary)
  expect((await fromFile('a.bin', gzipSync(small))).summary).toEqual(summary)
  const stdin = Readable.from([Buffer.from(small.subarray(0, 2)), Buffer.from(small.subarray(2))])
  expect((await allOf(readCapture(openCapture('-', stdin)))).summary).toEqual(summary)
  // One frame of a raw block (RFC 8878 section 3.1.1): enough to show that the format is taken off.
  const block = join(
    u32(0x28b52ffd),
    Uint8Array.of(0x20 | 0x80, ...le32(small.length)),
    Uint8Array.of(...le24((small.length << 3) | 1)),
    small,
  )
  expect((await fromFile('a.zst', block)).summary).toEqual(summary)
})

test('compressed files that are cut give what they hold, then a Fault', async () => {
  const cut = gzipSync(small).subarray(0, -600)
  const events: string[] = []
  writeFileSync(path(folder, 'cut.gz'), cut)
  const reading = (async () => {
    for await (const event of readCapture(openCapture(path(folder, 'cut.gz'), Readable.from([]))))
      events.push(event.kind)
  })()
  await expect(reading).rejects.toMatchObject({ kind: 'input', code: 'capture-compression' })
  expect(events).toContain('client_hello')
})

test('files that cannot be read are Faults that name them', async () => {
  const read = (name: string) => allOf(readCapture(openCapture(name, Readable.from([]))))
  await expect(read(path(folder, 'missing.pcap'))).rejects.toThrow(/missing\.pcap: no such file/)
  await expect(read(folder)).rejects.toThrow(Fault)
})

function le32(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]
}

function le24(value: number): number[] {
  return le32(value).slice(0, 3)
}
