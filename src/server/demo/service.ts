import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { DemoCertificates } from './certificate.ts'

/** A service that still lets everything in, as they are before a retirement: TLS 1.0 to 1.3. Answers a line of JSON. */
export async function startService(
  certificates: Pick<DemoCertificates, 'certificate' | 'key'>,
): Promise<{ port: number; close(): void }> {
  const server = createServer(
    {
      cert: certificates.certificate,
      key: certificates.key,
      minVersion: 'TLSv1',
      // OpenSSL 3 signs with SHA-1, as TLS 1.0 and 1.1 demand, only at security level 0.
      ciphers: 'DEFAULT:@SECLEVEL=0',
    },
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
      response.end('{"value":[]}\n')
    },
  )
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
