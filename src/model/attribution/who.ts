import { kindOfName } from '../attribution.ts'
import type { Policy, Who } from '../policy.ts'
import { type Attribution, attribute, ownerOfAddress } from './attribute.ts'

/**
 * Who a client is to a policy, by the name it asked for and its address: all that an edge knows when it decides. Names are compared without
 * regard to case and without a trailing dot.
 */
export function whoIs(
  policy: Pick<Policy, 'service' | 'accounts'>,
  sni: string | null,
  address = '',
): { who: Who; attribution: Attribution } {
  const attribution = attribute(policy.accounts, { sni: sni ?? '', address })
  return { who: { account: attribution.account || null, name: kindOfName(policy, sni) }, attribution }
}

/** What the rules make of an address alone: two clients with one name are of one account when this is the same. Empty without such rules. */
export function addressOwners(policy: Pick<Policy, 'accounts'>, address: string): string {
  let owners = ''
  for (const rule of policy.accounts)
    if (rule.by === 'address') owners += `${ownerOfAddress(rule.networks, address)}\n`
  return owners
}
