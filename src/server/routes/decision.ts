import type { Hono } from 'hono'
import type { Decisions } from '../go-ledger.ts'

/**
 * `GET /v1/decision`: go or no go as of now, with what was decided on earlier days and how the dates moved. `POST` puts today's on record; it is
 * there once a day whatever is asked.
 */
export function decision(api: Hono, decisions: Decisions) {
  api.get('/decision', async context => context.json(await decisions.answer()))
  api.post('/decision', async context =>
    context.json(await decisions.record(context.get('asker') ? 'console' : 'command line')),
  )
}
