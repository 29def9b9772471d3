import fc from 'fast-check'
import { expect, test } from 'vitest'
import { transportReader } from '../../src/observe/capture/ip.ts'
import { type TcpLimits, tcpReader } from '../../src/observe/capture/tcp.ts'
import { alertRecord } from '../../src/wire/alert.ts'
import { HANDSHAKE, writeRecords } from '../../src/wire/record.ts'
import { writeClientHello, writeServerHello } from '../../src/wire/write.ts'
import { runs } from '../runs.ts'
import { bareOffer } from '../wire/offers.ts'
import { wholeCapture } from './captures.ts'
import { ipv4Tcp, join, pcap, type TcpSegment } from './frames.ts'

const random = new Uint8Array(32).fill(5)
const none = new Uint8Array(0)

function hello(sni: string, suites = 30): Uint8Array {
  const offer = {
    ...bareOffer,
    suites: Array.from({ length: suites }, (_, i) => i + 1),
    extensions: [0],
    sni,
  }
  return writeRecords(HANDSHAKE, 0x0301, writeClientHello(offer, { random, sessionId: none }))
}

const answer = writeRecords(
  HANDSHAKE,
  0x0301,
  writeServerHello({
    legacyVersion: 0x0301,
    version: 0x0301,
    random,
    sessionId: none,
    suite: 5,
    compression: 0,
    extensions: [],
    alpn: null,
    group: 0,
  }),
)

const client = { src: '192.0.2.1', sport: 40_000, dst: '192.0.2.2', dport: 443 }
const server = { src: client.dst, sport: client.dport, dst: client.src, dport: client.sport }

const capture = (...segments: TcpSegment[]) => wholeCapture(pcap(segments.map(ipv4Tcp)))

/** Cuts a stream that starts at `seq` at the given places. */
function cut(from: typeof client, seq: number, stream: Uint8Array, places: number[]): TcpSegment[] {
  const at = [0, ...new Set(places.map(place => place % stream.length).filter(Boolean)), stream.length].sort(
    (a, b) => a - b,
  )
  return at
    .slice(1)
    .map((end, i) => ({ ...from, seq: (seq + at[i]!) >>> 0, payload: stream.slice(at[i], end) }))
}

test('segments in any order, doubled, cut anywhere and across the wrap of sequence numbers give the same hellos', async () => {
  const preamble = Buffer.from('EHLO me\r\nSTARTTLS\r\n')
  const places = fc.array(fc.nat(2000), { maxLength: 12 })
  const initial = fc.constantFrom(1, 0x7fff_fff0, 0xffff_ffff, 0xffff_ff80)
  await fc.assert(
    fc.asyncProperty(
      initial,
      fc.boolean(),
      places,
      places,
      fc.infiniteStream(fc.nat(1000)),
      async (isn, starttls, one, two, order) => {
        const stream = join(starttls ? preamble : none, hello('a.example', 120))
        const pieces = [...cut(client, isn + 1, stream, one), ...cut(client, isn + 1, stream, two)]
        const shuffled = pieces
          .map(piece => ({ piece, rank: order.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ piece }) => piece)
        const read = await capture(
          { ...client, seq: isn, flags: 'S' },
          { ...server, seq: 99, flags: 'SA' },
          ...shuffled,
          { ...server, seq: 100, payload: answer },
        )
        expect(read.summary).toEqual(['client_hello a.example', 'server_hello 5'])
        expect(read.connections).toHaveLength(1)
      },
    ),
    { numRuns: runs(150) },
  )
})

test('the first copy of a byte wins', async () => {
  const stream = hello('first.example')
  const liar = stream.slice()
  liar.fill(0x41, 60)
  const half = 70
  const read = await capture(
    { ...client, seq: 0, flags: 'S' },
    { ...client, seq: 1, payload: stream.slice(0, half) },
    { ...client, seq: 1, payload: liar.slice(0, half) },
    { ...client, seq: 1 + half, payload: stream.slice(half) },
  )
  expect(read.connections[0]!.hello!.offer.suites).toHaveLength(30)
})

test('a connection without its start is read, also when its first two segments are swapped', async () => {
  const stream = hello('late.example')
  const [one, two] = cut(client, 5000, stream, [50]) as [TcpSegment, TcpSegment]
  expect((await capture(one, two)).summary).toEqual(['client_hello late.example'])
  expect((await capture(two, one)).summary).toEqual(['client_hello late.example'])
})

test('a lost segment makes a hello incomplete and leaves the answer readable', async () => {
  const [one, , three] = cut(client, 1, hello('lost.example', 200), [100, 200])
  const read = await capture(
    { ...client, seq: 0, flags: 'S' },
    one!,
    three!,
    { ...server, seq: 7, payload: answer },
    { ...client, seq: 9000, flags: 'R' },
  )
  expect(read.summary.toSorted()).toEqual(['incomplete_client_hello', 'server_hello 5'])
  expect(read.connections[0]).toMatchObject({ incomplete: true, hello: null, answer: { suite: 5 } })
})

test('ports that are used again are another connection', async () => {
  const once = (isn: number, name: string): TcpSegment[] => [
    { ...client, seq: isn, flags: 'S' },
    { ...server, seq: isn + 500, flags: 'SA' },
    { ...client, seq: isn + 1, payload: hello(name) },
    { ...server, seq: isn + 501, payload: alertRecord(0x0301, 70) },
  ]
  const read = await capture(...once(10, 'one.example'), ...once(90_000, 'two.example'))
  expect(read.summary).toEqual([
    'client_hello one.example',
    'alert 70',
    'client_hello two.example',
    'alert 70',
  ])
  expect(read.connections.map(connection => connection.hello!.offer.sni)).toEqual([
    'one.example',
    'two.example',
  ])
  // A retransmitted SYN is not.
  const syn = { ...client, seq: 10, flags: 'S' }
  const again = await capture(syn, syn, ...once(10, 'one.example').slice(1), {
    ...client,
    seq: 11,
    payload: hello('one.example'),
  })
  expect(again.connections).toHaveLength(1)
})

test('how a connection ends is told', async () => {
  const syn = { ...client, seq: 0, flags: 'S' }
  const said = { ...client, seq: 1, payload: hello('x.example') }
  const ends = async (...rest: TcpSegment[]) => (await capture(syn, said, ...rest)).connections[0]!
  expect(await ends({ ...server, seq: 9, flags: 'RA' })).toMatchObject({ closedBy: 'server', answer: null })
  expect(await ends({ ...client, seq: 900, flags: 'FA' })).toMatchObject({ closedBy: 'client' })
  expect(await ends()).toMatchObject({ closedBy: null, answer: null })
  expect(
    await ends({ ...server, seq: 9, payload: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }),
  ).toMatchObject({ answeredOtherwise: true })
  expect(await ends({ ...server, seq: 9, payload: answer })).toMatchObject({ answer: { version: 0x0301 } })
})

test('hellos in the middle of a segment are found when all their lengths agree, and nothing else is', async () => {
  // TDS wraps the handshake in packets of its own; MySQL and PROXY headers may share a segment with the hello.
  const tds = join(Uint8Array.of(0x12, 1, 0, 200, 0, 0, 0, 0), hello('tds.example'))
  expect((await capture({ ...client, seq: 1, payload: tds })).summary).toEqual(['client_hello tds.example'])
  const refused = join(Uint8Array.of(0x12, 1, 0, 15, 0, 0, 0, 0), alertRecord(0x0301, 70))
  expect(
    (await capture({ ...client, seq: 1, payload: tds }, { ...server, seq: 1, payload: refused })).connections,
  ).toMatchObject([{ alerts: [{ from: 'server', alert: { description: 70 } }] }])
  const proxied = join(Buffer.from('PROXY TCP4 192.0.2.9 192.0.2.2 1 443\r\n'), hello('proxy.example'))
  expect((await capture({ ...client, seq: 1, payload: proxied })).summary).toEqual([
    'client_hello proxy.example',
  ])
  const decoy = hello('no.example')
  decoy[4]! -= 1
  expect((await capture({ ...client, seq: 1, payload: join(Buffer.from('x'), decoy) })).summary).toEqual([])
})

test('memory is bounded: queues, preambles and connections', async () => {
  const noise = Array.from({ length: 300 }, (_, i) => ({
    ...client,
    seq: 10_000 + 2000 * i,
    payload: new Uint8Array(1000).fill(i),
  }))
  expect((await capture({ ...client, seq: 0, flags: 'S' }, ...noise)).summary).toEqual([])
  const late = Array.from({ length: 70 }, (_, i) => ({
    ...client,
    seq: 1 + 1000 * i,
    payload: new Uint8Array(1000).fill(65),
  }))
  const read = await capture(...late, { ...client, seq: 70_001, payload: hello('late.example') })
  expect(read.summary).toEqual([])
})

test('a refusal that was captured before its hello belongs to it', async () => {
  const read = await capture(
    { ...client, seq: 0, flags: 'S' },
    { ...server, seq: 9, payload: alertRecord(0x0301, 70) },
    { ...client, seq: 1, payload: hello('swapped.example') },
  )
  expect(read.connections).toHaveLength(1)
  expect(read.connections[0]).toMatchObject({ hello: { offer: { sni: 'swapped.example' } } })
})

/** What a reader that only keeps bytes is told of segments. */
function toldOf(segments: readonly TcpSegment[], limits: TcpLimits) {
  const told: string[] = []
  const clock = { frame: 0, atMs: 0 }
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  const reader = tcpReader<{ port: number; text: string }>(
    {
      open: ({ sport }) => ({ port: sport, text: '' }),
      push(flow, _side, bytes, from, to) {
        flow.text += text(bytes.subarray(from, to))
      },
      gap(flow) {
        flow.text += '-'
      },
      isDone: () => false,
      isSearching: () => true,
      closed() {},
      isOver: () => false,
      end: flow => told.push(`${flow.port} ${flow.text}`),
    },
    clock,
    limits,
  )
  const transports = transportReader({ segment: reader.segment, acknowledgment() {}, datagram() {} })
  for (const [index, segment] of segments.entries()) {
    const bytes = ipv4Tcp(segment)
    transports({ frame: index + 1, atMs: 0, linkType: 101, bytes, from: 0, to: bytes.length })
  }
  reader.end()
  return { told, dropped: reader.dropped() }
}

test('at a limit the oldest connection is let go, what waits is read over its gap, and both are counted', () => {
  const says = (sport: number, seq: number, text: string) => ({
    ...client,
    sport,
    seq,
    payload: Buffer.from(text),
  })
  const many = [1, 2, 3, 4, 5].flatMap(port => [says(port, 1, 'ab'), says(port, 3, 'c')])
  const few = toldOf(many, { known: 100, open: 3, waitingBytes: 1000 })
  expect(few.told).toEqual(['1 abc', '2 abc', '3 abc', '4 abc', '5 abc'])
  expect(few.dropped).toEqual({ connections: 2, outOfOrderBytes: 0 })
  expect(toldOf(many, { known: 4, open: 100, waitingBytes: 1000 }).dropped.connections).toBe(1)

  const late = [{ ...client, seq: 0, flags: 'S' }, says(client.sport, 4, 'def'), says(client.sport, 1, 'abc')]
  expect(toldOf(late, { known: 100, open: 3, waitingBytes: 1000 })).toEqual({
    told: ['40000 abcdef'],
    dropped: { connections: 0, outOfOrderBytes: 0 },
  })
  expect(toldOf(late, { known: 100, open: 3, waitingBytes: 1 })).toEqual({
    told: ['40000 -def'],
    dropped: { connections: 0, outOfOrderBytes: 3 },
  })
})

test('thousands of connections are told apart, both ways', () => {
  const ports = Array.from({ length: 3000 }, (_, i) => 1024 + 7 * i)
  const says = (from: typeof client, seq: number, text: string) => ({
    ...from,
    seq,
    payload: Buffer.from(text),
  })
  const there = ports.map(sport => says({ ...client, sport }, 1, `${sport},`))
  const back = ports.map(dport => says({ ...server, dport }, 1, 'x'))
  const { told } = toldOf([...there, ...back], { known: 2 ** 13, open: 2 ** 13, waitingBytes: 0 })
  expect(told).toEqual(ports.map(port => `${port} ${port},x`))
})
