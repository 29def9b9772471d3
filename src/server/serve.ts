import { Fault } from '../base/fault.ts'
import { secondMs } from '../base/time.ts'
import { type PolicyFile, watchPolicyFile } from '../enforce/gateway/policy-file.ts'
import { type GatewayProcesses, startGateway } from '../enforce/gateway/supervisor.ts'
import type { ProcessState } from '../model/api.ts'
import type { Policy } from '../model/policy.ts'
import type { Location } from '../store/location.ts'
import { type Abort, cutShort } from './guardrails.ts'
import { type Child, keepChild } from './processes/child.ts'
import type { FromConsole, ToConsole } from './processes/messages.ts'
import { newToken } from './session.ts'

export interface ServeOptions {
  /** The retirement file; a changed file comes into force without a restart. */
  file: string
  location: Location
  spoolDir: string
  listen: { host: string; port: number }
  /** Told what the operator should know, one line each. */
  note(text: string): void
  /** Ends the wait for a store that somebody else holds. */
  signal?: AbortSignal
}

export interface Serving {
  policy(): Policy
  /** Holds the token in its fragment, which browsers keep to themselves. */
  consoleUrl: string
  /** Where the gateway listens; null when the retirement file has none. */
  gateway: { host: string; port: number } | null
  stop(): Promise<void>
}

/** Time for the console process to take in what the spool holds. */
const stopMs = 20 * secondMs

/**
 * The supervisor: starts the process that owns the store and serves the console, and the workers of the gateway, and starts again what dies.
 * It does nothing else, so that there is nothing in it to die of; if it does, its children notice and stop by themselves. Throws Faults.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { note, spoolDir } = options
  const token = newToken()
  const tell = (message: ToConsole) => child?.send(message)
  let child: Child | undefined
  let isUp = false
  const aborts: Abort[] = []
  const onPolicy = (policy: Policy) => {
    note('the retirement file has changed and is in force')
    enforce(policy)
  }
  /** A brownout that was broken off stays so, whatever else changes in the file. */
  const enforce = (policy: Policy) => {
    const effective = cutShort(policy, aborts)
    if (aborts.length > 0) source.setPolicy(effective)
    tell({ say: 'policy', policy: effective })
  }

  const source = await policySource(options, onPolicy)
  let port = options.listen.port
  let ready: ((message: FromConsole | string) => void) | undefined
  const started = new Promise<FromConsole | string>(resolve => {
    ready = resolve
  })
  child = keepChild<FromConsole>({
    id: 'console',
    title: 'store and console',
    module: consoleProgram(),
    onStart: send =>
      send({
        say: 'start',
        settings: {
          policy: source.policy(),
          location: options.location,
          spoolDir,
          listen: { host: options.listen.host, port },
          token,
          hasGateway: source.gateway !== null,
        },
      } satisfies ToConsole),
    onMessage(message) {
      if (message.say === 'note') note(message.text)
      else if (message.say === 'abort') {
        if (aborts.some(abort => abort.fromMs === message.fromMs)) return
        aborts.push({ fromMs: message.fromMs, atMs: message.atMs })
        note(`brownout broken off: ${message.why}; the floor is ${source.policy().floor.now.title} again`)
        enforce(source.policy())
      } else if (message.say === 'ready') {
        port = message.port
        ready?.(message)
      } else if (isUp) note(`store and console: ${message.message}`)
      else ready?.(message)
    },
    onChange: () => void report(),
    onLoss(how) {
      if (isUp) note(`store and console ended (${how}) and is being restarted; the gateway goes on`)
      else ready?.(how)
    },
  })

  const giveUp = () => ready?.('told to end')
  options.signal?.addEventListener('abort', giveUp, { once: true })
  const answer = await started
  options.signal?.removeEventListener('abort', giveUp)
  if (typeof answer === 'string' || answer.say === 'fault') {
    await child.stop({ say: 'stop' }, 0)
    await source.stop()
    if (typeof answer === 'string')
      throw new Error(`the process of store and console ended before it was ready: ${answer}`)
    throw new Fault(
      (answer as FaultMessage).kind,
      answer.code,
      answer.message,
      answer.hint === undefined ? {} : { hint: answer.hint },
    )
  }
  isUp = true
  async function report() {
    if (!child || !isUp) return
    const { processes, gateway, problems } = await source.state()
    tell({ say: 'processes', processes: [child.state(), ...processes], gateway, problems })
  }
  void report()
  const reporting = setInterval(() => void report(), 2 * secondMs)

  return {
    policy: source.policy,
    consoleUrl: `http://${hostText(options.listen.host)}:${port}/#token=${token}`,
    gateway: source.gateway,
    async stop() {
      clearInterval(reporting)
      // First the gateway: what it saw last is then sealed, and the store takes it in.
      await source.stop()
      await child.stop({ say: 'stop' }, stopMs)
    },
  }
}

type FaultMessage = Extract<FromConsole, { say: 'fault' }>

/** The gateway, or the retirement file alone when it has no gateway. */
interface PolicySource {
  policy(): Policy
  setPolicy(policy: Policy): void
  gateway: { host: string; port: number } | null
  state(): Promise<{
    processes: ProcessState[]
    gateway: Extract<ToConsole, { say: 'processes' }>['gateway']
    problems: string[]
  }>
  stop(): Promise<void>
}

async function policySource(
  { file, spoolDir, note }: ServeOptions,
  onPolicy: (policy: Policy) => void,
): Promise<PolicySource> {
  const alone = watchPolicyFile(file, { onPolicy, onProblem: note })
  for (const { line, column, message } of alone.warnings) note(`${file}:${line}:${column}: ${message}`)
  if (alone.policy.gateway === undefined) return fileOnly(alone)
  alone.stop()
  return overGateway(await startGateway({ policy: { file }, spoolDir, onTrouble: note, onPolicy }))
}

function fileOnly(file: PolicyFile): PolicySource {
  return {
    policy: () => file.policy,
    setPolicy: () => {},
    gateway: null,
    state: async () => ({
      processes: [],
      gateway: null,
      problems: file.problem === null ? [] : [file.problem],
    }),
    stop: async () => file.stop(),
  }
}

function overGateway(gateway: GatewayProcesses): PolicySource {
  const { address } = gateway
  return {
    policy: gateway.policy,
    setPolicy: gateway.setPolicy,
    gateway: { host: address.address, port: address.port },
    async state() {
      const { workers, counts, problems } = await gateway.health()
      return {
        processes: workers.map(worker => ({
          id: worker.name,
          title: worker.name.replace('.', ' worker '),
          up: worker.up,
          pid: worker.pid,
          startedMs: worker.startedMs,
          restarts: worker.restarts,
        })),
        gateway: {
          listen: `${hostText(address.address)}:${address.port}`,
          open: counts.open,
          accepted: counts.accepted,
          refused: Object.values(counts.refused).reduce((sum, count) => sum + count, 0),
        },
        problems,
      }
    },
    stop: gateway.stop,
  }
}

/** From source, as tests run it, the program is the one that the build made: a child process needs JavaScript. */
function consoleProgram(): URL {
  const here = import.meta.url.replace(/\/src\/server\/serve\.ts$/, '/dist/server/serve.js')
  return new URL('./processes/console-process.js', here)
}

function hostText(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
