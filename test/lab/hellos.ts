import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Offer } from '../../src/model/offer.ts'
import { TLS_1_3 } from '../../src/model/version.ts'
import { alertRecord } from '../../src/wire/alert.ts'
import { deframe } from '../../src/wire/deframe.ts'
import { parseServerHello } from '../../src/wire/hello.ts'
import { peekHello } from '../../src/wire/peek.ts'
import { HANDSHAKE, SERVER_HELLO } from '../../src/wire/record.ts'

export interface Captured {
  /** Everything the client sent up to and including its first ClientHello. */
  bytes: Uint8Array
  offer: Offer
}

/**
 * Listens on a free port of 127.0.0.1, keeps the first ClientHello of each connection and refuses it with alert 70 (which makes every
 * client give up). `first` resolves with the first one, or with undefined when `close` comes before.
 */
export async function startHelloTrap(): Promise<{ port: number; captured: Captured[]; close(): void }> {
  const captured: Captured[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    sockets.add(socket)
    const peeker = peekHello()
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('end', () => socket.end())
    socket.on('data', chunk => {
      const peeked = peeker.push(chunk)
      if (peeked.kind === 'need') return
      socket.removeAllListeners('data')
      socket.resume()
      if (peeked.kind === 'client-hello') {
        captured.push({ bytes: peeker.held().slice(), offer: peeked.hello.offer })
        socket.end(alertRecord(peeked.hello.offer.legacyVersion, 70))
      } else socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    captured,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Hellos of clients that the lab does not run, as they were recorded. */
export function recordedHellos(): (Captured & { from: string })[] {
  const text = readFileSync(new URL('../../cases/clients/recorded-hellos.tsv', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [from = '', hex = ''] = line.split('\t')
      const bytes = Buffer.from(hex, 'hex')
      const peeked = peekHello().push(bytes)
      if (peeked.kind !== 'client-hello') throw new Error(`${from}: ${peeked.kind}`)
      return { from, bytes, offer: peeked.hello.offer }
    })
}

/** The same hello without its server_name extension: in the clear nobody can tell, up to the client's Finished. */
export function withoutName({ bytes, offer }: Captured): Captured | undefined {
  const all = Buffer.from(bytes)
  // One record: header of 5, message header of 4, version, random.
  const sessionAt = 5 + 4 + 2 + 32
  if (all[0] !== HANDSHAKE || all.readUInt16BE(3) + 5 !== all.length || offer.withoutExtensions)
    return undefined
  const suitesAt = sessionAt + 1 + all[sessionAt]!
  const compressionAt = suitesAt + 2 + all.readUInt16BE(suitesAt)
  const blockAt = compressionAt + 1 + all[compressionAt]!
  for (let at = blockAt + 2; at < all.length; at += 4 + all.readUInt16BE(at + 2)) {
    if (all.readUInt16BE(at) !== 0) continue
    const size = 4 + all.readUInt16BE(at + 2)
    const shorter = Buffer.concat([all.subarray(0, at), all.subarray(at + size)])
    shorter.writeUInt16BE(all.readUInt16BE(3) - size, 3)
    shorter.writeUIntBE(all.readUIntBE(6, 3) - size, 6, 3)
    shorter.writeUInt16BE(all.readUInt16BE(blockAt) - size, blockAt)
    const extensions = offer.extensions.filter(type => type !== 0)
    return { bytes: shorter, offer: { ...offer, sni: null, extensions } }
  }
  return undefined
}

/** What a server answers to the bytes of a ClientHello. */
export type Answer =
  | { outcome: 'accepted'; version: number; suite: number; group: number; helloRetryRequest: boolean }
  /** `alert` is undefined when it came encrypted. */
  | { outcome: 'refused'; alert: number | undefined }
  | { outcome: 'silent' }

/** Nobody's certificate is this short together with a ServerHello; an alert in the clear or not is. */
const withCertificateBytes = 500
const SERVER_HELLO_DONE = 14

/**
 * Sends a hello as it was captured, to a port of 127.0.0.1 or to the path of a socket, and reads what the server makes of it. Accepted means
 * the whole first flight: some servers find out after their ServerHello that they cannot sign, and close. An alert that TLS 1.3 has encrypted
 * by then has no number for us.
 */
export async function replay(bytes: Uint8Array, at: number | string): Promise<Answer> {
  const socket = typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at)
  return new Promise(resolve => {
    let hello: (Answer & { outcome: 'accepted' }) | undefined
    let received = 0
    const settle = (answer: Answer) => {
      socket.destroy()
      frames.stop()
      resolve(answer)
    }
    const frames = deframe({
      wants: type => type === SERVER_HELLO || type === SERVER_HELLO_DONE,
      message(type, body, recordVersion) {
        if (type === SERVER_HELLO_DONE && hello) return settle(hello)
        const read = parseServerHello(body, recordVersion)
        if (!read.ok) return settle({ outcome: 'silent' })
        const { version, suite, group, isRetry } = read.value
        hello = { outcome: 'accepted', version, suite, group, helloRetryRequest: isRetry }
        if (isRetry) settle(hello)
      },
      alert(body) {
        // A warning, such as unrecognized_name, does not end anything.
        if (body[0] === 2) settle({ outcome: 'refused', alert: body[1]! })
      },
      record() {},
      malformed: () => settle({ outcome: 'silent' }),
      tooLarge: () => settle({ outcome: 'silent' }),
    })
    socket.on('connect', () => socket.write(bytes))
    socket.on('error', () => settle({ outcome: 'silent' }))
    socket.on('close', () => settle(hello ? { outcome: 'refused', alert: undefined } : { outcome: 'silent' }))
    socket.on('data', chunk => {
      received += chunk.length
      frames.push(chunk)
      if (hello?.version === TLS_1_3 && received >= withCertificateBytes) settle(hello)
    })
  })
}
