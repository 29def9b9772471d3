import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Offer } from '../../src/model/offer.ts'
import { alertRecord } from '../../src/wire/alert.ts'
import { peekHello, peekServerHello } from '../../src/wire/peek.ts'

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

/** What a server answers to the bytes of a ClientHello. */
export type Answer =
  | { outcome: 'accepted'; version: number; suite: number; group: number; helloRetryRequest: boolean }
  | { outcome: 'refused'; alert: number }
  | { outcome: 'silent' }

/** Sends a captured hello as it was and reads the server's first answer. */
export async function replay(bytes: Uint8Array, port: number): Promise<Answer> {
  const socket = connect({ host: '127.0.0.1', port })
  const peeker = peekServerHello()
  return new Promise(resolve => {
    const settle = (answer: Answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => socket.write(bytes))
    socket.on('error', () => settle({ outcome: 'silent' }))
    socket.on('close', () => settle({ outcome: 'silent' }))
    socket.on('data', chunk => {
      const peeked = peeker.push(chunk)
      if (peeked.kind === 'server-hello' || peeked.kind === 'hello-retry-request')
        settle({
          outcome: 'accepted',
          version: peeked.hello.version,
          suite: peeked.hello.suite,
          group: peeked.hello.group,
          helloRetryRequest: peeked.kind === 'hello-retry-request',
        })
      else if (peeked.kind === 'alert') settle({ outcome: 'refused', alert: peeked.alert.description })
      else if (peeked.kind !== 'need') settle({ outcome: 'silent' })
    })
  })
}
