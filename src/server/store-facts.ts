import { dayMs, secondMs, startOfDay } from '../base/time.ts'
import { isInside } from '../identify/judge.ts'
import { stackNamer } from '../identify/stacks/name.ts'
import type { Foundations, Health, Question, SourceState, UsageAnswer, UsageQuery } from '../model/api.ts'
import { builtInJunk } from '../model/junk/rules.ts'
import { type SetApart, setApart } from '../model/junk/set-apart.ts'
import type { Policy } from '../model/policy.ts'
import { rhythmDays, usualWindow } from '../model/usual-window.ts'
import { sources as logSources } from '../observe/sources/index.ts'
import { accounts } from '../store/clients.ts'
import { coverage } from '../store/coverage.ts'
import { dailyRows } from '../store/daily.ts'
import { type FoldQuery, foldedRows } from '../store/folded.ts'
import { helloShapes } from '../store/hellos.ts'
import { junkCondition } from '../store/junk.ts'
import { pulse, refusedIn } from '../store/pulse.ts'
import { refusals } from '../store/refusals.ts'
import { sightings } from '../store/sightings.ts'
import type { Store } from '../store/store.ts'
import { sourcesSeen, usageRows } from '../store/usage.ts'
import { checkKeeper } from './checks.ts'
import type { Facts } from './facts.ts'
import type { Standing } from './go-ledger.ts'
import { type Evidence, type Judgement, judgement } from './judgement.ts'
import { keptAnswers } from './kept-answers.ts'
import { eachOf, stepwise } from './slices.ts'

/** A source of made-up observations, which the console labels as such. */
export const sampleSource = 'sample-history'

const gatewayBlind = [
  'what is asked for inside the connection: operations and user agents',
  'a client that refuses the certificate under TLS 1.3: its alert is encrypted, the connection counts as accepted',
]
const sampleBlind = ['everything: this history is made up']

/** Refusals are looked for so far back. */
const refusalDays = 35

export interface StoreFacts extends Facts {
  /** Something reached the store. Listeners hear of it, more rarely when answers are costly. */
  changed(): void
  /** Somebody has taken something in and may ask for it at once. */
  takenIn(): void
  /** Makes what the console and the commands ask for first. */
  warm(): Promise<void>
  setPolicy(policy: Policy): void
  /** What a decision of now rests on. */
  standing(): Promise<Standing>
}

export interface StoreFactsOptions {
  store: Store
  policy: Policy
  /** The gateway runs: it is a source even before its first connection. */
  hasGateway: boolean
  health(): Promise<Health>
  now(): number
}

/** What is kept for a window. */
interface Kept extends Judgement {
  seen: Awaited<ReturnType<typeof sourcesSeen>>
  covered: Awaited<ReturnType<typeof coverage>>
  /** Distinct hellos of the rows. */
  shapes: number
  crawlers: SetApart['crawlers']
}

/** The API's questions, answered from the store. Answers are kept until something changes. */
export function storeFacts({ store, hasGateway, health, now, ...first }: StoreFactsOptions): StoreFacts {
  let { policy } = first
  const { db } = store
  const stackOf = stackNamer()
  const checkOf = checkKeeper()
  const listeners = new Set<() => void>()
  const shapes = shapeKeeper(db)
  let costMs = 0

  const answersWith = (withJunk: boolean) =>
    keptAnswers<Kept>(async (window, before) => {
      const startedMs = performance.now()
      const judgement = await gather({ ...window, withJunk })
      if (before?.hasDays()) await judgement.days()
      costMs = performance.now() - startedMs
      return judgement
    }, now)
  const answers = answersWith(false)
  /** The same with what junk rules set apart. */
  const answersOfAll = answersWith(true)
  const judged = (question: Question) =>
    (question.withJunk ? answersOfAll : answers).ask(question, question.fresh)

  const gather = async (window: Question): Promise<Kept> => {
    const fold: FoldQuery = {
      ...window,
      historyDays: rhythmDays,
      withNames: policy.floor.next.requireSni === true,
    }
    const [rows, seen, known, covered] = await Promise.all([
      foldedRows(db, fold),
      sourcesSeen(db, window),
      accounts(db),
      coverage(db, window),
    ])
    const rules = rulesFor(window)
    const { kept, junk, crawlers, ruleOf, isJunkAccount } = setApart(rows, rules, row =>
      isInside(row, window),
    )
    const skipped: Record<string, number> = {}
    for (const source of seen)
      for (const [why, count] of Object.entries(source.skipped)) skipped[why] = (skipped[why] ?? 0) + count
    const hellos = await shapes(kept.map(row => row.shape))
    await getToKnow(kept, hellos)
    const evidence: Evidence = {
      rows: kept,
      junk,
      junkRuleOf: ruleOf,
      coverage: covered,
      folded: {
        rowsAfter: async after =>
          (await foldedRows(db, { ...fold, after })).filter(row => ruleOf(row) === undefined),
        daily: kinds => dailyRows(db, { ...fold, junk: junkCondition(rules, crawlers) }, kinds),
      },
      shapes: hellos,
      window,
      blind: Object.fromEntries(seen.map(source => [source.source, blindOf(source.source)])),
      known: known.filter(({ account }) => !isJunkAccount(account)),
      skipped,
    }
    const named = new Set(kept.map(row => row.shape).filter(shape => hellos.has(shape)))
    return {
      ...(await judgement(policy, evidence, stackOf, checkOf)),
      seen,
      covered,
      shapes: named.size,
      crawlers,
    }
  }

  /** Names clients and tries hellos that were not met before, the long part of a first answer, while others are answered. */
  const getToKnow = async (rows: Evidence['rows'], hellos: Evidence['shapes']) => {
    const check = checkOf(policy.floor.next, policy.service.certificates)
    await stepwise(
      eachOf(rows, row => {
        const hello = hellos.get(row.shape)
        if (hello) check(hello.offer)
        stackOf(row, hello)
      }),
    )
  }

  const rulesFor = ({ withJunk }: Question) => (withJunk ? [] : (policy.junk ?? builtInJunk))

  /** Who is a crawler shows in a window that is long enough. */
  const crawlersFor = async ({ withJunk }: Question) =>
    withJunk ? [] : (await answers.ask(usualWindow(now()))).crawlers

  let telling: NodeJS.Timeout | undefined
  const changed = () => {
    // At most a fifth of the time goes into answering again and again.
    if (telling) return
    telling = setTimeout(
      () => {
        telling = undefined
        void Promise.all([answers.renew(), answersOfAll.renew()]).then(() => {
          for (const listener of listeners) listener()
        })
      },
      Math.min(30 * secondMs, 4 * costMs),
    )
  }

  return {
    policy: () => policy,
    report: async window => (await judged(window)).report(),
    account: async (account, window) => {
      const met = { fromMs: now() - refusalDays * dayMs, toMs: now() + 1, account, limit: 8 }
      const [judgement, own, refused] = await Promise.all([
        judged(window),
        usageRows(db, { ...window, account }),
        refusals(db, met),
      ])
      return judgement.account(account, own, refused)
    },
    whatIf: async (floors, question) => {
      const judgement = await judged(question)
      return floors.map(judgement.whatIf)
    },
    foundations: async question => {
      const { seen, shapes } = await judged(question)
      return { sources: deliveredBy(seen), shapes }
    },
    burnDown: async (window, stepMs) =>
      stepMs >= dayMs
        ? (await judged(window)).days()
        : pulse(db, window, stepMs, junkCondition(rulesFor(window), await crawlersFor(window))),
    refusals: limit => refusals(db, { fromMs: now() - refusalDays * dayMs, toMs: now() + 1, limit }),
    refused: window => refusedIn(db, window, now(), junkCondition(rulesFor(window), [])),
    sources: async window => {
      const { seen, covered } = await judged(window)
      const found = new Map(covered.map(each => [each.source, each]))
      const states = seen.map(source => ({
        id: source.source,
        title: titleOf(source.source),
        status: statusOf(
          source.source,
          source.lastSeenMs,
          now(),
          found.get(source.source)?.isSilent ?? false,
        ),
        firstSeenMs: source.firstSeenMs,
        lastSeenMs: source.lastSeenMs,
        connections: source.connections,
        perDay: found.get(source.source)?.perDay ?? 0,
        gaps: found.get(source.source)?.gaps ?? [],
        quietAfterMs: dayMs,
        blind: blindOf(source.source),
        skipped: source.skipped,
      }))
      const hasDelivered = states.some(state => state.id === 'gateway')
      return hasGateway && !hasDelivered ? [neverDelivered('gateway'), ...states] : states
    },
    usage: query => usageAnswer(db, query),
    sightings: query => sightings(db, query),
    auditLines: async query => {
      const days = {
        fromMs: startOfDay(query.fromMs),
        toMs: startOfDay(query.toMs - 1) + dayMs,
      }
      const [judgement, page] = await Promise.all([judged(days), sightings(db, query)])
      return {
        lines: page.sightings.map(sighting => judgement.auditLine(query.account, sighting)),
        next: page.next,
      }
    },
    health,
    async standing() {
      const window = usualWindow(now())
      const judgement = await judged(window)
      return { policy, forecast: judgement.forecast(), totals: judgement.report().totals, window }
    },
    onChange: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    changed,
    takenIn() {
      answers.outdate()
      answersOfAll.outdate()
      changed()
    },
    warm: async () => {
      await (await answers.ask(usualWindow(now()))).days()
    },
    setPolicy(next) {
      policy = next
      answers.forget()
      answersOfAll.forget()
      changed()
    },
  }
}

/** The roll-up of a window, whoever asks for it. */
export async function usageAnswer(db: Store['db'], query: UsageQuery): Promise<UsageAnswer> {
  const { everyRow, after, account, ...fold } = query
  const [rows, seen, known, covered] = await Promise.all([
    everyRow
      ? usageRows(db, {
          fromMs: query.fromMs - (query.historyDays ?? 0) * dayMs,
          toMs: query.toMs,
          ...(account !== undefined && { account }),
        })
      : foldedRows(db, { ...fold, ...(after && { after: new Map(after) }) }),
    sourcesSeen(db, query),
    accounts(db),
    after || account !== undefined ? [] : coverage(db, query),
  ])
  const wanted = new Set(rows.map(row => row.shape).filter(shape => shape !== ''))
  const skipped: Record<string, number> = {}
  for (const source of seen)
    for (const [why, count] of Object.entries(source.skipped)) skipped[why] = (skipped[why] ?? 0) + count
  return {
    rows,
    shapes: await helloShapes(db, [...wanted]),
    known,
    sources: deliveredBy(seen),
    skipped,
    coverage: covered,
  }
}

/** The sources of a window. */
function deliveredBy(seen: Kept['seen']): Foundations['sources'] {
  return seen
    .filter(({ connections }) => connections > 0)
    .map(({ source }) => ({ id: source, title: titleOf(source), blind: blindOf(source) }))
}

function neverDelivered(id: string): SourceState {
  return {
    id,
    title: titleOf(id),
    status: 'never',
    firstSeenMs: 0,
    lastSeenMs: 0,
    connections: 0,
    perDay: 0,
    gaps: [],
    quietAfterMs: dayMs,
    blind: blindOf(id),
    skipped: {},
  }
}

/**
 * An edge that says nothing for a day is taken for broken: even a quiet service has some client in a day. A busy one that says nothing for
 * longer than it ever should is so within hours.
 */
function statusOf(id: string, lastSeenMs: number, nowMs: number, isSilent: boolean): SourceState['status'] {
  if (id === sampleSource) return 'sample'
  if (lastSeenMs === 0) return 'never'
  return isSilent || nowMs - lastSeenMs > dayMs ? 'silent' : 'live'
}

function titleOf(id: string): string {
  if (id === sampleSource) return 'sample history'
  return logSources.find(source => source.id === id)?.title ?? id
}

function blindOf(id: string): string[] {
  if (id === 'gateway') return gatewayBlind
  if (id === sampleSource) return sampleBlind
  return [...(logSources.find(source => source.id === id)?.blind ?? [])]
}

/** Hellos never change: each is read from the dictionary once. */
function shapeKeeper(db: Store['db']) {
  const known = new Map<string, Awaited<ReturnType<typeof helloShapes>>[number]>()
  return async (ids: readonly string[]) => {
    const missing = [...new Set(ids)].filter(id => id !== '' && !known.has(id))
    for (const shape of await helloShapes(db, missing)) known.set(shape.id, shape)
    return known
  }
}
