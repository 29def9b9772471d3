import type { Offer } from '../model/offer.ts'
import type { Floor } from '../model/policy.ts'
import type { Clause } from '../model/prediction.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import type { Version } from '../model/version.ts'

/** What a reading rests on, best first: the whole hello, the version that it offered, the version that was agreed, a refusal without a hello. */
type Basis = 'hello' | 'offered' | 'negotiated' | 'refusal'

/** Why a row says too little for a verdict. */
export type Doubt =
  /** Passes the floor's version, but the floor also names lists that this source cannot compare. */
  | 'lists-unseen'
  /** Negotiated an old version, and nothing shows that its edge would have agreed to a better one. */
  | 'edge-unknown'
  /** Negotiated an old version, but the same program of the same account, of a kind that tries again lower, negotiated the floor's too. */
  | 'maybe-retry'
  /** The hello is a retry at a lower version (RFC 7507), and no first try of this account was seen. */
  | 'fallback-only'
  /** An edge refused a hello that passes the floor. */
  | 'refused-otherwise'
  /** The handshake failed, and the source says no more: a client that is refused already, or noise. */
  | 'failed-unsaid'

/** Why a row says nothing about any client's TLS. */
export type Apart =
  /** The connection ended before a hello could be read: scans, health checks, noise. */
  | 'no-hello'
  /** The source recorded no TLS version: plain text, or a field left out. */
  | 'no-tls'
  /** A lower second try of a client whose first hello is counted. */
  | 'retry'

/** What one row of the roll-up says about the next floor. */
export type Reading =
  | { kind: 'passes'; by: Basis }
  | { kind: 'breaks'; by: Basis; clause: Clause }
  | { kind: 'unsure'; doubt: Doubt }
  | { kind: 'apart'; apart: Apart }

/** The clause of the floor that an offer fails, or null when it passes; `decide` and what-if ask the same function. */
export type CheckOffer = (offer: Offer) => Clause | null

export interface ReadingFacts {
  /** All rows of the window: what an edge was seen to agree to with others tells an old client from an old edge. */
  rows: Iterable<UsageRow>
  shapes: ReadonlyMap<string, HelloShape>
  floor: Floor
  check: CheckOffer
}

const fallbackScsv = 0x5600

export const clauses: ReadonlySet<string> = new Set<Clause>([
  'version',
  'fallback',
  'suite',
  'group',
  'signature',
  'certificate',
  'sni',
  'alpn',
])

/** A function that reads rows against the floor. Each shape is negotiated once, however many rows carry it. */
export function reader(facts: ReadingFacts): (row: UsageRow) => Reading {
  const checked = new Map<string, { clause: Clause | null; isFallback: boolean }>()
  const check = (shape: HelloShape) => {
    let known = checked.get(shape.id)
    if (!known) {
      known = { clause: facts.check(shape.offer), isFallback: isFallback(shape.offer) }
      checked.set(shape.id, known)
    }
    return known
  }
  const edges = once(() => {
    const found = new Map<string, Version>()
    for (const row of facts.rows) {
      const edge = edgeKey(row)
      if (row.negotiated > (found.get(edge) ?? 0)) found.set(edge, row.negotiated)
    }
    return found
  })
  /** Accounts of which a first try, not a fallback, was seen. */
  const firstTries = once(() => {
    const found = new Set<string>()
    for (const row of facts.rows) {
      const shape = facts.shapes.get(row.shape)
      if (shape && !row.retry && !check(shape).isFallback) found.add(accountKey(row))
    }
    return found
  })

  /** Programs that try again lower and were seen to agree to the floor's version. */
  const betterTries = once(() => {
    const found = new Set<string>()
    for (const row of facts.rows)
      if (row.negotiated >= facts.floor.version && triesAgainLower(row.userAgent)) found.add(agentKey(row))
    return found
  })

  return row => {
    if (row.retry) return { kind: 'apart', apart: 'retry' }
    const shape = facts.shapes.get(row.shape)
    if (shape) {
      const { clause, isFallback } = check(shape)
      if (clause !== null && isFallback)
        return firstTries().has(accountKey(row))
          ? { kind: 'apart', apart: 'retry' }
          : { kind: 'unsure', doubt: 'fallback-only' }
      if (clause !== null) return { kind: 'breaks', by: 'hello', clause }
      if (row.outcome === 'refused') return { kind: 'unsure', doubt: 'refused-otherwise' }
      return { kind: 'passes', by: 'hello' }
    }
    const reading = readWithoutHello(row, facts.floor, edges().get(edgeKey(row)) ?? 0)
    const mayRetry =
      reading.kind === 'breaks' && reading.by === 'negotiated' && triesAgainLower(row.userAgent)
    return mayRetry && betterTries().has(agentKey(row)) ? { kind: 'unsure', doubt: 'maybe-retry' } : reading
  }
}

/** What only some readings need is made when the first of them asks. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Sources that see no hello: what was offered if they tell, else what was agreed, else why it was refused. */
function readWithoutHello(row: UsageRow, floor: Floor, edgeReaches: Version): Reading {
  if (row.offeredMax > 0 && row.offeredMax < floor.version)
    return { kind: 'breaks', by: 'offered', clause: 'version' }
  if (row.offeredMax === 0 && row.negotiated > 0 && row.negotiated < floor.version)
    return edgeReaches >= floor.version
      ? { kind: 'breaks', by: 'negotiated', clause: 'version' }
      : { kind: 'unsure', doubt: 'edge-unknown' }
  if (row.outcome === 'refused' && row.reason !== 'fallback' && clauses.has(row.reason))
    return row.offeredMax === 0
      ? { kind: 'breaks', by: 'refusal', clause: row.reason as Clause }
      : { kind: 'unsure', doubt: 'refused-otherwise' }
  if (row.offeredMax === 0 && row.negotiated === 0) {
    if (row.reason === 'handshake-failed') return { kind: 'unsure', doubt: 'failed-unsaid' }
    return { kind: 'apart', apart: row.outcome === 'accepted' ? 'no-tls' : 'no-hello' }
  }
  if (comparesLists(floor) && !agreedWithinFloor(row, floor)) return { kind: 'unsure', doubt: 'lists-unseen' }
  return { kind: 'passes', by: row.offeredMax > 0 ? 'offered' : 'negotiated' }
}

export function comparesLists(floor: Floor): boolean {
  return Boolean(
    floor.suites || floor.suitesTls13 || floor.groups || floor.signatureSchemes || floor.requireSni,
  )
}

/** What was agreed once can be agreed again: a suite that the floor lets in, and no list about which nothing is known. */
function agreedWithinFloor(row: UsageRow, floor: Floor): boolean {
  if (row.negotiated < floor.version || floor.groups || floor.signatureSchemes) return false
  if (floor.requireSni && row.snis.length === 0) return false
  const list = row.negotiated >= 0x0304 ? floor.suitesTls13 : floor.suites
  return list === undefined || list.includes(row.suite)
}

/**
 * Programs over WinINet (Internet Explorer, Office): after a failed handshake they connect again with a lower version and do not say so by RFC 7507.
 * Measured with Wine's WinINet, November 2026.
 */
export function triesAgainLower(userAgent: string): boolean {
  return /\bMSIE \d|\bTrident\/|Microsoft Office|\bOutlook\b/.test(userAgent)
}

/** RFC 7507: the client says that it tries again at a lower version than it can. */
export function isFallback(offer: Offer): boolean {
  return offer.suites.includes(fallbackScsv)
}

function edgeKey(row: UsageRow): string {
  return `${row.source}\n${row.service}`
}

function agentKey(row: UsageRow): string {
  return `${row.service}\n${row.account}\n${row.userAgent}`
}

function accountKey(row: UsageRow): string {
  return `${row.service}\n${row.account}`
}

/** Tells the clients of one account apart: the hello shape, or, where no hello was seen, the versions and the user agent. */
export function clientKey(row: UsageRow): string {
  return row.shape !== '' ? row.shape : `${row.offeredMax} ${row.negotiated} ${row.userAgent}`
}
