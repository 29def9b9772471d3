import type { PolicyAnswer } from '../../model/api.ts'
import { inForce, nextMoment, schedule } from '../../model/schedule.ts'
import type { Routes } from './route.ts'

/** `GET /v1/policy`: the retirement file as read, what is in force and what comes when. */
export const policy: Routes = (api, { facts, now }) => {
  api.get('/policy', context => {
    const known = facts.policy()
    const answer: PolicyAnswer = {
      policy: known,
      schedule: schedule(known),
      inForce: inForce(known, now()),
      next: nextMoment(known, now()),
    }
    return context.json(answer)
  })
}
