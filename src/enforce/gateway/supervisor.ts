import { type ChildProcess, fork } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Fault } from '../../base/fault.ts'
import type { Policy } from '../../model/policy.ts'
import { isWriterAlive } from '../../spool/alive.ts'
import { sealDead } from '../../spool/segment.ts'
import { addCounts, type Counts, noCounts } from './connection.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { type PolicyFile, watchPolicyFile } from './policy-file.ts'
import { type Address, bindSocket, type Link } from './raw-tcp.ts'
import type { WorkerHealth } from './worker.ts'

export interface GatewayOptions {
  /** The retirement file, watched from then on; or a policy that changes only by `setPolicy`. */
  policy: { file: string } | Policy
  spoolDir: string
  /** Hears what the operator should know, one line each, when it happens. */
  onTrouble?: (text: string) => void
  /** Hears every policy that came into force after the first. */
  onPolicy?: (policy: Policy) => void
}

export interface GatewayProcesses {
  address: Address
  policy(): Policy
  setPolicy(policy: Policy): void
  health(): Promise<GatewayHealth>
  /** Ends all workers in good order; connections that are open get `drainTimeoutMs`. */
  stop(): Promise<void>
}

export interface GatewayHealth {
  listen: Address
  counts: Counts
  policy: {
    loadedAtMs: number
    /** Why the file as it is now is not in force, with line and column; null when it is. */
    problem: string | null
  }
  workers: {
    name: string
    pid: number
    up: boolean
    startedMs: number
    restarts: number
    /** Null when the worker did not answer in time. */
    health: WorkerHealth | null
  }[]
  /** Connections that a worker took into its death, counted as `failed`, `worker-lost`. */
  lost: number
  /** What is wrong at this moment, one line each. */
  problems: string[]
}

interface Slot {
  name: string
  child: ChildProcess | null
  isReady: boolean
  startedMs: number
  restarts: number
  restartTimer: NodeJS.Timeout | undefined
}

const firstBackOffMs = 100
const longestBackOffMs = 10_000
/** A worker that lived so long had no trouble starting. */
const steadyMs = 30_000
const healthTimeoutMs = 2_000
/** What a worker gets beyond the drain before it is ended by force. */
const stopSlackMs = 5_000

/**
 * Starts the worker processes of a gateway and keeps them running. This process holds the listening socket without accepting: when a worker
 * dies, connections that wait are taken by the others or by its successor, and none is turned away.
 * @throws Fault when the port is taken, the file is invalid or no worker comes up.
 */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcesses> {
  const { spoolDir, onTrouble = () => {}, onPolicy } = options
  const toldOnce = new Set<string>()
  let file: PolicyFile | undefined
  let policy: Policy
  let loadedAtMs = Date.now()
  if ('file' in options.policy) {
    file = watchPolicyFile(options.policy.file, {
      onPolicy: (next, warnings) => {
        for (const { line, column, message } of warnings) onTrouble(`${line}:${column}: ${message}`)
        setPolicy(next)
        onPolicy?.(next)
      },
      onProblem: onTrouble,
    })
    policy = file.policy
  } else policy = options.policy

  const { gateway } = policy
  if (gateway === undefined) {
    file?.stop()
    throw new Fault('usage', 'no-gateway', 'the retirement file has no gateway settings', {
      hint: 'add gateway: { listen: …, upstreams: [{ to: … }] }',
    })
  }
  let lost = 0
  let socket: Link
  try {
    socket = bindSocket(await addressOf(gateway.listen.host), gateway.listen.port)
  } catch (error) {
    file?.stop()
    throw error
  }
  for (const text of unsuited(policy)) onTrouble(text)

  const slots: Slot[] = Array.from({ length: gateway.workers || availableParallelism() }, (_, i) => ({
    name: `gateway.${i + 1}`,
    child: null,
    isReady: false,
    startedMs: 0,
    restarts: 0,
    restartTimer: undefined,
  }))
  let stopping = false
  let address: Address = { address: '', port: 0 }
  const answers = new Map<number, (health: WorkerHealth) => void>()
  let lastId = 0

  function setPolicy(next: Policy): void {
    const changed = [
      next.gateway?.listen.port !== policy.gateway?.listen.port ||
      next.gateway?.listen.host !== policy.gateway?.listen.host
        ? 'gateway.listen'
        : '',
      next.gateway?.workers !== policy.gateway?.workers ? 'gateway.workers' : '',
    ].filter(Boolean)
    if (changed.length > 0) onTrouble(`${changed.join(' and ')}: takes effect at the next start`)
    policy = next
    loadedAtMs = Date.now()
    for (const text of unsuited(policy)) onTrouble(text)
    for (const slot of slots) if (slot.isReady) tell(slot, { kind: 'policy', policy })
  }

  function told(slot: Slot, { text, everywhere }: Extract<FromWorker, { kind: 'trouble' }>): void {
    if (!everywhere) onTrouble(`${slot.name}: ${text}`)
    else if (!toldOnce.has(text)) {
      toldOnce.add(text)
      onTrouble(text)
    }
  }

  function tell(slot: Slot, message: ToWorker, handle?: Link): void {
    // The channel may be gone already; the exit of the worker tells all there is to say.
    if (slot.child?.connected) slot.child.send(message, handle as never, () => {})
  }

  /** Ends when the worker accepts connections; fails with its Fault. */
  function startWorker(slot: Slot): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = fork(workerProgram(), [], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: [],
      })
      slot.child = child
      slot.startedMs = Date.now()
      child.on('message', (message: FromWorker) => {
        if (message.kind === 'hello') tell(slot, { kind: 'start', policy, spoolDir, name: slot.name }, socket)
        else if (message.kind === 'ready') {
          slot.isReady = true
          address = message.address
          resolve()
        } else if (message.kind === 'fault') {
          const { kind, code, message: text, hint } = message.fault
          reject(new Fault(kind, code, text, hint ? { hint } : {}))
          child.kill()
        } else if (message.kind === 'trouble') told(slot, message)
        else answers.get(message.id)?.(message.health)
      })
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        const wasReady = slot.isReady
        slot.child = null
        slot.isReady = false
        const taken = settle(name => name.pid === child.pid)
        if (stopping) return
        const why = signal ? `killed by ${signal}` : `exit ${code}`
        reject(new Fault('environment', 'gateway-worker', `${slot.name} ended before it was ready: ${why}`))
        if (wasReady) onTrouble(`${slot.name} died (${why}); ${taken} connections lost; starting it again`)
        restartLater(slot)
      })
    })
  }

  /** Settles what dead writers left in the spool. A spool that cannot be read now is settled at the next chance. */
  function settle(isDead: (name: { pid: number; startMs: number }) => boolean): number {
    try {
      const settled = sealDead(spoolDir, name => !isDead(name))
      lost += settled.lost
      return settled.lost
    } catch (cause) {
      onTrouble(`spool: ${(cause as Error).message}`)
      return 0
    }
  }

  function restartLater(slot: Slot): void {
    const lived = Date.now() - slot.startedMs
    const tries = lived >= steadyMs ? 0 : slot.restarts
    slot.restarts++
    // The first death of a worker is most likely a single mishap: its successor starts at once.
    const waitMs = tries === 0 ? 0 : Math.min(longestBackOffMs, firstBackOffMs * 2 ** (tries - 1))
    slot.restartTimer = setTimeout(() => {
      startWorker(slot).catch(error => onTrouble(`${slot.name}: ${(error as Error).message}`))
    }, waitMs)
  }

  async function stop(): Promise<void> {
    stopping = true
    file?.stop()
    await Promise.all(
      slots.map(async slot => {
        clearTimeout(slot.restartTimer)
        const { child } = slot
        if (child === null) return
        const ended = new Promise(resolve => child.once('exit', resolve))
        tell(slot, { kind: 'stop' })
        const patienceMs = (policy.gateway?.limits.drainTimeoutMs ?? 0) + stopSlackMs
        const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
        await ended
        clearTimeout(timer)
      }),
    )
    socket.close()
  }

  function healthOf(slot: Slot): Promise<WorkerHealth | null> {
    if (!slot.isReady) return Promise.resolve(null)
    const id = ++lastId
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(null), healthTimeoutMs)
      answers.set(id, health => {
        clearTimeout(timer)
        resolve(health)
      })
      tell(slot, { kind: 'health', id })
    }).finally(() => answers.delete(id)) as Promise<WorkerHealth | null>
  }

  // What an earlier run left behind.
  if (existsSync(spoolDir)) settle(name => !isWriterAlive(name))
  try {
    await Promise.all(slots.map(startWorker))
  } catch (error) {
    await stop()
    throw error
  }

  return {
    address,
    policy: () => policy,
    setPolicy,
    async health() {
      const workers = await Promise.all(
        slots.map(async slot => ({
          name: slot.name,
          pid: slot.child?.pid ?? 0,
          up: slot.isReady,
          startedMs: slot.startedMs,
          restarts: slot.restarts,
          health: await healthOf(slot),
        })),
      )
      const problems = workers.flatMap(worker =>
        worker.up
          ? (worker.health?.problems ?? ['does not answer']).map(text => `${worker.name}: ${text}`)
          : [`${worker.name} is down`],
      )
      if (file?.problem) problems.push(file.problem)
      return {
        listen: address,
        counts: workers.map(worker => worker.health?.counts ?? noCounts()).reduce(addCounts, noCounts()),
        policy: { loadedAtMs, problem: file?.problem ?? null },
        workers,
        lost,
        problems: [...problems, ...unsuited(policy)],
      }
    },
    stop,
  }
}

/** What the policy asks for and a gateway that does not end TLS cannot give. */
function unsuited(policy: Policy): string[] {
  const soft = policy.brownouts.filter(brownout => brownout.refuse === 'soft').length
  if (soft === 0) return []
  return [
    `${soft} brownouts ask for a soft refusal, which takes an edge that ends TLS: the gateway refuses with an alert instead`,
  ]
}

async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (cause) {
    throw new Fault('environment', 'gateway-listen', `cannot look up ${host} to listen on`, {
      hint: 'set gateway.listen to an address, for example 0.0.0.0:443',
      cause,
    })
  }
}

/** From source, as tests run it, the worker is the one that the build made: a child process needs JavaScript. */
function workerProgram(): string {
  return fileURLToPath(import.meta.url)
    .replace(/src([\\/]enforce[\\/]gateway[\\/])supervisor\.ts$/, 'dist$1supervisor.js')
    .replace(/supervisor\.js$/, 'worker-main.js')
}
