import { startOfDay } from '../base/time.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import type { BurnDownPoint, ClientSeen, StackGuess } from '../model/verdict.ts'
import { becauseOf } from './because.ts'
import { countsOf, type Facts, isInside, type ReadRow, rowsInside, verdictOf } from './judge.ts'
import { clientKey, reader } from './reading.ts'
import { remedyFor } from './remedies/remedies.ts'

type Read = Pick<Facts, 'rows' | 'shapes' | 'floor' | 'check' | 'window' | 'stackOf'>

const agentsKept = 20

/** The clients of one account, those that break first: one for each hello shape, or version and user agent where no hello was seen.
 * `own` are its rows, where those of the facts were folded. */
export function accountDetail(
  account: string,
  facts: Read,
  own: readonly UsageRow[] = facts.rows,
): ClientSeen[] {
  const read = reader({ ...facts, rows: rowsInside(facts.rows, facts.window) })
  const clients = new Map<string, ReadRow[]>()
  for (const row of rowsInside(own, facts.window)) {
    if (row.account !== account) continue
    const key = clientKey(row)
    clients.set(key, [...(clients.get(key) ?? []), { row, reading: read(row) }])
  }
  return [...clients.values()]
    .map(entries => seeClient(entries, facts))
    .sort(
      (a, b) =>
        b.counts.wouldBreak - a.counts.wouldBreak ||
        b.counts.connections - a.counts.connections ||
        (a.shape < b.shape ? -1 : 1),
    )
}

function seeClient(entries: readonly ReadRow[], facts: Read): ClientSeen {
  const rows = entries.map(entry => entry.row)
  const first = rows[0]!
  const shape = facts.shapes.get(first.shape)
  const breaking = entries.find(entry => entry.reading.kind === 'breaks')?.reading
  const clause = breaking?.kind === 'breaks' ? breaking.clause : null
  const stack = stackOfClient(rows, shape, facts)
  return {
    shape: first.shape,
    ja4: shape?.ja4 ?? '',
    ja3: shape?.ja3 ?? '',
    stack: { ...stack, remedy: remedyFor(clause, stack) },
    offeredMax: Math.max(...rows.map(row => row.offeredMax)),
    negotiated: negotiatedBy(rows),
    breaks: clause,
    because: becauseOf(verdictOf(entries), entries, facts),
    counts: countsOf(entries),
    firstSeenMs: Math.min(...rows.map(row => row.firstSeenMs)),
    lastSeenMs: Math.max(...rows.map(row => row.lastSeenMs)),
    userAgents: [...new Set(rows.map(row => row.userAgent).filter(agent => agent !== ''))]
      .sort()
      .slice(0, agentsKept),
    addresses: Math.max(...rows.map(row => row.addresses)),
    snis: [...new Set(rows.flatMap(row => row.snis))].sort(),
    suites: shape?.offer.suites ?? [],
  }
}

/** A row that proves its stack (by its user agent, say) speaks for all rows of the same hello. */
function stackOfClient(rows: readonly UsageRow[], shape: HelloShape | undefined, facts: Read): StackGuess {
  const guesses = rows.map(row => facts.stackOf(row, shape))
  return (
    guesses.find(guess => guess.strength === 'proves') ??
    guesses.find(guess => guess.id !== 'unknown') ??
    guesses[0]!
  )
}

function negotiatedBy(rows: readonly UsageRow[]): ClientSeen['negotiated'] {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(row.negotiated, (counts.get(row.negotiated) ?? 0) + row.connections)
  return [...counts].sort((a, b) => b[0] - a[0]).map(([version, connections]) => ({ version, connections }))
}

/** One point for each UTC day on which anything was seen: traffic, what of it would break, and of how many accounts. */
export function burnDown(
  facts: Pick<Facts, 'rows' | 'shapes' | 'floor' | 'check' | 'window'>,
  daily: readonly UsageRow[] = facts.rows,
): BurnDownPoint[] {
  const read = reader({ ...facts, rows: rowsInside(facts.rows, facts.window) })
  const days = new Map<number, { point: BurnDownPoint; accounts: Set<string> }>()
  for (const row of daily) {
    if (!isInside(row, facts.window)) continue
    const atMs = startOfDay(row.dayMs)
    const day = days.get(atMs) ?? {
      point: { atMs, connections: 0, wouldBreak: 0, refused: 0, accountsThatBreak: 0 },
      accounts: new Set<string>(),
    }
    days.set(atMs, day)
    day.point.connections += row.connections
    if (row.outcome === 'refused') day.point.refused += row.connections
    if (read(row).kind !== 'breaks') continue
    day.point.wouldBreak += row.connections
    if (row.account !== '') day.accounts.add(row.account)
  }
  return [...days.values()]
    .map(({ point, accounts }) => ({ ...point, accountsThatBreak: accounts.size }))
    .sort((a, b) => a.atMs - b.atMs)
}
