import { windowOf } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/usage`: the roll-up itself, with the hellos it names. */
export const usage: Routes = (api, { facts, now }) => {
  api.get('/usage', async context => context.json(await facts.usage(windowOf(context, now()))))
}
