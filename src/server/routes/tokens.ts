import type { Hono } from 'hono'
import { Fault } from '../../base/fault.ts'
import { type AccountTokens, usualTokenDays } from '../account-tokens.ts'

/**
 * `GET /v1/tokens`: the tokens of accounts, without what is secret. `POST /v1/tokens` with `account` and `days` issues one and answers with it this
 * once; `POST /v1/tokens/:id/revoke` ends one. For the operator only.
 */
export function tokens(api: Hono, known: AccountTokens) {
  api.get('/tokens', async context => context.json({ tokens: await known.list() }))
  api.post('/tokens', async context => {
    const body = (await context.req.json().catch(() => null)) as { account?: unknown; days?: unknown } | null
    if (typeof body?.account !== 'string')
      throw new Fault('usage', 'token-account', 'the body names no account', {
        hint: '{"account": "contoso"}',
      })
    const days = body.days === undefined ? usualTokenDays : Number(body.days)
    return context.json(
      await known.issue({ account: body.account, days, actor: actorOf(context.get('asker')) }),
    )
  })
  api.post('/tokens/:id/revoke', async context =>
    context.json(await known.revoke(context.req.param('id'), actorOf(context.get('asker')))),
  )
}

/** As the audit log names it: behind the socket there is no asker. */
function actorOf(asker: object | undefined): string {
  return asker ? 'console' : 'command line'
}
