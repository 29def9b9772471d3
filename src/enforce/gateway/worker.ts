import { readFileSync } from 'node:fs'
import { Fault } from '../../base/fault.ts'
import type { Policy } from '../../model/policy.ts'
import { openSpool, type SpoolHealth } from '../../spool/writer.ts'
import type { Counts } from './connection.ts'
import { openGateway } from './gateway.ts'
import { type Address, bindSocket, errorName, type Link, listen } from './raw-tcp.ts'
import { serviceOf } from './sightings.ts'

export interface WorkerOptions {
  policy: Policy
  spoolDir: string
  /** Names this worker in its spool; default `gateway`. */
  name?: string
  /** A bound socket that others may share; absent: the worker binds `gateway.listen` itself. */
  socket?: Link
  /** Hears what the operator should know, one line each. */
  /** `everywhere`: every process of this machine would say so. */
  onTrouble?: (text: string, everywhere?: boolean) => void
  now?: () => number
}

export interface Worker {
  address: Address
  setPolicy(policy: Policy): void
  health(): WorkerHealth
  /** Stops accepting, lets open connections end (up to `drainTimeoutMs`), and seals the spool. */
  stop(): Promise<void>
}

export interface WorkerHealth {
  counts: Counts
  spool: Omit<SpoolHealth, 'error'> & { error: string }
  /** What is wrong at this moment, one line each. */
  problems: string[]
  rssBytes: number
}

/** Files that a worker needs beside its connections; each connection needs two. */
const otherFiles = 64

/**
 * One gateway in this process.
 * @throws Fault when the address or the spool cannot be had, or the policy has no gateway.
 */
export function runGatewayWorker(options: WorkerOptions): Worker {
  const { policy, spoolDir, name = 'gateway', onTrouble = () => {}, now } = options
  const settings = policy.gateway
  if (settings === undefined)
    throw new Fault('usage', 'no-gateway', `the retirement file has no gateway settings`, {
      hint: 'add gateway: { listen: …, upstreams: [{ to: … }] }',
    })
  const files = openFileLimit()
  const mostConnections = Math.max(1, Math.floor((files - otherFiles) / 2))
  const fewFiles =
    mostConnections < settings.limits.connections
      ? `a process of the gateway may open ${files} files, enough for ${mostConnections} of gateway.limits.connections ${settings.limits.connections}: raise LimitNOFILE or ulimit -n`
      : ''
  if (fewFiles) onTrouble(fewFiles, true)

  const spool = openSpool({
    dir: spoolDir,
    writer: name,
    origin: { service: serviceOf(policy), source: 'gateway' },
    onTrouble: health => onTrouble(spoolText(health)),
    ...(now && { now }),
  })
  const gateway = openGateway({ policy, settings, spool, mostConnections, onTrouble, ...(now && { now }) })
  const socket = options.socket ?? bindSocket(settings.listen.host, settings.listen.port)
  let acceptTrouble = ''
  const address = listen(socket, gateway.accept, error => {
    const text = `cannot accept connections: ${errorName(error)}`
    if (text !== acceptTrouble) onTrouble(text)
    acceptTrouble = text
  })

  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    socket.close()
    await gateway.drain()
    spool.close()
  }

  return {
    address,
    setPolicy: gateway.setPolicy,
    health() {
      const { error, ...rest } = spool.health()
      const problems = [...gateway.troubles(), fewFiles, acceptTrouble].filter(text => text !== '')
      acceptTrouble = ''
      if (error) problems.push(spoolText(spool.health()))
      return {
        counts: gateway.counts(),
        spool: { ...rest, error: error?.message ?? '' },
        problems,
        rssBytes: process.memoryUsage.rss(),
      }
    },
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

function spoolText({ error, waitingRows, dropped }: SpoolHealth): string {
  const lost = dropped.accepted + dropped.refused + dropped.failed
  const given =
    lost > 0
      ? `; given up so far: ${dropped.accepted} accepted, ${dropped.refused} refused, ${dropped.failed} failed`
      : ''
  return error
    ? `spool: ${error.message}: ${waitingRows} observations wait in memory, traffic goes on${given}`
    : `spool: writing again${given}`
}

/** Linux only; elsewhere the usual limit of a service is assumed to be out of reach. */
function openFileLimit(): number {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    return found ? Number(found[1]) : Number.MAX_SAFE_INTEGER
  } catch {
    return Number.MAX_SAFE_INTEGER
  }
}
