import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { durationText } from '../../base/duration.ts'
import { Fault } from '../../base/fault.ts'
import { secondMs } from '../../base/time.ts'
import type { Health } from '../../model/api.ts'
import { appendAudit } from '../../store/audit.ts'
import { collect, collectOnce, spoolLag } from '../../store/collect.ts'
import { type Location, locationText } from '../../store/location.ts'
import { socketPath } from '../../store/socket-path.ts'
import { openStore, type Store } from '../../store/store.ts'
import { accountTokens } from '../account-tokens.ts'
import { createApp } from '../app.ts'
import { assets } from '../assets.ts'
import { decisionsOf } from '../go-ledger.ts'
import { hostsOf } from '../guard.ts'
import { addIngest } from '../ingest-route.ts'
import { type Listening, listenAt, listenAtSocket } from '../listen.ts'
import { addQuery } from '../query-route.ts'
import { addStatus } from '../status-route.ts'
import { storeFacts } from '../store-facts.ts'
import { watchDecision } from '../watch-decision.ts'
import { type Audit, watchSchedule } from '../watch-schedule.ts'
import type { ConsoleSettings, FromConsole, ToConsole } from './messages.ts'

type Told = Extract<ToConsole, { say: 'processes' | 'policy' }>

export interface ConsoleServer {
  port: number
  told(message: Told): void
  /** Takes in what the spool holds, then closes the store. */
  close(): Promise<void>
}

/** A spool older than this is behind. */
const lateMs = 30 * secondMs

/** Opens the store, takes in the spool, serves API and console. Throws Faults. */
export async function startConsole(
  settings: ConsoleSettings,
  tell: (message: FromConsole) => void,
): Promise<ConsoleServer> {
  const note = (text: string) => tell({ say: 'note', text })
  const { policy, location, spoolDir, listen, token } = settings
  const store = await openWhenFree(location, note)
  const stopping = new AbortController()
  let known: Extract<ToConsole, { say: 'processes' }> | undefined
  let away: Error | null = null

  const health = async (): Promise<Health> => {
    const problems: string[] = []
    const lag = spoolLag(spoolDir)
    const lateBy = lag.oldestMs > 0 ? Date.now() - lag.oldestMs : 0
    if (away) problems.push(`the store does not take anything in: ${away.message}`)
    if (lateBy > lateMs)
      problems.push(`the store is ${durationText(lateBy)} behind: what is shown is older than it looks`)
    problems.push(...(known?.problems ?? []))
    return {
      status: problems.length === 0 ? 'ok' : away ? 'down' : 'degraded',
      problems,
      processes: known?.processes ?? [],
      gateway: known?.gateway ?? null,
      store: locationText(location),
    }
  }
  const facts = storeFacts({
    store,
    policy,
    hasGateway: settings.hasGateway,
    health,
    now: Date.now,
  })

  const audit: Audit = (action, subject, detail) => {
    appendAudit(store, { atMs: Date.now(), actor: 'tlsunset', action, subject, detail }).catch(error =>
      note(`audit log: ${error instanceof Error ? error.message : String(error)}`),
    )
  }
  const onBug = (error: unknown) => note(`bug: ${error instanceof Error ? error.stack : String(error)}`)
  const files = consoleFiles()
  const servers: Listening[] = []
  try {
    const tokens = accountTokens(store, Date.now)
    const decisions = decisionsOf(store, facts.standing)
    const app = createApp(facts, {
      now: Date.now,
      tokens,
      decisions,
      access: { token, isKnownHost: hostsOf(listen.host) },
      assets: files,
      onBug,
      onLogIn: subject => audit('logged-in', subject, {}),
    })
    servers.push(await listenAt(app, listen))
    if (location.kind === 'directory') {
      const trusted = createApp(facts, {
        now: Date.now,
        tokens,
        decisions,
        access: 'trusted',
        onBug,
      })
      addIngest(trusted, store, { rules: () => facts.policy().accounts, changed: facts.takenIn })
      addQuery(trusted, store)
      addStatus(trusted, store, spoolDir)
      servers.push(await listenAtSocket(trusted, socketPath(location.path)))
    }
  } catch (error) {
    for (const server of servers) await server.close()
    await store.close()
    throw error
  }

  const collecting = collect(store, spoolDir, {
    signal: stopping.signal,
    everyMs: secondMs / 4,
    onCollected: facts.changed,
    onTrouble: trouble => {
      if (trouble && !away)
        note(`the store does not answer, the spool keeps everything: ${trouble.error.message}`)
      if (!trouble) note('the store answers again')
      away = trouble?.error ?? null
      facts.changed()
    },
  })
  // Whoever asks first should not be the one who waits; if it fails, the question itself tells why.
  let warming = facts.warm().catch(() => {})
  const watch = watchSchedule(store, facts, tell, audit)
  const deciding = watchDecision({ store, policy: facts.policy, standing: facts.standing, note })

  return {
    port: servers[0]!.port,
    told(message) {
      if (message.say === 'policy') {
        facts.setPolicy(message.policy)
        warming = facts.warm().catch(() => {})
        audit('policy-changed', message.policy.retirement, { policy: message.policy })
        return
      }
      const before = JSON.stringify(known?.processes)
      known = message
      if (before !== JSON.stringify(message.processes)) facts.changed()
    },
    async close() {
      watch.stop()
      deciding.stop()
      stopping.abort()
      await collecting
      await warming
      await Promise.all(servers.map(server => server.close()))
      try {
        await collectOnce(store, spoolDir)
      } catch {
        // The spool keeps what the store could not take; the next start takes it in.
      }
      await store.close()
    },
  }
}

function consoleFiles() {
  const folder = fileURLToPath(new URL('../../../dist/console', import.meta.url))
  try {
    return assets(folder)
  } catch (error) {
    throw new Fault('environment', 'console-not-built', `the console is not built: nothing at ${folder}`, {
      hint: 'npm run build',
      cause: error,
    })
  }
}

/** A report or an ingest may hold the store for a moment: that is waited for, a bit longer than it may take. Throws Faults. */
async function openWhenFree(location: Location, note: (text: string) => void): Promise<Store> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openStore(location)
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'store-locked') || attempt > busyAttempts) throw error
      if (attempt === 1) note(`${error.message}; waiting for it`)
      await setTimeout(busyPauseMs)
    }
  }
}

const busyAttempts = 50
const busyPauseMs = 200
