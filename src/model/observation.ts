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
  attributedBy: '' | 'sni' | 'header' | 'field' | 'address' | 'certificate'
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
  /** The clause when refused, the failure when failed, empty when accepted. */
  reason: '' | Clause | Failure
  /** The clause of the next floor that this offer fails; empty when it passes or cannot be known. */
  breaks: '' | Clause
  /** A lower second try of a client whose first try failed moments before. Absent: a first try, or the source cannot tell. */
  retry?: boolean
  operation: string
  userAgent: string
  /** How often this exact sighting was made; sources that aggregate say more than 1. */
  count: number
}
