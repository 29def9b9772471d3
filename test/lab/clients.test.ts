import { expect, test } from 'vitest'
import { certificatesUnavailable, labCertificates } from './certificates.ts'
import { clients, runClient, type Variant } from './clients.ts'
import { labServerOf } from './profiles.ts'
import { startTlsServer } from './servers.ts'

const versions: Partial<Record<Variant, string>> = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
}

/** They do a handshake and no request, or understand only the answers of their own service. */
const withoutAnswer = ['nss', 'azure-batch']
/** WinHTTP has one number for every failure of the channel; Mono hides the alert in its innermost exception. */
const withoutAlert = ['wine-winhttp', 'mono']

for (const client of clients) {
  const missing = certificatesUnavailable ?? client.missing()
  const name = missing ? `${client.title} (skipped: ${missing})` : client.title
  // Slow clients run once, at their oldest version; their other hellos are in the matrix.
  const variants = client.slow ? client.variants.slice(0, 1) : client.variants
  test
    .skipIf(missing)
    .concurrent(`${name}: keeps to its ceiling, and is refused below the floor`, async () => {
      const { caFile } = labCertificates()
      const lenient = await startTlsServer(labServerOf('tls10-plus'))
      const strict = await startTlsServer(labServerOf('tls12-plus'))
      const sni =
        client.names === 'any' ? `${client.id.replaceAll('.', '-')}.westeurope.batch.localhost` : 'localhost'
      for (const variant of variants) {
        const before = lenient.seen.length
        const ran = await runClient(client.id, variant, { port: lenient.port, caFile, name: sni })
        const said = `${variant}: ${ran.stdout}\n${ran.stderr}`
        expect(lenient.seen[before], said).toMatchObject({ outcome: 'accepted', sni })
        if (versions[variant])
          expect(lenient.seen[before], said).toMatchObject({ version: versions[variant] })
        if (!withoutAnswer.includes(client.id)) expect(said).toContain('hello from the lab')

        const isOld = variant === 'tls1.0' || variant === 'tls1.1' || client.id === 'node-0.8.28'
        if (!isOld) continue
        const refused = await runClient(client.id, variant, { port: strict.port, caFile, name: sni })
        expect(refused.exit, `${variant}: ${refused.stdout}\n${refused.stderr}`).not.toBe(0)
        if (!withoutAlert.includes(client.id)) expect(refused.refusedBy, refused.stderr).toBe('alert 70')
      }
      await Promise.all([lenient.close(), strict.close()])
    })
}
