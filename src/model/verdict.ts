import type { SourceCoverage } from './coverage.ts'
import type { JunkCount } from './junk/set-apart.ts'
import type { Confidence } from './observation.ts'
import type { Clause } from './prediction.ts'
import type { Version } from './version.ts'

/**
 * `breaks`: seen in the window with offers that fail the next floor. `clear`: seen, and every offer passes.
 * `unsure`: the sources saw too little to say. `unseen`: known, but not seen in the window.
 */
export type VerdictKind = 'breaks' | 'unsure' | 'clear' | 'unseen'

export interface Counts {
  connections: number
  accepted: number
  refused: number
  failed: number
  /** Connections whose offer fails the next floor. */
  wouldBreak: number
}

export interface StackGuess {
  /** Id of the stack in the table of client stacks; `unknown` when nothing matched. */
  id: string
  title: string
  /** `proves`: the hello is known from this stack only; `suggests`: shared or resembling. */
  strength: 'proves' | 'suggests'
  /** Others that send the same hello. */
  also: string[]
  remedy: string | null
  /** What to look at on the client's side to be certain. Absent: nothing else sends this hello. */
  check?: string
}

/** `Java 7`, `probably Java 7`, `unknown, but looks like Java`. */
export function surelyText(stack: StackGuess): string {
  return stack.strength === 'proves' || stack.id === 'unknown' ? stack.title : `probably ${stack.title}`
}

/** One client of an account: a distinct hello shape (or, where the source saw no hello, a negotiated version and user agent). */
export interface ClientSeen {
  shape: string
  ja4: string
  ja3: string
  stack: StackGuess
  offeredMax: Version
  /** Negotiated versions seen, with counts. */
  negotiated: { version: Version; connections: number }[]
  breaks: Clause | null
  because: string
  counts: Counts
  firstSeenMs: number
  lastSeenMs: number
  userAgents: string[]
  addresses: number
  snis: string[]
  /** Suites offered, as wire numbers; empty when the source saw no hello. */
  suites: number[]
}

export interface AccountVerdict {
  /** Empty: the row of traffic that could not be attributed. */
  account: string
  service: string
  verdict: VerdictKind
  /** The sentence that explains the verdict, with its numbers. */
  because: string
  /** Clauses that fail, most frequent first. */
  clauses: Clause[]
  counts: Counts
  firstSeenMs: number
  lastSeenMs: number
  /** Last connection whose offer fails the next floor; 0 when none. */
  lastBreakingMs: number
  /** Highest version that the client with the lowest offer proposed; absent when no source saw it. */
  offeredMax?: Version
  stacks: StackGuess[]
  /** How its traffic was tied to it, the most frequent way first. */
  attributedBy: Attributed[]
  exemptUntilMs: number | null
  /** What the sources behind this verdict cannot see. */
  blind: string[]
}

/** How much traffic one rule tied to accounts. */
export interface Attributed {
  /** The rule that answered; empty: none did, the traffic belongs to no known account. */
  by: string
  confidence: Confidence
  connections: number
  accounts: number
}

/** The answer to "who is left", for a window [fromMs, toMs). */
export interface Report {
  retirement: string
  service: string
  /** Source ids the numbers rest on. */
  sources: string[]
  window: { fromMs: number; toMs: number }
  floor: string
  cutoffMs: number | null
  totals: Counts & {
    accounts: number
    accountsThatBreak: number
    observations: number
    skipped: Record<string, number>
  }
  /** `connections`: of which this is the version, the one that was agreed or else the highest offered. Version 0: not known. */
  byVersion: { version: Version; offered: number; negotiated: number; connections: number }[]
  /** How accounts came about, the most frequent way first; traffic of no account last. */
  attribution: Attributed[]
  /** What was set apart, and is in none of the numbers above. */
  junk: JunkCount[]
  /** When the sources saw something, and when they should have and did not. */
  coverage: SourceCoverage[]
  accounts: AccountVerdict[]
  clients?: ClientSeen[]
}

/** One day (or other step) of the burn-down. */
export interface BurnDownPoint {
  atMs: number
  connections: number
  wouldBreak: number
  refused: number
  accountsThatBreak: number
}
