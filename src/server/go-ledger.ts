import { dayMs, utcDay } from '../base/time.ts'
import type { Forecast } from '../identify/forecast.ts'
import type { DecisionAnswer, Window } from '../model/api.ts'
import {
  type DecisionNumbers,
  type DecisionRecord,
  datesOf,
  type GoLedger,
  type Slip,
} from '../model/decision.ts'
import type { Policy } from '../model/policy.ts'
import { policyHash } from '../model/policy-hash.ts'
import type { Report } from '../model/verdict.ts'
import { appendAudit, auditEntries } from '../store/audit.ts'
import type { Store } from '../store/store.ts'

/** What is known of a retirement now. */
export interface Standing {
  policy: Policy
  forecast: Forecast
  totals: Pick<Report['totals'], 'connections' | 'wouldBreak'>
  window: Window
}

/** Go or no go of now, and the record. */
export interface Decisions {
  answer(): Promise<DecisionAnswer>
  record(actor: string): Promise<{ record: DecisionRecord; isNew: boolean }>
}

export function decisionsOf(store: Store, standing: () => Promise<Standing>): Decisions {
  return {
    async answer() {
      const { policy, forecast } = await standing()
      return {
        go: forecast.decision.go,
        because: forecast.decision.because,
        perWeek: forecast.perWeek,
        atCutoff: forecast.atCutoff,
        cutoffMs: forecast.cutoffMs,
        ...(await goLedger(store, policy.retirement)),
      }
    },
    async record(actor) {
      const now = await standing()
      await recordDates(store, now.policy, now.forecast.nowMs, now)
      return recordDecision(store, now, actor)
    },
  }
}

/** Names in a record at most. */
const mostNames = 100

/**
 * Writes the decision of today into the audit log, unless the one for this day and policy is there. Answers with the record, and whether it is
 * new. The thresholds are those of the retirement file: nobody can move them after the numbers are known without it showing.
 */
export async function recordDecision(
  store: Store,
  standing: Standing,
  actor: string,
): Promise<{ record: DecisionRecord; isNew: boolean }> {
  const { policy, forecast, window } = standing
  const record: DecisionRecord = {
    atMs: forecast.nowMs,
    day: utcDay(forecast.nowMs),
    ...forecast.decision,
    window: { fromMs: window.fromMs, toMs: window.toMs },
    thresholds: policy.ready,
    numbers: numbersOf(standing),
    remaining: forecast.remaining.slice(0, mostNames).map(({ account }) => account),
    cutoffMs: policy.cutoffMs ?? null,
    policyHash: policyHash(policy),
  }
  const { decisions } = await goLedger(store, policy.retirement)
  const known = decisions.find(
    ({ day, policyHash }) => day === record.day && policyHash === record.policyHash,
  )
  if (known) return { record: known, isNew: false }
  const { atMs, ...detail } = record
  await appendAudit(store, { atMs, actor, action: decided, subject: policy.retirement, detail })
  return { record, isNew: true }
}

/** Writes the dates of the retirement file into the audit log when they differ from those on record; null when they do not. */
export async function recordDates(
  store: Store,
  policy: Policy,
  atMs: number,
  standing: Standing | null,
): Promise<Slip | null> {
  const { slips } = await goLedger(store, policy.retirement)
  const from = slips.at(-1)?.to ?? null
  const to = datesOf(policy)
  if (from !== null && JSON.stringify(from) === JSON.stringify(to)) return null
  const moved =
    from === null || from.cutoffMs === null || to.cutoffMs === null
      ? null
      : (to.cutoffMs - from.cutoffMs) / dayMs
  const slip: Slip = {
    atMs,
    from,
    to,
    cutoffMovedDays: moved,
    numbers: standing && numbersOf(standing),
    policyHash: policyHash(policy),
  }
  const { atMs: _, ...detail } = slip
  await appendAudit(store, { atMs, actor: 'tlsunset', action: dated, subject: policy.retirement, detail })
  return slip
}

/** What is on record, oldest first. */
export async function goLedger(store: Store, retirement: string): Promise<GoLedger> {
  const [decisions, slips] = await Promise.all([
    auditEntries(store, { subject: retirement, action: decided }),
    auditEntries(store, { subject: retirement, action: dated }),
  ])
  return {
    decisions: decisions.map(({ atMs, detail }) => ({ ...(detail as unknown as DecisionRecord), atMs })),
    slips: slips.map(({ atMs, detail }) => ({ ...(detail as unknown as Slip), atMs })),
  }
}

/** Actions of the audit log. */
const decided = 'go-decided'
const dated = 'dates-changed'

function numbersOf({ forecast, totals }: Standing): DecisionNumbers {
  return {
    remaining: forecast.remaining.length,
    stopped: forecast.stopped.length,
    exempt: forecast.exempt.length,
    connections: totals.connections,
    wouldBreak: totals.wouldBreak,
  }
}
