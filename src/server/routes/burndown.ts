import { dayMs, secondMs } from '../../base/time.ts'
import { number, questionOf } from '../window.ts'
import type { Routes } from './route.ts'

/** `GET /v1/burndown`: how many accounts and connections would have broken, by day or by `?stepSeconds=`. */
export const burndown: Routes = (api, { facts, now }) => {
  api.get('/burndown', async context => {
    const stepMs =
      number('stepSeconds', context.req.query('stepSeconds'), dayMs / secondMs, dayMs / secondMs) * secondMs
    const window = questionOf(context, now())
    return context.json({ window, stepMs, points: await facts.burnDown(window, stepMs) })
  })
}
