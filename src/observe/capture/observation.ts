import type { Observation } from '../../model/observation.ts'
import { highestOffered } from '../../model/offer.ts'
import type { Clause } from '../../model/prediction.ts'
import type { HelloShape } from '../../model/usage.ts'
import { SSL_2_0, SSL_3_0 } from '../../model/version.ts'
import { ja3, ja4, shapeKey, shapeOf } from '../../wire/fingerprint.ts'
import { offerCache } from '../../wire/offer-cache.ts'
import type { Connection } from './connection.ts'

/** What a capture cannot tell, shown beside every verdict that rests on it. */
export const captureBlind: readonly string[] = [
  'a capture sees no user agent and no account, and only the traffic that passed its interface',
  'refusals inside TLS 1.3 are encrypted: a capture takes them for connections that went well',
]

/** Hello shapes as they are met; fingerprints are computed once for each. */
export interface ShapeDictionary {
  add(offer: NonNullable<Connection['hello']>['offer']): HelloShape
  all(): HelloShape[]
}

export function shapeDictionary(): ShapeDictionary {
  const shapes = new Map<string, HelloShape>()
  const add = offerCache(
    offer => {
      const key = shapeKey(offer)
      const known = shapes.get(key)
      if (known) return known
      const fingerprint = ja4(offer)
      const shape = { ...shapeOf(offer), ja3: ja3(offer), ja4: fingerprint.ja4, ja4r: fingerprint.raw }
      shapes.set(key, shape)
      return shape
    },
    { inOrder: false },
  )
  return {
    add,
    all: () => [...shapes.values()],
  }
}

/** A connection as an observation without an account, or why it is none. */
export function observeConnection(
  connection: Connection,
  shapes: ShapeDictionary,
  source = 'capture',
): { ok: true; observation: Observation } | { ok: false; skip: string } {
  const { hello, answer } = connection
  if (hello === null && answer === null && !connection.answeredSslv2)
    return { ok: false, skip: connection.incomplete ? 'hello not captured whole' : 'no hello captured' }
  const shape = hello ? shapes.add(hello.offer) : null
  const { outcome, reason } = endOf(connection)
  return {
    ok: true,
    observation: {
      atMs: connection.atMs,
      service: '',
      account: '',
      attributedBy: '',
      confidence: 'none',
      source,
      address: connection.src,
      sni: hello?.offer.sni ?? '',
      shape: shape?.id ?? '',
      offeredMax: hello ? highestOffered(hello.offer) : 0,
      negotiated: answer?.version ?? (connection.answeredSslv2 ? SSL_2_0 : 0),
      suite: answer?.suite ?? 0,
      group: connection.group,
      outcome,
      reason,
      breaks: '',
      operation: '',
      userAgent: '',
      count: 1,
    },
  }
}

const fatal = 2
const HANDSHAKE_FAILURE = 40

/**
 * What a server's fatal alert says about the offer (RFC 8446 section 6, RFC 7507). 40 covers suites, groups and signatures; suites are what it
 * is about nearly always. Other alerts are about the handshake, not the offer.
 */
const clauseOf: Readonly<Record<number, Clause>> = {
  [HANDSHAKE_FAILURE]: 'suite',
  70: 'version',
  71: 'suite',
  86: 'fallback',
  112: 'sni',
}

function endOf(connection: Connection): Pick<Observation, 'outcome' | 'reason'> {
  const { hello, answer, alerts, closedBy } = connection
  const last = alerts.find(({ alert }) => alert.level === fatal && alert.description !== 0)
  if (last?.from === 'server') {
    const { description } = last.alert
    // SSL 3.0 has no alert for versions: its clients are refused with 40.
    const isOldest = hello !== null && highestOffered(hello.offer) <= SSL_3_0
    const clause = isOldest && description === HANDSHAKE_FAILURE ? 'version' : clauseOf[description]
    return clause === undefined || answer !== null
      ? { outcome: 'failed', reason: 'upstream-alert' }
      : { outcome: 'refused', reason: clause }
  }
  if (last) return { outcome: 'failed', reason: 'client-alert' }
  if (answer !== null || connection.answeredSslv2) return { outcome: 'accepted', reason: '' }
  if (connection.answeredOtherwise) return { outcome: 'failed', reason: 'upstream-not-tls' }
  if (closedBy === null) return { outcome: 'failed', reason: 'unanswered' }
  return { outcome: 'failed', reason: closedBy === 'client' ? 'client-closed' : 'upstream-closed' }
}
