import { namePattern } from '../model/attribution.ts'
import type { Observation } from '../model/observation.ts'
import type { Reading } from './source.ts'
import { literal } from './sql.ts'

/** What of a line names the account: the user, the name asked for (all of it, or a part that a pattern picks), the client's address. */
export type AccountsFrom = { by: 'user' | 'sni' | 'address' } | { by: 'pattern'; pattern: string }

/** A reading whose accounts come about in another way than by what the source takes for the user. */
export function attributedBy(from: AccountsFrom, reading: Reading): Reading {
  if (from.by === 'user') return reading
  const name = reading.row.sni ?? "''"
  const account =
    from.by === 'pattern'
      ? `extract(${name}, ${literal(namePattern(from.pattern).replace('(?<account>', '('))})`
      : from.by === 'sni'
        ? name
        : (reading.row.address ?? "''")
  const by = from.by === 'address' ? 'address' : 'sni'
  return {
    ...reading,
    row: {
      ...reading.row,
      account,
      attributed_by: `if((${account}) = '', '', '${by}')`,
      confidence: `if((${account}) = '', 'none', '${from.by === 'address' ? 'guessed' : 'likely'}')`,
    },
  }
}

/** The same for an observation that was made here: by the name asked for, a part of it, or the address. */
export function attributeTo(seen: Observation, from: AccountsFrom): Observation {
  const account =
    from.by === 'address'
      ? seen.address
      : from.by === 'sni'
        ? seen.sni.toLowerCase()
        : from.by === 'pattern'
          ? (new RegExp(namePattern(from.pattern)).exec(seen.sni.toLowerCase())?.groups?.account ?? '')
          : seen.account
  if (account === '' || from.by === 'user') return seen
  return {
    ...seen,
    account,
    attributedBy: from.by === 'address' ? 'address' : 'sni',
    confidence: from.by === 'address' ? 'guessed' : 'likely',
  }
}
