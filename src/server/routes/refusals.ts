import { number } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/refusals`: the newest refusals first, each with the name of whom it met. */
export const refusals: Routes = (api, { facts }) => {
  api.get('/refusals', async context =>
    context.json({
      refusals: await facts.refusals(Math.floor(number('limit', context.req.query('limit'), 50, 1000))),
    }),
  )
}
