import { type RollUp, startRollUp } from '../../identify/roll-up.ts'
import type { Observation } from '../../model/observation.ts'
import type { UsageRow } from '../../model/usage.ts'
import { type AccountsFrom, attributeTo } from '../../observe/attribute.ts'

export interface CapturedCounts {
  add(seen: Observation): void
  end(): { rows: UsageRow[]; accountsFrom: AccountsFrom | null }
}

/**
 * Counts observations of captures as they come, by account. Without a word from the operator an account is the name that is asked for if any hello
 * has one, else the client's address; which of them is known only at the first name, so until then both are counted.
 */
export function countCaptured(accountsFrom: AccountsFrom | undefined): CapturedCounts {
  const byGiven = startRollUp()
  const given = accountsFrom ?? { by: 'sni' as const }
  let byAddress: RollUp | null = accountsFrom ? null : startRollUp()
  let isNamed = accountsFrom !== undefined
  let isAddressed = false
  const order = inOrder(seen => {
    byAddress?.add(attributeTo(seen, { by: 'address' }))
    byGiven.add(attributeTo(seen, given))
  })
  return {
    add(seen) {
      if (seen.sni !== '' && !isNamed) {
        isNamed = true
        byAddress = null
      }
      isAddressed ||= seen.address !== ''
      order.add(seen)
    },
    end() {
      order.end()
      if (byAddress) return { rows: byAddress.rows(), accountsFrom: isAddressed ? { by: 'address' } : null }
      return { rows: byGiven.rows(), accountsFrom: given }
    },
  }
}

/** Connections are told when they are over, and counted by when they began: this many are held back so that they come in order. */
const heldBack = 2 ** 9

function inOrder(take: (seen: Observation) => void): { add(seen: Observation): void; end(): void } {
  let held: Observation[] = []
  const release = (count: number) => {
    held.sort((a, b) => a.atMs - b.atMs)
    for (const seen of held.slice(0, count)) take(seen)
    held = held.slice(count)
  }
  return {
    add(seen) {
      held.push(seen)
      if (held.length === 2 * heldBack) release(heldBack)
    },
    end: () => release(held.length),
  }
}
