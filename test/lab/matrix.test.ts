import { expect, test } from 'vitest'
import { suiteName } from '../../src/model/iana/suites.ts'
import { negotiate } from '../../src/model/negotiate.ts'
import type { Prediction } from '../../src/model/prediction.ts'
import { versionName } from '../../src/model/version.ts'
import { certificatesUnavailable, labCertificates } from './certificates.ts'
import { clients, runClient, type Variant } from './clients.ts'
import { type Answer, type Captured, replay, startHelloTrap } from './hellos.ts'
import { labServers, profileOf, startTlsServer } from './servers.ts'

interface Hello extends Captured {
  client: string
  variant: Variant
}

/** The first hello that the real client sends to a listener of ours. */
async function hellosOf(client: (typeof clients)[number]): Promise<Hello[]> {
  const hellos: Hello[] = []
  for (const variant of client.variants) {
    const trap = await startHelloTrap()
    const ran = await runClient(client.id, variant, { port: trap.port, caFile: labCertificates().caFile })
    trap.close()
    const first = trap.captured[0]
    if (first === undefined)
      throw new Error(`${client.id} ${variant} sent no hello: ${ran.stdout}\n${ran.stderr}`)
    hellos.push({ ...first, client: client.id, variant })
  }
  return hellos
}

/** OpenSSL 3.5 chooses the group of TLS 1.3 in another way (groups in tuples) than 3.0 to 3.4; version and suite are the same. */
const tellsGroup = /^3\.[0-4]\./.test(process.versions.openssl)

function sentence(answer: Answer | Prediction): string {
  if (answer.outcome === 'accepted') {
    const group =
      answer.version === 0x0304 && tellsGroup
        ? `, group 0x${answer.group.toString(16)}${answer.helloRetryRequest ? ' asked for' : ''}`
        : ''
    return `${versionName(answer.version)} ${suiteName(answer.suite)}${group}`
  }
  return answer.outcome === 'refused' ? `alert ${answer.alert}` : 'silence'
}

const absent = clients.flatMap(client => (client.missing() ? [`${client.id}: ${client.missing()}`] : []))
const title = absent.length > 0 ? ` (without ${absent.join('; ')})` : ''

test.skipIf(certificatesUnavailable)(
  `prediction equals the answer of a real server for every real hello${title}`,
  async () => {
    const present = clients.filter(client => client.missing() === undefined)
    const hellos = (await Promise.all(present.map(hellosOf))).flat()
    const wrong: string[] = []
    const outcomes = new Set<string>()
    let cells = 0
    await Promise.all(
      labServers.map(async server => {
        const running = await startTlsServer(server)
        const profile = profileOf(server)
        for (const hello of hellos) {
          const said = sentence(negotiate(hello.offer, profile))
          const seen = sentence(await replay(hello.bytes, running.port))
          cells++
          outcomes.add(seen)
          if (said !== seen)
            wrong.push(`${hello.client} ${hello.variant} at ${server.id}: predicted ${said}, was ${seen}`)
        }
        await running.close()
      }),
    )
    console.log(
      `matrix: ${cells} cells, ${hellos.length} hellos of ${present.length} clients × ${labServers.length} servers, ${outcomes.size} different answers`,
    )
    expect(wrong).toEqual([])
    expect(cells).toBe(hellos.length * labServers.length)
    expect(cells).toBeGreaterThan(0)
  },
  120_000,
)
