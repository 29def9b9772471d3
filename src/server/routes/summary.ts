import type { Summary } from '../../model/api.ts'
import { inForce, nextMoment } from '../../model/schedule.ts'
import { questionOf } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/summary`: the numbers of the first sentence. */
export const summary: Routes = (api, { facts, now }) => {
  api.get('/summary', async context => {
    const nowMs = now()
    const policy = facts.policy()
    const window = questionOf(context, nowMs)
    const force = inForce(policy, nowMs)
    const [report, sources, refused] = await Promise.all([
      facts.report(window),
      facts.sources(window),
      force.floor === 'next' && force.sinceMs !== null
        ? facts.refused({ fromMs: force.sinceMs, toMs: nowMs + 1 })
        : { accounts: 0, connections: 0 },
    ])
    const breaking = report.accounts.filter(account => account.verdict === 'breaks')
    const answer: Summary = {
      nowMs,
      retirement: policy.retirement,
      service: policy.service.names.join(', '),
      owner: policy.service.owner,
      window,
      floor: { now: policy.floor.now.title, next: policy.floor.next.title },
      cutoffMs: policy.cutoffMs ?? null,
      totals: report.totals,
      byVersion: report.byVersion,
      exempt: breaking.filter(account => (account.exemptUntilMs ?? 0) > nowMs).length,
      told: null,
      unsure: report.accounts.filter(account => account.verdict === 'unsure').length,
      inForce: force,
      next: nextMoment(policy, nowMs),
      refused,
      alarms: sources.filter(source => source.status === 'silent' || source.status === 'never'),
      hasSampleData: sources.some(source => source.status === 'sample'),
    }
    return context.json(answer)
  })
}
