import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { suiteName } from '../../src/model/iana/suites.ts'
import { negotiate } from '../../src/model/negotiate.ts'
import { highestOffered } from '../../src/model/offer.ts'
import type { Prediction } from '../../src/model/prediction.ts'
import { TLS_1_0, TLS_1_1, TLS_1_2, type Version, versionName } from '../../src/model/version.ts'
import { isCi } from '../runs.ts'
import { isFull, triesEvery, triesRecordedEvery } from './cells.ts'
import { certificatesUnavailable, labCertificates } from './certificates.ts'
import { clients, runClient, type Variant } from './clients.ts'
import type { Engine } from './engine.ts'
import { engines } from './engines.ts'
import { type Answer, type Captured, recordedHellos, replay, startHelloTrap, withoutName } from './hellos.ts'
import { type LabServer, labServers } from './profiles.ts'

/**
 * Every hello of every real client at every server of every engine, by a sample of the cells outside CI: what is predicted is what the server
 * answers. Engines other than Node get each shape of hello once, since clients of one library send the same, and slow servers and some cells of slow
 * engines and clients are left out. Recorded hellos of clients that are not here meet some servers of each engine. LAB_FULL=1 tries everything.
 */

interface Hello extends Captured {
  from: string
}

const ceilings: Partial<Record<Variant, Version>> = {
  'tls1.0': TLS_1_0,
  'tls1.1': TLS_1_1,
  'tls1.2': TLS_1_2,
}

/** On a busy machine a client may give up before it has sent anything: it gets three tries. */
async function helloOf(id: (typeof clients)[number]['id'], variant: Variant): Promise<Captured> {
  let said = ''
  for (let tries = 0; tries < 3; tries++) {
    const trap = await startHelloTrap()
    const { stdout, stderr } = await runClient(id, variant, {
      port: trap.port,
      caFile: labCertificates().caFile,
    })
    trap.close()
    if (trap.captured[0]) return trap.captured[0]
    said = `${stdout}\n${stderr}`
  }
  throw new Error(`${id} ${variant} sent no hello: ${said}`)
}

/** Of what takes long to start, outside CI, the oldest and the usual variant. */
function variantsOf({ slow, variants }: (typeof clients)[number]): readonly Variant[] {
  return slow && !isCi ? variants.filter(variant => variant === 'tls1.0' || variant === 'default') : variants
}

/** The first hello that the real client sends to a listener of ours, in each of its variants. */
async function hellosOf(client: (typeof clients)[number]): Promise<Hello[]> {
  const hellos: Hello[] = []
  for (const variant of variantsOf(client)) {
    const first = await helloOf(client.id, variant)
    const ceiling = ceilings[variant]
    if (ceiling) expect(highestOffered(first.offer), `${client.id} ${variant}`).toBe(ceiling)
    hellos.push({ ...first, from: `${client.id} ${variant}` })
  }
  return hellos
}

/** Servers that get every hello once more without its name. */
const namelessAt = ['sni-required', 'tls10-plus']

function withoutNameOf(hello: Hello): Hello[] {
  const nameless = withoutName(hello)
  return nameless ? [{ ...nameless, from: `${hello.from} without a name` }] : []
}

function oncePerShape(hellos: readonly Hello[]): Hello[] {
  const byShape = new Map<string, Hello>()
  for (const hello of hellos) {
    const key = JSON.stringify({ ...hello.offer, sni: hello.offer.sni !== null })
    if (!byShape.has(key)) byShape.set(key, hello)
  }
  return [...byShape.values()]
}

/** OpenSSL 3.5 chooses the group of TLS 1.3 in another way (groups in tuples) than 3.0 to 3.4; version and suite are the same. */
const nodeTellsGroup = /^3\.[0-4]\./.test(process.versions.openssl)

function sentence(answer: Answer | Prediction, engine: Engine): string {
  if (answer.outcome === 'accepted') {
    const tellsGroup = answer.version === 0x0304 && (engine.id !== 'node' || nodeTellsGroup)
    const group = tellsGroup
      ? `, group 0x${answer.group.toString(16)}${answer.helloRetryRequest ? ' asked for' : ''}`
      : ''
    return `${versionName(answer.version)} ${suiteName(answer.suite)}${group}`
  }
  return answer.outcome === 'refused' ? `alert ${answer.alert ?? '(encrypted)'}` : 'silence'
}

/** An alert that came encrypted is equal to any alert. */
function isSame(said: string, seen: string): boolean {
  return said === seen || (seen === 'alert (encrypted)' && said.startsWith('alert '))
}

/**
 * Java asks for another group before it finds, as is predicted, that it cannot sign: the recorded client cannot answer, so how it would have ended
 * stays open.
 */
function asksFirst(engine: Engine, answer: Answer, prediction: Prediction): boolean {
  return (
    engine.id === 'java' &&
    answer.outcome === 'accepted' &&
    answer.helloRetryRequest &&
    prediction.outcome === 'refused' &&
    prediction.clause === 'signature'
  )
}

const absent = clients.flatMap(client => (client.missing() ? [`${client.id}: ${client.missing()}`] : []))
const without = absent.length > 0 ? ` (without ${absent.join('; ')})` : ''

describe.skipIf(certificatesUnavailable)(`prediction equals the answer of a real server${without}`, () => {
  let hellos: Hello[] = []
  beforeAll(async () => {
    const present = clients.filter(client => client.missing() === undefined)
    hellos = (await Promise.all(present.map(hellosOf))).flat()
  }, 120_000)

  for (const engine of engines) {
    const missing = engine.missing()
    test.skipIf(missing)(
      missing ? `${engine.title} (skipped: ${missing})` : engine.title,
      async () => {
        const all = [...labServers, ...engine.shipped()]
        const whyNot = (server: LabServer) =>
          engine.cannot(server) ?? (!isFull && engine.isSlow?.(server) ? 'slow: LAB_FULL=1' : undefined)
        const servers = all.filter(server => whyNot(server) === undefined)
        const sent = isFull || engine.id === 'node' ? hellos : oncePerShape(hellos)
        const running = await engine.start(servers)
        onTestFinished(running.stop)
        const wrong: string[] = []
        const answers = new Set<string>()
        let cells = 0
        const tried = new Set<Hello>()
        let askedFirst = 0
        const every = isFull ? 1 : (engine.triesEvery ?? 1) * triesEvery
        const recorded = recordedHellos()
        for (const [row, server] of servers.entries()) {
          const at = running.at.get(server.id)!
          const profile = running.profiles.get(server.id)!
          const nameless = namelessAt.includes(server.id) || isFull ? sent.flatMap(withoutNameOf) : []
          const live = [...sent, ...nameless]
          for (const [column, hello] of [...live, ...recorded].entries()) {
            if ((row + column) % (column < live.length ? every : triesRecordedEvery) > 0) continue
            const prediction = negotiate(hello.offer, profile)
            const answer = await replay(hello.bytes, at)
            const said = sentence(prediction, engine)
            const seen = sentence(answer, engine)
            cells++
            tried.add(hello)
            if (asksFirst(engine, answer, prediction)) {
              askedFirst++
              continue
            }
            answers.add(seen)
            if (!isSame(said, seen))
              wrong.push(`${hello.from} at ${server.id}: predicted ${said}, was ${seen}`)
          }
        }
        const left = all.flatMap(server => {
          const why = whyNot(server)
          return why ? [`${server.id} (${why})`] : []
        })
        console.log(
          `matrix: ${engine.title}: ${cells} cells, ${wrong.length} disagree${askedFirst > 0 ? `, ${askedFirst} asked for a group before they could fail` : ''}; ${sent.length} hellos of clients at work and ${recorded.length} recorded × ${servers.length} servers, ${answers.size} different answers${left.length > 0 ? `; not put to it: ${left.join(', ')}` : ''}`,
        )
        expect(wrong).toEqual([])
        expect(cells).toBeGreaterThanOrEqual(Math.floor(sent.length / every) * servers.length)
        expect(sent.filter(hello => !tried.has(hello)).map(hello => hello.from)).toEqual([])
        expect(cells).toBeGreaterThan(0)
      },
      300_000,
    )
  }
})
