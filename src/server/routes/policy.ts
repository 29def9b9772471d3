import type { PolicyAnswer } from '../../model/api.ts'
import { type Policy, withoutTables } from '../../model/policy.ts'
import { inForce, nextMoment, schedule } from '../../model/schedule.ts'
import type { Routes } from './route.ts'

/** `GET /v1/policy`: the retirement file as read, what is in force and what comes when; to an account, as it meets the plan. */
export const policy: Routes = (api, { facts, now }) => {
  api.get('/policy', context => {
    const asker = context.get('asker')
    const known = asker?.of === 'account' ? asMetBy(asker.token.account, facts.policy()) : facts.policy()
    const answer: PolicyAnswer = {
      policy: withoutTables(known),
      schedule: schedule(known),
      inForce: inForce(known, now()),
      next: nextMoment(known, now()),
    }
    return context.json(answer)
  })
}

/** What one account may know of the plan: the dates and floors of all, its own exemption, and nothing of others or of our machines. */
function asMetBy(account: string, policy: Policy): Policy {
  const { gateway: _, junk: __, ...rest } = policy
  return {
    ...rest,
    accounts: [],
    exemptions: policy.exemptions.filter(exemption => exemption.account === account),
    guardrails: {},
  }
}
