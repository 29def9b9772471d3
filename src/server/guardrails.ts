import { countText, percentText } from '../base/text.ts'
import type { Policy } from '../model/policy.ts'

/** What a brownout has refused so far, of how many connections. */
export interface Refused {
  accounts: number
  connections: number
  of: number
}

/** A brownout that was broken off: which, and when. */
export interface Abort {
  fromMs: number
  atMs: number
}

/** A share of fewer connections than this is chance. */
const fewest = 100

/** Why a brownout must be broken off; null while it keeps within the guardrails. */
export function breach(guardrails: Policy['guardrails'], refused: Refused): string | null {
  const { abortIfRefusedAccounts: accounts, abortIfRefusedShare: share } = guardrails
  if (accounts !== undefined && refused.accounts >= accounts)
    return `${countText(refused.accounts)} customers refused, the guardrail is ${countText(accounts)}`
  const found = refused.connections / refused.of
  if (share !== undefined && refused.of >= fewest && found >= share)
    return `${percentText(found)} of connections refused, the guardrail is ${percentText(share)}`
  return null
}

/** The policy with these brownouts ending when they were broken off. */
export function cutShort(policy: Policy, aborts: readonly Abort[]): Policy {
  return {
    ...policy,
    brownouts: policy.brownouts.map(brownout => {
      const abort = aborts.find(found => found.fromMs === brownout.fromMs)
      return abort ? { ...brownout, toMs: Math.min(brownout.toMs, abort.atMs) } : brownout
    }),
  }
}
