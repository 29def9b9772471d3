import type { DaySet } from './day-set.ts'
import type { Confidence, Observation, Outcome } from './observation.ts'
import type { Offer } from './offer.ts'
import type { Version } from './version.ts'

/**
 * One row of the daily roll-up, from which all questions are answered: how often an account's client of one hello shape was seen that day
 * with one result. Cost grows with accounts, days and shapes, not with connections.
 */
export interface UsageRow {
  /** Start of the UTC day. */
  dayMs: number
  service: string
  account: string
  attributedBy: Observation['attributedBy']
  confidence: Confidence
  source: string
  /** Empty where the source saw no hello. */
  shape: string
  offeredMax: Version
  negotiated: Version
  suite: number
  outcome: Outcome
  reason: Observation['reason']
  operation: string
  userAgent: string
  connections: number
  firstSeenMs: number
  lastSeenMs: number
  /** Number of distinct client addresses (exact or estimated by the store). */
  addresses: number
  /** Connections by hour of the week, Monday 00:00 UTC first, 168 entries. */
  hours: readonly number[]
  /** Names asked for, a few. */
  snis: string[]
  /** A lower second try of a client whose first try failed moments before. Absent: a first try, or the source cannot tell. */
  retry?: boolean
  /** Days that were folded into this row; `dayMs` is the first of them. Absent: the row is of `dayMs` alone. */
  days?: DaySet
}

/** An entry of the dictionary of distinct hellos. `offer.sni` is always null here: a shape says whether a name was sent, not which. */
export interface HelloShape {
  /** First 16 hex digits of the SHA-256 over the canonical offer. */
  id: string
  offer: Offer
  /** Fingerprint of the first hello seen with this shape; clients that permute extensions have many JA3 and one JA4. */
  ja3: string
  ja4: string
  ja4r: string
}
