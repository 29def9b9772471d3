import type { reader } from '../../identify/reading.ts'
import { remedyFor } from '../../identify/remedies/remedies.ts'
import type { UsageRow } from '../../model/usage.ts'
import type { StackGuess } from '../../model/verdict.ts'

/** One client stack over all accounts. */
export interface StackRow {
  id: string
  title: string
  connections: number
  would_break: number
  accounts: number
  remedy: string | null
}

/** Traffic by client stack, that which breaks most first; rows that show no client are left out. */
export function countStacks(
  rows: readonly UsageRow[],
  read: ReturnType<typeof reader>,
  stackOf: (row: UsageRow) => StackGuess,
): StackRow[] {
  const found = new Map<string, StackRow & { names: Set<string> }>()
  for (const row of rows) {
    const reading = read(row)
    if (reading.kind === 'apart') continue
    const stack = stackOf(row)
    const { title, id } = stack
    const entry = found.get(title) ?? {
      id,
      title,
      connections: 0,
      would_break: 0,
      accounts: 0,
      remedy: null,
      names: new Set<string>(),
    }
    found.set(title, entry)
    entry.connections += row.connections
    if (row.account !== '') entry.names.add(row.account)
    if (reading.kind !== 'breaks') continue
    entry.would_break += row.connections
    entry.remedy ??= remedyFor(reading.clause, stack)
  }
  return [...found.values()]
    .map(({ names, ...row }) => ({ ...row, accounts: names.size }))
    .sort(
      (a, b) =>
        b.would_break - a.would_break || b.connections - a.connections || (a.title < b.title ? -1 : 1),
    )
}
