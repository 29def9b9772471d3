import type { Clause } from './prediction.ts'
import type { Version } from './version.ts'

/** How a connection ended, as seen by the source. */
export type Outcome = 'accepted' | 'refused' | 'failed'

/** Why a connection failed without being refused by policy. Named by whose fault it is. */
export type Failure =
  | 'hello-timeout'
  | 'hello-malformed'
  | 'hello-too-large'
  | 'not-tls'
  | 'closed-without-hello'
  | 'closed-in-hello'
  | 'limit-address'
  | 'limit-connections'
  | 'no-route'
  | 'upstream-unreachable'
  | 'upstream-closed'
  | 'upstream-alert'
  | 'upstream-not-tls'
  | 'upstream-timeout'
  | 'client-closed'
  | 'client-alert'
  /** The capture holds no answer to the hello, and no end of the connection either. */
  | 'unanswered'
  /** The gateway was told to stop and its drain time ran out before this connection had an outcome. */
  | 'shutdown'
  /** The gateway process died before this connection had an outcome; written by whoever seals its spool. */
  | 'worker-lost'
  /** The source says no more than that the handshake failed. */
  | 'handshake-failed'

/**
 * The request was for nothing that exists: answered 400, 404, 405, 410 or 414. Other answers 4xx (a password that ran out, a certificate that
 * was not shown, a client that gave up) may well be met by somebody who depends on the service.
 */
export type Miss = 'missed'

/** The answers by which a request has missed. */
export const missAnswers: readonly number[] = [400, 404, 405, 410, 414]

/** How surely an observation was tied to its account. */
export type Confidence = 'certain' | 'likely' | 'guessed' | 'none'

/**
 * One sighting of a client: a connection, an operation, a log line. Wire numbers are 0 and texts empty where the source cannot see.
 * Field names are those of the `observations` table, in snake case there.
 */
export interface Observation {
  atMs: number
  service: string
  /** Empty: not attributed. */
  account: string
  /** The rule that named the account, as `ruleNames` says (`sni`, `field tenant`, `address` …); empty when none did. */
  attributedBy: string
  confidence: Confidence
  /** Id of the source: `gateway`, `nginx`, `pcap` … */
  source: string
  address: string
  sni: string
  /** Id of the hello shape in the `hellos` dictionary; empty when the source saw no hello. */
  shape: string
  /** Highest version offered; 0 when unknown. */
  offeredMax: Version
  /** Negotiated version; 0 when none or unknown. */
  negotiated: Version
  /** Negotiated suite; 0 when none or unknown. */
  suite: number
  group: number
  outcome: Outcome
  /** The clause when refused, the failure when failed; when accepted empty, or how a request went that was for nothing. */
  reason: '' | Clause | Failure | Miss
  /** The clause of the next floor that this offer fails; empty when it passes or cannot be known. */
  breaks: '' | Clause
  /** A lower second try of a client whose first try failed moments before. Absent: a first try, or the source cannot tell. */
  retry?: boolean
  operation: string
  userAgent: string
  /** How often this exact sighting was made; sources that aggregate say more than 1. */
  count: number
}
