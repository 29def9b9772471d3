import type { Clause } from '../model/prediction.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import type { StackGuess } from '../model/verdict.ts'
import { type ReadingFacts, reader } from './reading.ts'
import { remedyFor } from './remedies/remedies.ts'

/** What a candidate floor would do to the traffic of a window. */
export interface Outcome {
  floor: string
  connections: number
  wouldBreak: number
  /** Of those that would break: judged from the whole hello. The rest is inferred from versions or refusals. */
  byHello: number
  /** Connections about which nothing certain can be said. */
  unsure: number
  accounts: number
  accountsThatBreak: number
  clauses: { clause: Clause; connections: number; accounts: number }[]
  stacks: { id: string; title: string; connections: number; accounts: number; remedy: string | null }[]
  /** Those that break, the most affected first. */
  breaking: BreakingAccount[]
}

export interface BreakingAccount {
  /** Empty: traffic of no account. */
  account: string
  connections: number
  wouldBreak: number
  clauses: Clause[]
  lastBreakingMs: number
}

interface Tally {
  connections: number
  accounts: Set<string>
}

interface AccountTally {
  connections: number
  wouldBreak: number
  clauses: Map<Clause, number>
  lastBreakingMs: number
}

/** Replays every distinct hello against a floor and multiplies out by the roll-up. Rows may be folded first (`foldDays`). */
export function whatIf(
  facts: ReadingFacts & { rows: readonly UsageRow[] },
  stackOf: (row: UsageRow, shape: HelloShape | undefined) => StackGuess,
): Outcome {
  const read = reader(facts)
  const accounts = new Map<string, AccountTally>()
  const clauses = new Map<Clause, Tally>()
  const stacks = new Map<string, Tally & { guess: StackGuess; remedy: string | null }>()
  let connections = 0
  let byHello = 0
  let unsure = 0
  for (const row of facts.rows) {
    const reading = read(row)
    connections += row.connections
    let account = accounts.get(row.account)
    if (!account) {
      account = { connections: 0, wouldBreak: 0, clauses: new Map(), lastBreakingMs: 0 }
      accounts.set(row.account, account)
    }
    account.connections += row.connections
    if (reading.kind === 'unsure') unsure += row.connections
    if (reading.kind !== 'breaks') continue
    account.wouldBreak += row.connections
    account.clauses.set(reading.clause, (account.clauses.get(reading.clause) ?? 0) + row.connections)
    account.lastBreakingMs = Math.max(account.lastBreakingMs, row.lastSeenMs)
    if (reading.by === 'hello') byHello += row.connections
    add(clauses, reading.clause, row, () => ({ connections: 0, accounts: new Set<string>() }))
    const guess = stackOf(row, facts.shapes.get(row.shape))
    const remedy = remedyFor(reading.clause, guess)
    add(stacks, `${guess.title}\n${remedy}`, row, () => ({
      connections: 0,
      accounts: new Set<string>(),
      guess,
      remedy,
    }))
  }
  const breaking = [...accounts]
    .filter(([, tally]) => tally.wouldBreak > 0)
    .map(([account, tally]) => ({
      account,
      connections: tally.connections,
      wouldBreak: tally.wouldBreak,
      clauses: [...tally.clauses]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .map(([clause]) => clause),
      lastBreakingMs: tally.lastBreakingMs,
    }))
    .sort((a, b) => b.wouldBreak - a.wouldBreak || (a.account < b.account ? -1 : 1))
  return {
    floor: facts.floor.title,
    connections,
    wouldBreak: breaking.reduce((sum, account) => sum + account.wouldBreak, 0),
    byHello,
    unsure,
    accounts: accounts.size - (accounts.has('') ? 1 : 0),
    accountsThatBreak: breaking.filter(({ account }) => account !== '').length,
    clauses: sorted(clauses).map(([clause, tally]) => ({
      clause,
      connections: tally.connections,
      accounts: tally.accounts.size,
    })),
    stacks: sorted(stacks).map(([, { guess, remedy, connections, accounts }]) => ({
      id: guess.id,
      title: guess.title,
      connections,
      accounts: accounts.size,
      remedy,
    })),
    breaking,
  }
}

function add<K, T extends Tally>(tallies: Map<K, T>, key: K, row: UsageRow, start: () => T): void {
  let tally = tallies.get(key)
  if (!tally) {
    tally = start()
    tallies.set(key, tally)
  }
  tally.connections += row.connections
  if (row.account !== '') tally.accounts.add(row.account)
}

function sorted<K extends string, T extends Tally>(tallies: Map<K, T>): [K, T][] {
  return [...tallies].sort((a, b) => b[1].connections - a[1].connections || (a[0] < b[0] ? -1 : 1))
}

/** Who breaks under one floor and not under the other. */
export interface Difference {
  from: string
  to: string
  /** Break under both. */
  both: string[]
  /** Break only under the second. */
  added: BreakingAccount[]
  /** Break only under the first. */
  removed: BreakingAccount[]
}

export function difference(first: Outcome, second: Outcome): Difference {
  const before = new Set(first.breaking.map(({ account }) => account))
  const after = new Set(second.breaking.map(({ account }) => account))
  return {
    from: first.floor,
    to: second.floor,
    both: [...before].filter(account => after.has(account)).sort(),
    added: second.breaking.filter(({ account }) => !before.has(account)),
    removed: first.breaking.filter(({ account }) => !after.has(account)),
  }
}

/**
 * Adds up the days of rows that differ in nothing else that a floor is judged by: replaying many floors over one window then costs
 * accounts × shapes, whatever the number of days and connections.
 */
export function foldDays(rows: Iterable<UsageRow>): UsageRow[] {
  const folded = new Map<string, UsageRow>()
  for (const row of rows) {
    const key = `${row.account}\n${row.service}\n${row.source}\n${row.shape}\n${row.offeredMax}\n${row.negotiated}\n${row.suite}\n${row.outcome}\n${row.reason}\n${row.userAgent}\n${row.retry ?? false}`
    const known = folded.get(key)
    if (!known) {
      folded.set(key, { ...row, operation: '', hours: [] })
      continue
    }
    known.connections += row.connections
    known.firstSeenMs = Math.min(known.firstSeenMs, row.firstSeenMs)
    known.lastSeenMs = Math.max(known.lastSeenMs, row.lastSeenMs)
    known.addresses = Math.max(known.addresses, row.addresses)
    if (known.snis.length === 0) known.snis = row.snis
  }
  return [...folded.values()]
}
