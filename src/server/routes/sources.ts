import { windowOf } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/sources`: where the numbers come from, since when, and who has gone silent. */
export const sources: Routes = (api, { facts, now }) => {
  api.get('/sources', async context =>
    context.json({ sources: await facts.sources(windowOf(context, now())) }),
  )
}
