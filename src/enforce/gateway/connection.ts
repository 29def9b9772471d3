import type { Failure, Outcome } from '../../model/observation.ts'
import type { Clause } from '../../model/prediction.ts'
import type { OpenConnection } from '../../spool/writer.ts'
import type { HelloPeek, LooksLike, Peeker } from '../../wire/peek.ts'
import type { Answer, AnswerPeeker } from './answer.ts'
import type { Address, Link } from './raw-tcp.ts'
import type { Sighting } from './sightings.ts'

/** One accepted connection. Thousands of them are idle at a time, so whatever was needed only once is null again afterwards. */
export interface Connection {
  client: Link
  upstream: Link | null
  peer: Address
  journal: OpenConnection
  phase: 'hello' | 'connecting' | 'answer' | 'relay' | 'linger' | 'closed'
  /** Outside of `relay`: when this phase has taken too long. */
  deadlineMs: number
  /** Last time anything moved. */
  lastMs: number
  /** The one row of this connection has been written. */
  isDecided: boolean
  sighting: Sighting | null
  hello: Peeker<HelloPeek> | null
  /** While connecting: what the client has sent, hello first. */
  head: Uint8Array | null
  answers: AnswerPeeker | null
  answer: Answer | null
  sentAlert: boolean
  /** Bytes for this side wait in the kernel's way, and the other side is not read meanwhile. */
  clientWaits: boolean
  upstreamWaits: boolean
  /** Bytes relayed per direction, counted until they earn it a read buffer of its own. */
  fromClient: number
  fromUpstream: number
  clientEnded: boolean
  upstreamEnded: boolean
}

/** Numbers since the worker started, and what is open now. */
export interface Counts {
  /** Connections accepted by the operating system. */
  connections: number
  accepted: number
  refused: Partial<Record<Clause, number>>
  failed: Partial<Record<Failure, number>>
  /** What came in place of a hello. */
  notTls: Partial<Record<LooksLike, number>>
  /** Connections closed because a brownout with `open: drain` began. */
  drained: number
  open: number
}

export type Decided = (
  connection: Connection,
  outcome: Outcome,
  reason: '' | Clause | Failure,
  answer?: Answer,
) => void

export function noCounts(): Counts {
  return { connections: 0, accepted: 0, refused: {}, failed: {}, notTls: {}, drained: 0, open: 0 }
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    connections: a.connections + b.connections,
    accepted: a.accepted + b.accepted,
    refused: addEach(a.refused, b.refused),
    failed: addEach(a.failed, b.failed),
    notTls: addEach(a.notTls, b.notTls),
    drained: a.drained + b.drained,
    open: a.open + b.open,
  }
}

function addEach<Key extends string>(
  a: Partial<Record<Key, number>>,
  b: Partial<Record<Key, number>>,
): Partial<Record<Key, number>> {
  const sum = { ...a }
  for (const [key, count] of Object.entries(b) as [Key, number][]) sum[key] = (sum[key] ?? 0) + count
  return sum
}
