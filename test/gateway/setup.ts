import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, vi } from 'vitest'
import { runGatewayWorker, type Worker, type WorkerOptions } from '../../src/enforce/gateway/worker.ts'
import type { Observation } from '../../src/model/observation.ts'
import type { GatewaySettings, Policy } from '../../src/model/policy.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import type { HelloShape } from '../../src/model/usage.ts'
import { readSegment } from '../../src/spool/segment.ts'
import { writeRecords } from '../../src/wire/record.ts'
import { writeServerHello } from '../../src/wire/write.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Runs after the test, last first. */
export function atEnd(cleanUp: () => unknown): void {
  cleanUps.push(cleanUp)
}

export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tlsunset-gateway-'))
  atEnd(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** The bytes of a hello of cases/hello. */
export function hello(name: string): Buffer {
  const text = readFileSync(new URL(`../../cases/hello/${name}.hex`, import.meta.url), 'utf8')
  return Buffer.from(text.replace(/^#.*$/gm, '').replace(/\s/g, ''), 'hex')
}

export const helloNames = readdirSync(new URL('../../cases/hello', import.meta.url))
  .filter(name => name.endsWith('.hex'))
  .map(name => name.replace('.hex', ''))

export function retirementText(upstreamPort: number, more: { cutoff?: string; extra?: string } = {}): string {
  return `retirement: gateway-test
service: { names: ["*.example.test"], owner: lab }
accounts: { sni: "{account}.example.test" }
floor: { now: { version: SSL 2.0 }, next: { version: TLS 1.2 } }
cutoff: ${more.cutoff ?? '2199-01-01T00:00:00Z'}
unknown: { noSni: now, otherSni: now }
${more.extra ?? ''}
gateway:
  listen: 127.0.0.1:0
  workers: 2
  upstreams: [{ to: "127.0.0.1:${upstreamPort}" }]
`
}

export const past = '2020-01-01T00:00:00Z'

export function policyFor(
  upstreamPort: number,
  { limits, upstreams, workers = 2, ...more }: PolicyChange = {},
): Policy & { gateway: GatewaySettings } {
  const read = readRetirement(retirementText(upstreamPort, more))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const gateway = read.policy.gateway!
  return {
    ...read.policy,
    gateway: {
      ...gateway,
      workers,
      ...(upstreams && { upstreams }),
      limits: { ...gateway.limits, ...limits },
    },
  }
}

export interface PolicyChange {
  cutoff?: string
  extra?: string
  limits?: Partial<GatewaySettings['limits']>
  upstreams?: GatewaySettings['upstreams']
  workers?: number
}

export interface Running {
  worker: Worker
  port: number
  spoolDir: string
  rows(): Observation[]
  shapes(): HelloShape[]
  /** The rows as soon as there are so many. */
  seen(count: number): Promise<Observation[]>
}

/** A gateway in this process. */
export function startWorker(policy: Policy, more: Partial<WorkerOptions> = {}): Running {
  const spoolDir = more.spoolDir ?? scratch()
  const worker = runGatewayWorker({ ...more, policy, spoolDir })
  atEnd(() => worker.stop())
  const read = () => segmentsOf(spoolDir)
  const rows = () => read().flatMap(segment => segment.rows)
  return {
    worker,
    port: worker.address.port,
    spoolDir,
    rows,
    shapes: () => read().flatMap(segment => segment.hellos),
    seen: count =>
      vi.waitFor(
        () => {
          const found = rows()
          if (found.length < count) throw new Error(`${found.length} of ${count} rows`)
          return found
        },
        { timeout: 10_000, interval: 10 },
      ),
  }
}

export function segmentsOf(spoolDir: string) {
  return readdirSync(spoolDir)
    .filter(file => /\.(open|ready)$/.test(file))
    .map(file => readSegment(join(spoolDir, file)))
}

export async function startServer(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; server: Server }> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, server }
}

/** Answers the first bytes with a ServerHello and keeps what it was sent. */
export async function startAnswering(answer: Uint8Array = serverAnswer(0x0304, 0x1301)) {
  const got: Buffer[] = []
  const { port, server } = await startServer(socket => {
    let bytes = Buffer.alloc(0)
    const at = got.push(bytes) - 1
    socket.on('data', part => {
      if (bytes.length === 0) socket.write(answer)
      bytes = Buffer.concat([bytes, part])
      got[at] = bytes
    })
    socket.on('end', () => socket.end())
  })
  return { port, server, got }
}

export function serverAnswer(version: number, suite: number): Uint8Array {
  const body = writeServerHello({
    legacyVersion: Math.min(version, 0x0303),
    version,
    random: new Uint8Array(32).fill(5),
    sessionId: new Uint8Array(0),
    suite,
    compression: 0,
    extensions: version >= 0x0304 ? [43, 51] : [],
    alpn: null,
    group: version >= 0x0304 ? 29 : 0,
  })
  const recordVersion = Math.min(version, 0x0303)
  const rest =
    version >= 0x0304
      ? writeRecords(23, 0x0303, new Uint8Array(50))
      : writeRecords(20, recordVersion, Uint8Array.of(1))
  return Buffer.concat([writeRecords(22, recordVersion, body), rest])
}

/** A bare TCP client that says how its connection ended. */
export async function dial(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  atEnd(() => socket.destroy())
  let got = Buffer.alloc(0)
  let hasEnded = false
  let error = ''
  socket.on('data', part => {
    got = Buffer.concat([got, part])
  })
  socket.on('end', () => {
    hasEnded = true
  })
  socket.on('error', cause => {
    error = (cause as NodeJS.ErrnoException).code ?? cause.message
  })
  await once(socket, 'connect')
  return {
    socket,
    got: () => got,
    /** `end`: orderly; otherwise the error code. */
    async over(): Promise<string> {
      if (!hasEnded && error === '')
        await new Promise(resolve => {
          socket.once('end', resolve)
          socket.once('close', resolve)
        })
      socket.end()
      return error === '' ? 'end' : error
    },
    async received(count: number): Promise<Buffer> {
      while (got.length < count) {
        if (hasEnded || socket.destroyed) throw new Error(`ended after ${got.length} of ${count} bytes`)
        await Promise.race([once(socket, 'data'), once(socket, 'end'), once(socket, 'close')])
      }
      return got
    },
  }
}
