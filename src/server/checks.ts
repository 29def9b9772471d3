import type { CheckOffer } from '../identify/reading.ts'
import { profileOf } from '../model/decide.ts'
import { negotiate } from '../model/negotiate.ts'
import type { Offer } from '../model/offer.ts'
import type { Floor, Policy } from '../model/policy.ts'
import type { Clause } from '../model/prediction.ts'

/** Floors of which the answers are kept: that of the retirement file, and those that somebody tries. */
const mostFloors = 12

/** What each floor answers to an offer. */
export type Checks = (floor: Floor, certificates: Policy['service']['certificates']) => CheckOffer

/** Keeps what was negotiated: neither floors nor hellos change, and every renewed answer asks for all of them again. */
export function checkKeeper(): Checks {
  const kept = new Map<string, CheckOffer>()
  return (floor, certificates) => {
    const key = JSON.stringify([floor, certificates])
    const known = kept.get(key)
    if (known) return known
    const check = remembering(profileOf(floor, certificates))
    if (kept.size >= mostFloors) kept.clear()
    kept.set(key, check)
    return check
  }
}

function remembering(profile: ReturnType<typeof profileOf>): CheckOffer {
  const answers = new WeakMap<Offer, Clause | null>()
  return offer => {
    const known = answers.get(offer)
    if (known !== undefined) return known
    const answer = negotiate(offer, profile)
    const clause = answer.outcome === 'refused' ? answer.clause : null
    answers.set(offer, clause)
    return clause
  }
}
