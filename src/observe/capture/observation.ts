import type { Observation } from '../../model/observation.ts'
import { highestOffered } from '../../model/offer.ts'
import type { HelloShape } from '../../model/usage.ts'
import { ja3, ja4, shapeKey, shapeOf } from '../../wire/fingerprint.ts'
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
  return {
    add(offer) {
      const key = shapeKey(offer)
      const known = shapes.get(key)
      if (known) return known
      const fingerprint = ja4(offer)
      const shape = { ...shapeOf(offer), ja3: ja3(offer), ja4: fingerprint.ja4, ja4r: fingerprint.raw }
      shapes.set(key, shape)
      return shape
    },
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
  if (hello === null && answer === null)
    return { ok: false, skip: connection.incomplete ? 'hello not captured whole' : 'no hello captured' }
  const shape = hello ? shapes.add(hello.offer) : null
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
      negotiated: answer?.version ?? 0,
      suite: answer?.suite ?? 0,
      group: answer?.group ?? 0,
      ...endOf(connection),
      breaks: '',
      operation: '',
      userAgent: '',
      count: 1,
    },
  }
}

const fatal = 2

/** Alerts that name their clause (RFC 8446 section 6, RFC 7507); 40 and 71 may mean suite, group or signature, and are left as failures. */
const clauseOf: Readonly<Record<number, 'version' | 'fallback' | 'sni'>> = {
  70: 'version',
  86: 'fallback',
  112: 'sni',
}

function endOf({ answer, alerts, closedBy }: Connection): Pick<Observation, 'outcome' | 'reason'> {
  const last = alerts.find(({ alert }) => alert.level === fatal && alert.description !== 0)
  if (last?.from === 'server') {
    const clause = answer === null ? clauseOf[last.alert.description] : undefined
    return clause === undefined
      ? { outcome: 'failed', reason: 'upstream-alert' }
      : { outcome: 'refused', reason: clause }
  }
  if (last) return { outcome: 'failed', reason: 'client-alert' }
  if (answer !== null) return { outcome: 'accepted', reason: '' }
  return { outcome: 'failed', reason: closedBy === 'client' ? 'client-closed' : 'upstream-closed' }
}
