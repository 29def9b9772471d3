import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { labCertificates } from './certificates.ts'
import type { LabServer } from './profiles.ts'

/** How one connection ended, as the server saw it. */
export type Seen =
  | { outcome: 'accepted'; version: string; suite: string; sni: string }
  | { outcome: 'failed'; code: string }

export interface RunningServer {
  port: number
  /** What happened, in order; grows while the server runs. */
  seen: Seen[]
  close(): Promise<void>
}

/** Starts the server on a free port of 127.0.0.1. It answers one HTTP response and closes; `answer` replaces the body. */
export async function startTlsServer(
  server: LabServer,
  { answer = 'hello from the lab\n' } = {},
): Promise<RunningServer> {
  const { leaf } = labCertificates()
  const seen: Seen[] = []
  const tls = createServer({
    cert: server.certificates.map(kind => leaf[kind].cert),
    key: server.certificates.map(kind => leaf[kind].key),
    minVersion: server.min,
    maxVersion: server.max,
    ciphers: [...server.suitesTls13, ...server.suites, `@SECLEVEL=${server.level}`].join(':'),
    ecdhCurve: server.groups.join(':'),
    sigalgs: server.schemes.join(':'),
    honorCipherOrder: server.choice === 'server',
    ...(server.dh && { dhparam: 'auto' }),
  })
  tls.on('secureConnection', socket => {
    seen.push({
      outcome: 'accepted',
      version: socket.getProtocol() ?? '',
      suite: socket.getCipher().standardName,
      sni: (socket as TLSSocket & { servername?: string | false }).servername || '',
    })
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(answer)}\r\nConnection: close\r\n\r\n${answer}`,
      )
    })
  })
  tls.on('tlsClientError', (error: Error & { code?: string }) => {
    seen.push({ outcome: 'failed', code: error.code ?? error.message })
  })
  const sockets = new Set<Socket>()
  tls.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  tls.listen(0, '127.0.0.1')
  await once(tls, 'listening')
  return {
    port: (tls.address() as AddressInfo).port,
    seen,
    async close() {
      tls.close()
      for (const socket of sockets) socket.destroy()
      await once(tls, 'close')
    },
  }
}
