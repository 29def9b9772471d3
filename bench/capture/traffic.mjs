// A made-up but lifelike capture of a busy service, the same for the same settings: many connections at once, mostly application data in full
// segments, hellos of real clients, and all that makes a capture hard: hellos over several segments, out of order, sent twice, IPv6, VLAN tags,
// odd ports, STARTTLS, retries, refusals, ports used again, plain traffic between.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { HANDSHAKE, writeRecords } from '../../dist/wire/record.js'
import { writeServerHello } from '../../dist/wire/write.js'
import { pcapWriter } from './frames.mjs'
import { realHellos } from './hellos.mjs'

const FIN = 0x11
const SYN = 0x02
const SYN_ACK = 0x12
const RST = 0x14
const ACK = 0x10
const PSH_ACK = 0x18
const none = Buffer.alloc(0)
/** Connections open at the same moment. */
const concurrent = 1000
/** Of the bytes, what is not TLS at all. */
const plainShare = 0.12
const retryRandom = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex')

/** Names of the service, one for each customer, and clients behind them. */
const customers = 1000
const clients = 20_000

const preambles = [
  [
    25,
    [
      '<220 mx.example ESMTP',
      '>EHLO client.example',
      '<250-mx.example\r\n250 STARTTLS',
      '>STARTTLS',
      '<220 go ahead',
    ],
  ],
  [143, ['<* OK ready', '>a1 STARTTLS', '<a1 OK begin TLS now']],
  [110, ['<+OK ready', '>STLS', '<+OK begin']],
  [5432, [Buffer.from('>\0\0\0\x08\x04\xd2\x16\x2f', 'latin1'), Buffer.from('<S')]],
]

/**
 * Writes about `sizeBytes` with exactly `handshakes` TLS connections. Answers what is in it: `clientHellos` (a retry has two), of them `sslv2` in
 * SSLv2 framing, `spread` over several segments, `disordered`.
 */
export async function writeTraffic(path, { handshakes, sizeBytes, seed = 1 }) {
  const random = randomOf(seed)
  const out = pcapWriter(path)
  const hellos = await realHellos()
  const large = hellos.filter(({ bytes }) => bytes.length > 1448)
  const usual = hellos.filter(({ bytes }) => bytes.length <= 1448 && bytes[0] === 0x16)
  const sslv2 = hellos.filter(({ bytes }) => bytes[0] !== 0x16)
  const noise = Buffer.from(Uint8Array.from({ length: 1 << 20 }, () => random.below(256)))
  const records = recordsOf(noise)
  const truth = {
    connections: 0,
    clientHellos: 0,
    serverHellos: 0,
    alerts: 0,
    spread: 0,
    disordered: 0,
    sslv2: 0,
  }
  const used = []

  const open = []
  const plain = Array.from({ length: 24 }, (_, i) => plainConversation(i))
  while (truth.connections < handshakes || open.length > 0) {
    while (open.length < concurrent && truth.connections < handshakes)
      open.push(tlsConversation(truth.connections++))
    if (random.share() < plainShare) {
      plain[random.below(plain.length)].next()
      continue
    }
    const index = random.below(open.length)
    for (let burst = 1 + random.below(6); burst > 0; burst--)
      if (open[index].next().done) {
        open[index] = open.at(-1)
        open.pop()
        break
      }
  }
  while (out.sizeBytes() < sizeBytes) plain[random.below(plain.length)].next()
  const size = out.sizeBytes()
  out.end()
  return { ...truth, sizeBytes: size, packets: out.frames() }

  /** Application bytes of the next connection: few have most of them, and all together fill the file. */
  function responseSize() {
    const left = (sizeBytes - out.sizeBytes()) * (1 - plainShare)
    const mean = Math.max(500, left / (handshakes - truth.connections + concurrent / 2) - 6500)
    const kind = random.share()
    const factor =
      kind < 0.7
        ? 0.05 + 0.4 * random.share()
        : kind < 0.95
          ? 0.5 + 1.5 * random.share()
          : 5 + 10.5 * random.share()
    return Math.floor(mean * factor)
  }

  function* tlsConversation(number) {
    const who = random.below(clients)
    const customer = who % customers
    // A customer has one or two client stacks; a quarter of them are browsers of today with large hellos.
    const stacks = customer % 100 === 99 ? sslv2 : customer % 4 === 0 ? large : usual
    const hello = freshHello(stacks[(customer + (random.share() < 0.2 ? 1 : 0)) % stacks.length], customer)
    const isSslv2 = hello.bytes[0] !== 0x16
    const kind = random.share()
    const [preamblePort, preamble] = kind < 0.02 ? preambles[random.below(preambles.length)] : [0, []]
    const dport = preamblePort || (kind < 0.04 ? 20_000 + random.below(20_000) : kind < 0.1 ? 8443 : 443)
    const reused = used.length > 500 && random.share() < 0.01 ? used.shift() : null
    const both = connection(reused ?? endpoints(number, who, dport))
    yield* both.opening()
    for (const line of preamble) {
      const text = Buffer.from(line, 'latin1')
      const isText = typeof line === 'string'
      yield* both.say(
        text[0] === 60 ? 1 : 0,
        isText ? Buffer.concat([text.subarray(1), Buffer.from('\r\n')]) : text.subarray(1),
      )
    }

    truth.clientHellos++
    if (isSslv2) truth.sslv2++
    yield* both.sayHello(hello.bytes, random.share())
    const isModern = hello.version >= 0x0304
    if (random.share() < 0.05) {
      truth.alerts++
      yield* both.say(1, Buffer.from([21, 3, 1, 0, 2, 2, hello.version < 0x0303 ? 70 : 40]))
      yield* both.closing(1)
      return
    }
    if (isModern && !isSslv2 && random.share() < 0.03) {
      truth.serverHellos++
      yield* both.say(1, serverHello(0x0303, 0x0304, retryRandom, 0x1301, [43, 51]))
      truth.clientHellos++
      yield* both.sayHello(hello.bytes, 1)
    }
    truth.serverHellos++
    if (isModern) {
      const answer = serverHello(0x0303, 0x0304, noise.subarray(number, number + 32), 0x1301, [43, 51])
      yield* both.say(1, Buffer.concat([answer, changeCipher, record(23, 2400 + random.below(1500))]))
      yield* both.say(0, Buffer.concat([changeCipher, record(23, 53)]))
    } else {
      const version = Math.max(hello.version, 0x0300)
      const extensions = version > 0x0300 && !isSslv2 ? [0xff01] : []
      const answer = serverHello(version, version, noise.subarray(number, number + 32), 0xc02f, extensions)
      const certificate = writeRecords(HANDSHAKE, version, certificateMessage)
      const exchange = handshake(version, 12, 329, [3, 0, 23, 65, 4])
      // Lengths in it are right: 65 bytes of point, then algorithm and 256 bytes of signature.
      exchange.set(version >= 0x0303 ? [4, 1, 1, 0] : [1, 0], 9 + 4 + 65)
      yield* both.say(1, Buffer.concat([answer, certificate, exchange, handshake(version, 14, 0)]))
      yield* both.say(0, Buffer.concat([handshake(version, 16, 66, [65, 4]), changeCipher, record(22, 40)]))
      yield* both.say(1, Buffer.concat([changeCipher, record(22, 40)]))
    }
    let left = responseSize()
    const exchanges = 1 + random.below(3)
    for (let i = 0; i < exchanges; i++) {
      yield* both.say(0, record(23, 300 + random.below(900)))
      const size = i === exchanges - 1 ? left : Math.floor(left / 2)
      left -= size
      yield* both.download(size)
    }
    if (random.share() < 0.9) {
      yield* both.closing(random.below(2))
      if (random.share() < 0.02) used.push(both.ends)
    }
  }

  /** The same shape with its own random, session and, where there is room, the name of its customer. */
  function freshHello({ bytes, version, randomAt, sessionAt, sessionSize, nameAt, nameSize }, customer) {
    const fresh = Buffer.from(bytes)
    fill(fresh, randomAt, Math.min(32, bytes.length - randomAt))
    fill(fresh, sessionAt, sessionSize)
    if (nameAt >= 0 && nameSize >= 8) {
      const name = `c${String(customer).padStart(3, '0')}.`
      fresh.write(name.padEnd(nameSize - 4, 'x') + '.net'.slice(0, nameSize), nameAt, nameSize, 'latin1')
    }
    return { bytes: fresh, version }
  }

  function fill(bytes, from, size) {
    for (let i = 0; i < size; i++) bytes[from + i] = random.below(256)
  }

  function endpoints(number, who, dport) {
    const isV6 = random.share() < 0.25
    const tags = random.share() < 0.1 ? (random.share() < 0.2 ? [100, 7] : [7]) : []
    const where = random.below(40)
    const sport = 1024 + ((number * 7919) % 64_000)
    const v6 = (net, host) => {
      const address = Buffer.alloc(16)
      address.writeUInt32BE(0x20010db8)
      address[7] = net
      address.writeUInt32BE(host, 12)
      return address
    }
    return isV6
      ? { tags, sport, dport, src: v6(1, who), dst: v6(2, where) }
      : {
          tags,
          sport,
          dport,
          src: Buffer.from([100, 64 + (who >> 14), (who >> 7) & 127, who & 127]),
          dst: Buffer.from([192, 0, 2, where]),
        }
  }

  function connection(ends) {
    const mss = ends.src.length === 4 ? 1448 : 1428
    const forth = ends
    const back = { tags: ends.tags, src: ends.dst, dst: ends.src, sport: ends.dport, dport: ends.sport }
    const seq = [random.below(2 ** 32), random.below(2 ** 32)]
    const send = (side, flags, bytes, from, to, at = seq[side]) =>
      out.tcp({
        ...(side === 0 ? forth : back),
        seq: at,
        ack: flags === SYN ? 0 : seq[1 - side],
        flags,
        bytes,
        from,
        to,
      })
    const self = {
      ends,
      *opening() {
        send(0, SYN, none, 0, 0)
        seq[0]++
        yield
        send(1, SYN_ACK, none, 0, 0)
        seq[1]++
        yield
        send(0, ACK, none, 0, 0)
        yield
      },
      *say(side, bytes) {
        for (let from = 0; from < bytes.length; from += mss) {
          const to = Math.min(bytes.length, from + mss)
          send(side, to === bytes.length ? PSH_ACK : ACK, bytes, from, to)
          seq[side] += to - from
          yield
        }
        send(1 - side, ACK, none, 0, 0)
        yield
      },
      /** `how` from 0 to 1: some in small pieces, some of them out of order, some sent twice. */
      *sayHello(bytes, how) {
        if (how > 0.06) {
          if (bytes.length > mss) truth.spread++
          yield* self.say(0, bytes)
          return
        }
        const piece = Math.max(20, Math.ceil(bytes.length / (2 + random.below(6))))
        const pieces = []
        for (let from = 0; from < bytes.length; from += piece)
          pieces.push([from, Math.min(bytes.length, from + piece)])
        truth.spread++
        if (how < 0.02) {
          truth.disordered++
          pieces.sort(() => random.share() - 0.5)
        } else if (how < 0.04) pieces.push(pieces[random.below(pieces.length)])
        for (const [from, to] of pieces) {
          send(0, PSH_ACK, bytes, from, to, seq[0] + from)
          yield
        }
        seq[0] += bytes.length
        send(1, ACK, none, 0, 0)
        yield
      },
      /** Application data in full segments, an acknowledgment for every second of them. */
      *download(size) {
        let from = random.below(records.length - 2 ** 17) & ~1
        for (let sent = 0; sent < size; ) {
          if (from + mss > records.length) from = 0
          const some = Math.min(mss, size - sent)
          send(1, ACK, records, from, from + some)
          seq[1] += some
          from += some
          sent += some
          yield
          if (Math.floor(sent / mss) % 2 === 0) {
            send(0, ACK, none, 0, 0)
            yield
          }
        }
      },
      *closing(first) {
        if (random.share() < 0.1) {
          send(first, RST, none, 0, 0)
          yield
          return
        }
        for (const side of [first, 1 - first]) {
          send(side, FIN, none, 0, 0)
          seq[side]++
          yield
        }
        send(first, ACK, none, 0, 0)
        yield
      },
    }
    return self
  }

  /** Never ends: downloads over HTTP, a binary protocol, datagrams. */
  function* plainConversation(number) {
    for (let round = 0; ; round++) {
      const ends = endpoints(round * 31 + number, random.below(clients), [80, 8080, 22, 9092][number % 4])
      if (number % 6 === 5) {
        for (let i = 0; i < 200; i++) {
          const from = random.below(noise.length - 1400)
          out.udp({
            ...ends,
            dport: number % 2 ? 53 : 443,
            bytes: noise,
            from,
            to: from + 40 + random.below(1200),
          })
          yield
        }
        continue
      }
      const both = connection(ends)
      yield* both.opening()
      yield* both.say(0, Buffer.from('GET /file HTTP/1.1\r\nHost: files.example\r\n\r\n'))
      yield* both.say(1, Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n'))
      yield* both.download(20_000 + random.below(2_000_000))
      yield* both.closing(1)
    }
  }

  function record(type, size) {
    const from = random.below(noise.length - size)
    return Buffer.from(writeRecords(type, 0x0303, noise.subarray(from, from + size)))
  }

  function handshake(version, type, size, start = none) {
    const from = random.below(noise.length - size)
    const message = Buffer.concat([
      Uint8Array.of(type, 0, size >> 8, size),
      noise.subarray(from, from + size),
    ])
    message.set(start, 4)
    return Buffer.from(writeRecords(HANDSHAKE, version, message))
  }
}

/** Server and issuer, as real ones: 11, all lengths, two certificates. */
const certificateMessage = (() => {
  const pem = readFileSync(new URL('chain.pem', import.meta.url), 'utf8')
  const chain = pem
    .match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----/g)
    .map(text => new X509Certificate(text).raw)
  const u24 = size => Buffer.from([size >> 16, size >> 8, size])
  const list = Buffer.concat(chain.flatMap(der => [u24(der.length), der]))
  return Buffer.concat([Uint8Array.of(11), u24(list.length + 3), u24(list.length), list])
})()

const changeCipher = Buffer.from([20, 3, 3, 0, 1, 1])

function serverHello(legacyVersion, version, random, suite, extensions) {
  const message = writeServerHello({
    legacyVersion,
    version,
    random,
    sessionId: random.subarray(0, 32),
    suite,
    compression: 0,
    extensions,
    alpn: null,
    group: 29,
  })
  return Buffer.from(writeRecords(HANDSHAKE, legacyVersion, message))
}

/** The noise as application data in records of full size. */
function recordsOf(noise) {
  const bytes = Buffer.from(noise)
  for (let at = 0; at + 5 < bytes.length; at += 5 + 2 ** 14) bytes.set([23, 3, 3, 0x40, 0], at)
  return bytes
}

/** xorshift32: quick, and the same everywhere. */
function randomOf(seed) {
  let state = seed * 2_654_435_761 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  return { below: count => next() % count, share: () => next() / 2 ** 32 }
}
