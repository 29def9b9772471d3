import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runGatewayWorker, type Worker } from '../../src/enforce/gateway/worker.ts'
import type { Policy } from '../../src/model/policy.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { TLS_1_0, TLS_1_2 } from '../../src/model/version.ts'
import { readSegment, type Segment } from '../../src/spool/segment.ts'
import { certificatesUnavailable, labCertificates } from '../lab/certificates.ts'
import { clients, runClient } from '../lab/clients.ts'
import { labServerOf } from '../lab/profiles.ts'
import type { Variant } from '../lab/recipe.ts'
import { type RunningServer, startTlsServer } from '../lab/servers.ts'

/** They do a handshake and no request, or understand only the answers of their own service. */
const withoutAnswer = ['nss', 'azure-batch']
/** WinHTTP has one number for every failure of the channel; Mono hides the alert in its innermost exception. */
const withoutAlert = ['wine-winhttp', 'mono']

/** The cutoff falls in the middle of this file: the gateways' clocks stand a day before it or a day after. */
const cutoffMs = Date.parse('2026-06-01T00:00:00Z')
const dayMs = 86_400_000
/** As Azure Batch answers: its SDK understands nothing else. */
const answer = '{"odata.metadata":"","value":[]}'

interface Era {
  worker: Worker
  spoolDir: string
}

const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-e2e-'))
let upstream: RunningServer
let before: Era
let after: Era

beforeAll(async () => {
  if (certificatesUnavailable) return
  upstream = await startTlsServer(labServerOf('tls10-plus'), { answer })
  before = startEra('before', cutoffMs - dayMs)
  after = startEra('after', cutoffMs + dayMs)
})

afterAll(async () => {
  await Promise.all([before?.worker.stop(), after?.worker.stop(), upstream?.close()])
  rmSync(scratch, { recursive: true, force: true })
})

function startEra(name: string, nowMs: number): Era {
  const spoolDir = join(scratch, name)
  const clock = startedAt(nowMs)
  return { worker: runGatewayWorker({ policy: policyFor(upstream.port), spoolDir, now: clock }), spoolDir }
}

function startedAt(fromMs: number): () => number {
  const started = Date.now()
  return () => fromMs + Date.now() - started
}

function policyFor(port: number): Policy {
  const read = readRetirement(`
retirement: lab-tls-1.0-1.1
service: { names: ["*.westeurope.batch.localhost", "localhost"], owner: lab }
accounts: [{ sni: "{account}.westeurope.batch.localhost" }, { sni: "{account}" }]
floor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }
cutoff: 2026-06-01T00:00:00Z
gateway:
  listen: 127.0.0.1:0
  upstreams: [{ to: "127.0.0.1:${port}" }]
`)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.policy
}

/** Everything the gateway has written down so far. */
function seenBy(era: Era): Segment[] {
  return readdirSync(era.spoolDir)
    .filter(name => /\.(open|ready)$/.test(name))
    .map(name => readSegment(join(era.spoolDir, name)))
}

for (const client of clients) {
  const missing = certificatesUnavailable ?? client.missing()
  // Clients that can only say localhost share one account, and so take turns.
  const runTest = client.names === 'any' ? test.skipIf(missing).concurrent : test.skipIf(missing)
  runTest(
    `${client.title}${missing ? ` (skipped: ${missing})` : ''}: goes through before the cutoff, is refused by name after it`,
    async () => {
      const account = client.names === 'any' ? client.id.replaceAll('.', '-') : 'localhost'
      const sni = client.names === 'any' ? `${account}.westeurope.batch.localhost` : 'localhost'
      const { caFile } = labCertificates()
      const run = (variant: Variant, era: Era) =>
        runClient(client.id, variant, { port: era.worker.address.port, caFile, name: sni })

      for (const variant of ['tls1.0', 'default'] as const) {
        if (!client.variants.includes(variant)) continue
        const isOld = variant === 'tls1.0' || client.id === 'node-0.8.28'
        const passed = await run(variant, before)
        const passedRow = lastOf(before, account)
        expect(passedRow, `${variant} before: ${passed.stdout}\n${passed.stderr}`).toMatchObject({
          outcome: 'accepted',
          sni,
          breaks: isOld ? 'version' : '',
          ...(variant === 'tls1.0' && { negotiated: TLS_1_0 }),
        })
        if (!withoutAnswer.includes(client.id)) expect(`${passed.stdout}\n${passed.stderr}`).toContain(answer)

        const ran = await run(variant, after)
        const row = lastOf(after, account)
        const said = `${variant} after: ${ran.stdout}\n${ran.stderr}`
        if (!isOld) {
          expect(row, said).toMatchObject({ outcome: 'accepted' })
          expect(row!.negotiated, said).toBeGreaterThanOrEqual(TLS_1_2)
          continue
        }
        expect(ran.exit, said).not.toBe(0)
        if (!withoutAlert.includes(client.id)) expect(ran.refusedBy, said).toBe('alert 70')
        expect(row, said).toMatchObject({
          outcome: 'refused',
          reason: 'version',
          account,
          sni,
          offeredMax: TLS_1_0,
          negotiated: 0,
        })
        const shape = seenBy(after)
          .flatMap(segment => segment.hellos)
          .find(hello => hello.id === row!.shape)
        expect(shape?.ja4, said).toMatch(/^t1/)
        expect(shape?.offer.suites.length, said).toBeGreaterThan(0)
      }
    },
  )
}

function lastOf(era: Era, account: string) {
  return seenBy(era)
    .flatMap(segment => segment.rows)
    .filter(row => row.account === account)
    .sort((a, b) => a.atMs - b.atMs)
    .at(-1)
}
