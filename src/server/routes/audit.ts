import { unattributed } from '../../model/api.ts'
import { number, windowOf } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/accounts/:account/audit`: every connection of an account that is still kept, oldest first; `?limit=` and `?after=` page. */
export const audit: Routes = (api, { facts, now }) => {
  api.get('/accounts/:account/audit', async context => {
    const name = context.req.param('account')
    const after = context.req.query('after')
    return context.json(
      await facts.sightings({
        ...windowOf(context, now()),
        account: name === unattributed ? '' : name,
        limit: number('limit', context.req.query('limit'), 1000, 10_000),
        ...(after === undefined ? {} : { after }),
      }),
    )
  })
}
