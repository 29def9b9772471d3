import type { Hono } from 'hono'
import type { DecisionAnswer } from '../../model/api.ts'
import type { Policy } from '../../model/policy.ts'
import type { Store } from '../../store/store.ts'
import { goLedger, recordDates, recordDecision, type Standing } from '../go-ledger.ts'

/** Where the routes get the standing and keep the record. */
export interface DecisionWorld {
  store: Store
  policy(): Policy
  standing(): Promise<Standing>
}

/**
 * `GET /v1/decision`: go or no go as of now, with what was decided on earlier days and how the dates moved. `POST` puts today's on record; it is
 * there once a day whatever is asked.
 */
export function decision(api: Hono, { store, policy, standing }: DecisionWorld) {
  api.get('/decision', async context => {
    const { forecast } = await standing()
    const answer: DecisionAnswer = {
      go: forecast.decision.go,
      because: forecast.decision.because,
      perWeek: forecast.perWeek,
      atCutoff: forecast.atCutoff,
      cutoffMs: forecast.cutoffMs,
      ...(await goLedger(store, policy().retirement)),
    }
    return context.json(answer)
  })
  api.post('/decision', async context => {
    const now = await standing()
    await recordDates(store, now.policy, now.forecast.nowMs, now)
    return context.json(await recordDecision(store, now, context.get('asker') ? 'console' : 'command line'))
  })
}
