import { minuteMs, secondMs, startOfDay } from '../base/time.ts'
import type { Policy } from '../model/policy.ts'
import type { Store } from '../store/store.ts'
import { recordDates, recordDecision, type Standing } from './go-ledger.ts'

/** A store that was just opened takes in its spool first. */
const firstLookMs = 15 * secondMs

/**
 * Puts go or no go on record once a day and for each policy, and each change of the dates. What fails is told and tried again within a minute: a
 * day without a record would look like a day without a decision.
 */
export function watchDecision(world: {
  store: Store
  policy(): Policy
  standing(): Promise<Standing>
  note(text: string): void
}): { stop(): void } {
  let isLooking = false
  let doneFor = ''
  let failed = ''
  const look = async () => {
    const policy = world.policy()
    const key = `${startOfDay(Date.now())} ${JSON.stringify(policy)}`
    if (isLooking || key === doneFor) return
    isLooking = true
    try {
      const standing = await world.standing()
      await recordDates(world.store, policy, standing.forecast.nowMs, standing)
      await recordDecision(world.store, { ...standing, policy }, 'tlsunset')
      doneFor = key
      failed = ''
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (why !== failed) world.note(`the decision of today is not on record yet: ${why}`)
      failed = why
    } finally {
      isLooking = false
    }
  }
  const first = setTimeout(look, firstLookMs)
  const timer = setInterval(look, minuteMs)
  return {
    stop() {
      clearTimeout(first)
      clearInterval(timer)
    },
  }
}
