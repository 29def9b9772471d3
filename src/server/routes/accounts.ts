import { Fault } from '../../base/fault.ts'
import { unattributed } from '../../model/api.ts'
import type { VerdictKind } from '../../model/verdict.ts'
import { number, questionOf } from '../window.ts'
import type { Routes } from './route.ts'

const kinds: readonly VerdictKind[] = ['breaks', 'unsure', 'unseen', 'clear']

/**
 * `GET /v1/accounts`: who is left; `?verdict=breaks,unsure` and `?limit=` narrow the rows, never the totals.
 * `GET /v1/accounts/:account`: one account with its clients.
 */
export const accounts: Routes = (api, { facts, now }) => {
  api.get('/accounts', async context => {
    const wanted = verdictsOf(context.req.query('verdict'))
    const limit = number('limit', context.req.query('limit'), 1000, 1_000_000)
    const report = await facts.report(questionOf(context, now()))
    const rows = report.accounts.filter(account => wanted.includes(account.verdict))
    return context.json({ ...report, accounts: rows.slice(0, limit), matching: rows.length })
  })

  api.get('/accounts/:account', async context => {
    const name = context.req.param('account')
    const detail = await facts.account(name === unattributed ? '' : name, questionOf(context, now()))
    if (!detail)
      throw new Fault('usage', 'no-such-account', `no such account: ${JSON.stringify(name)}`, {
        hint: 'it was never seen, and the retirement file does not name it',
      })
    return context.json(detail)
  })
}

function verdictsOf(text: string | undefined): readonly VerdictKind[] {
  if (text === undefined) return kinds
  return text.split(',').map(word => {
    const kind = kinds.find(known => known === word)
    if (!kind)
      throw new Fault('usage', 'no-such-verdict', `no such verdict: ${JSON.stringify(word)}`, {
        hint: `one or more of ${kinds.join(',')}`,
      })
    return kind
  })
}
