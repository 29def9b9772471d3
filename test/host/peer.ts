import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'

/** A server that lets nothing below TLS 1.2 in, as the service does after its cutoff. */
export interface Gateway {
  port: number
  /** Versions of the connections that came through. */
  accepted: string[]
  /** Codes of the handshakes that were refused. */
  refused: string[]
  close(): Promise<void>
}

/** Makes `cert.pem` and `key.pem` for localhost in the folder, self-signed. */
export function makeCertificate(folder: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  // A key that is made in no time, unlike one of RSA.
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...key, '-days', '2', ...subject, ...files], { stdio: 'ignore' })
}

export async function startGateway(folder: string): Promise<Gateway> {
  const [cert, key] = ['cert.pem', 'key.pem'].map(name => readFileSync(join(folder, name)))
  const accepted: string[] = []
  const refused: string[] = []
  const server: Server = createServer({ cert, key, minVersion: 'TLSv1.2' }, (_, response) =>
    response.end('welcome'),
  )
  server.on('secureConnection', (socket: TLSSocket) => accepted.push(socket.getProtocol() ?? ''))
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => refused.push(error.code ?? ''))
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  return {
    port: (server.address() as AddressInfo).port,
    accepted,
    refused,
    close: () =>
      new Promise(done => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

/** A .reg file that makes Wine trust the certificate: a serialized store element with its hash and the certificate itself. */
export function trustFile(folder: string): string {
  const pem = readFileSync(join(folder, 'cert.pem'), 'utf8')
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const hash = createHash('sha1').update(der).digest()
  const property = (id: number, data: Buffer) => {
    const head = Buffer.alloc(12)
    head.writeUInt32LE(id, 0)
    head.writeUInt32LE(1, 4)
    head.writeUInt32LE(data.length, 8)
    return Buffer.concat([head, data])
  }
  const blob = Buffer.concat([property(3, hash), property(32, der)])
  const bytes = Array.from(blob, byte => byte.toString(16).padStart(2, '0')).join(',')
  const key = `HKEY_CURRENT_USER\\Software\\Microsoft\\SystemCertificates\\Root\\Certificates\\${hash.toString('hex').toUpperCase()}`
  return `REGEDIT4\r\n\r\n[${key}]\r\n"Blob"=hex:${bytes}\r\n`
}

export function hasProgram(...names: string[]): boolean {
  return names.every(name => {
    try {
      execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}
