import { effect, signal } from '@preact/signals'
import { dayMs, minuteMs, secondMs } from '../base/time.ts'
import type {
  AccountDetail,
  DecisionAnswer,
  Health,
  PolicyAnswer,
  Refusal,
  SessionAnswer,
  SourceState,
  Summary,
} from '../model/api.ts'
import { inForce } from '../model/schedule.ts'
import type { BurnDownPoint, Report } from '../model/verdict.ts'
import { ask, openSession, type Trouble } from './api.ts'
import { route } from './route.ts'

/** What the console knows; every part is undefined until it was first answered. */
export const summary = signal<Summary | undefined>(undefined)
export const report = signal<(Report & { matching: number }) | undefined>(undefined)
export const days = signal<Steps | undefined>(undefined)
export const minutes = signal<Steps | undefined>(undefined)
export const refusals = signal<Refusal[] | undefined>(undefined)
export const sources = signal<SourceState[] | undefined>(undefined)
const sourcesAnswer = signal<{ sources: SourceState[] } | undefined>(undefined)
export const policy = signal<PolicyAnswer | undefined>(undefined)
export const decision = signal<DecisionAnswer | undefined>(undefined)
export const health = signal<Health | undefined>(undefined)
/** Counts what junk rules set apart. */
export const withJunk = signal(false)
export const account = signal<AccountDetail | undefined>(undefined)
/** Who reads: the operator, or the customer whose token opened the page. */
export const session = signal<SessionAnswer>({ of: 'operator' })

export interface Steps {
  window: { fromMs: number; toMs: number }
  stepMs: number
  points: BurnDownPoint[]
}

/** The last answer that failed; null while all is well. */
export const trouble = signal<Trouble | null>(null)
export const link = signal<'connecting' | 'live' | 'lost' | 'signed-out'>('connecting')

/** The server's clock, ticking once a second here. */
export const nowMs = signal(Date.now())
let aheadMs = 0

/** Steps of the live chart. */
export const pulseStepMs = 5 * secondMs
export const pulseMs = 5 * minuteMs

const refusalsKept = 100
/** Without a word for so long (the server's heartbeat is 15 s) the stream is taken for lost. */
const silenceMs = 40 * secondMs

/** A customer's page has no stream of events, which are of all: it asks again this often. */
const customerPollMs = minuteMs

let isStarted = false

/** Begins to load, to listen and to tick; after a new sign-in, again. */
export async function start() {
  const asked = await ask<SessionAnswer>('/v1/session')
  if ('value' in asked) session.value = asked.value
  if (session.value.of === 'account') route.value = { page: 'account', account: session.value.account }
  else listen()
  if (isStarted) {
    refresh()
    return
  }
  isStarted = true
  setInterval(tick, secondMs)
  setInterval(() => {
    if (session.value.of === 'account' && !document.hidden) refresh()
  }, customerPollMs)
  let shown = ''
  effect(() => {
    const wanted = JSON.stringify([route.value, withJunk.value])
    if (wanted === shown) return
    shown = wanted
    account.value = undefined
    trouble.value = null
    refresh()
  })
}

const tokenRefused = 'this token is not valid: it is mistyped, has ended, or the server was started anew'

/** Buys a session with the token and begins; the sign-in page shows what went wrong. */
export async function signIn(token: string): Promise<Trouble | null> {
  const refused = await openSession(token)
  if (refused) {
    link.value = 'signed-out'
    trouble.value = refused.status === 401 ? { ...refused, title: tokenRefused } : refused
    return refused
  }
  trouble.value = null
  link.value = 'connecting'
  await start()
  return null
}

let rule = ''
function tick() {
  nowMs.value = Date.now() + aheadMs
  if (policy.value === undefined) return
  const force = inForce(policy.value.policy, nowMs.value)
  const current = `${force.rule} ${force.untilMs}`
  if (rule !== '' && rule !== current) refresh()
  rule = current
}

let isLoading = false
let isDue = false
let tookMs = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Loads what the page shows; a slow server is asked less often. */
function refresh() {
  if (isLoading) {
    isDue = true
    return
  }
  isLoading = true
  const startedMs = performance.now()
  load().finally(() => {
    tookMs = performance.now() - startedMs
    isLoading = false
    if (!isDue) return
    isDue = false
    clearTimeout(timer)
    timer = setTimeout(refresh, Math.max(800, 5 * tookMs))
  })
}

async function load() {
  const { value: page } = route
  if (session.value.of === 'account') return loadOwn(session.value.account)
  const pulse = `/v1/burndown?stepSeconds=${pulseStepMs / secondMs}&days=${(pulseMs + 2 * minuteMs) / dayMs}`
  const counting = (path: string) =>
    withJunk.value ? `${path}${path.includes('?') ? '&' : '?'}junk=count` : path
  const common = [
    into(counting('/v1/summary'), summary, answer => {
      aheadMs = answer.nowMs - Date.now()
    }),
    into('/v1/policy', policy),
    into('/v1/health', health),
  ]
  if (page.page === 'account')
    await Promise.all([
      ...common,
      into(counting(`/v1/accounts/${encodeURIComponent(page.account)}`), account),
    ])
  else
    await Promise.all([
      ...common,
      into(counting('/v1/accounts'), report),
      into('/v1/decision', decision),
      into(counting('/v1/burndown'), days),
      into(counting(pulse), minutes),
      into('/v1/sources', sourcesAnswer, answer => {
        sources.value = answer.sources
      }),
    ])
}

/** What a customer may see. */
async function loadOwn(name: string) {
  await Promise.all([
    into('/v1/policy', policy),
    into(`/v1/accounts/${encodeURIComponent(name)}`, account, () => {
      link.value = 'live'
    }),
  ])
}

async function into<T>(path: string, target: { value: T | undefined }, also?: (answer: T) => void) {
  const answer = await ask<T>(path)
  if ('trouble' in answer) {
    if (answer.trouble.status === 401) link.value = 'signed-out'
    trouble.value = answer.trouble
    return
  }
  also?.(answer.value)
  target.value = answer.value
  if (trouble.value?.status !== 404) trouble.value = null
}

let stop = () => {}

/** One stream at a time; it is opened again when it breaks or falls silent, unless the session is over. */
function listen() {
  stop()
  let heardMs = Date.now()
  let retry: ReturnType<typeof setTimeout> | undefined
  const stream = new EventSource('/v1/events')
  const heard = () => {
    heardMs = Date.now()
    link.value = 'live'
  }
  const again = () => {
    stop()
    if (link.value === 'signed-out') return
    link.value = 'lost'
    retry = setTimeout(listen, 2 * secondMs)
  }
  const watching = setInterval(() => {
    if (Date.now() - heardMs > silenceMs) again()
  }, 5 * secondMs)
  stop = () => {
    clearInterval(watching)
    clearTimeout(retry)
    stream.close()
  }

  stream.addEventListener('heartbeat', event => {
    heard()
    aheadMs = (JSON.parse(event.data) as { nowMs: number }).nowMs - Date.now()
  })
  stream.addEventListener('refusals', event => {
    heard()
    const fresh = JSON.parse(event.data) as Refusal[]
    const ids = new Set(fresh.map(refusal => refusal.id))
    const older = (refusals.value ?? []).filter(old => !ids.has(old.id))
    refusals.value = [...fresh, ...older].slice(0, refusalsKept)
  })
  // The server tells of a change after the refusals that go with it, so that none before the first change means none at all.
  stream.addEventListener('change', () => {
    heard()
    refusals.value ??= []
    if (!document.hidden) refresh()
  })
  stream.addEventListener('error', () => {
    if (link.value !== 'signed-out') link.value = 'lost'
    if (stream.readyState === EventSource.CLOSED) again()
  })
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && link.value === 'live') refresh()
})
