import type { Confidence, Observation, Outcome } from '../model/observation.ts'
import type { Offer } from '../model/offer.ts'
import type { Clause } from '../model/prediction.ts'
import type { HelloShape } from '../model/usage.ts'

/**
 * The lines of a segment file, one JSON object each; `k` tells the kind.
 * - `s` first line: what the rows of this segment have in common, for connections whose own row was never written.
 * - `o` a connection was accepted. Its outcome follows in this segment or, after a rotation, in the next, where the line is repeated.
 * - `h` a hello shape, before the first row of the segment that names it.
 * - `r` the outcome of a connection: the columns of `observations`.
 * - `d` connections whose rows were given up because the disk was full for too long, by outcome.
 */
export type Line =
  | { k: 's'; origin: Origin }
  | { k: 'o'; opened: Opened }
  | { k: 'h'; shape: HelloShape }
  | { k: 'r'; id: number; row: Observation }
  | { k: 'd'; dropped: Dropped }

export interface Origin {
  service: string
  source: string
}

/** An accepted connection. `id` is unique within its writer. */
export interface Opened {
  id: number
  atMs: number
  /** Empty in the first line of a connection: asking for it takes time that the line does not have. */
  address: string
}

export type Dropped = Record<Outcome, number>

/** What a row knows beside the connection's time and address. */
export type RowRest = Omit<
  Observation,
  'atMs' | 'address' | 'outcome' | 'reason' | 'negotiated' | 'suite' | 'group'
>

export function originLine(origin: Origin): string {
  return `{"k":"s","format":1,"service":${JSON.stringify(origin.service)},"source":${JSON.stringify(origin.source)}}\n`
}

/** Built by hand, as is `rowLine`: both stand in the path of every connection. `address` is a numeric address and needs no escaping. */
export function openedLine(opened: Opened): string {
  const address = opened.address === '' ? '' : `,"address":"${opened.address}"`
  return `{"k":"o","id":${opened.id},"at_ms":${opened.atMs}${address}}\n`
}

export function shapeLine(shape: HelloShape): string {
  const { id, offer, ja3, ja4, ja4r } = shape
  return `${JSON.stringify({ k: 'h', shape: id, ...snakeKeys(offer), ja3, ja4, ja4_r: ja4r })}\n`
}

/** The columns that connections with the same hello, account and decision share; prepared once, used by every `rowLine`. */
export function rowFragment(rest: RowRest): string {
  return JSON.stringify(snakeKeys(rest)).slice(1)
}

/** The columns of connections that showed no hello. */
export function fragmentWithoutHello({ service, source }: Origin): string {
  return rowFragment({
    service,
    source,
    account: '',
    attributedBy: '',
    confidence: 'none',
    sni: '',
    shape: '',
    offeredMax: 0,
    breaks: '',
    operation: '',
    userAgent: '',
    count: 1,
  })
}

/** `outcome` and `reason` are fixed words and need no escaping. */
export function rowLine(
  opened: Opened,
  result: Pick<Observation, 'outcome' | 'reason' | 'negotiated' | 'suite' | 'group'>,
  fragment: string,
): string {
  return (
    `{"k":"r","id":${opened.id},"at_ms":${opened.atMs},"address":"${opened.address}","outcome":"${result.outcome}",` +
    `"reason":"${result.reason}","negotiated":${result.negotiated},"suite":${result.suite},"group":${result.group},${fragment}\n`
  )
}

export function droppedLine(dropped: Dropped): string {
  return `${JSON.stringify({ k: 'd', ...dropped })}\n`
}

/** Undefined for whatever is not a line of this format. */
export function parseLine(text: string): Line | undefined {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined
  const fields = found as Record<string, unknown>
  const word = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined)
  const whole = (name: string) =>
    Number.isSafeInteger(fields[name]) && (fields[name] as number) >= 0 ? (fields[name] as number) : undefined

  switch (fields.k) {
    case 's': {
      const [service, source] = [word('service'), word('source')]
      if (service === undefined || source === undefined || fields.format !== 1) return undefined
      return { k: 's', origin: { service, source } }
    }
    case 'o': {
      const [id, atMs] = [whole('id'), whole('at_ms')]
      if (id === undefined || atMs === undefined) return undefined
      return { k: 'o', opened: { id, atMs, address: word('address') ?? '' } }
    }
    case 'h': {
      const { k: _, shape: id, ja3, ja4, ja4_r: ja4r, ...offer } = fields
      if (typeof id !== 'string' || typeof ja3 !== 'string') return undefined
      if (typeof ja4 !== 'string' || typeof ja4r !== 'string' || !Array.isArray(offer.suites))
        return undefined
      return { k: 'h', shape: { id, offer: camelKeys(offer) as unknown as Offer, ja3, ja4, ja4r } }
    }
    case 'r': {
      const id = whole('id')
      const row = rowOf(word, whole)
      return id === undefined || row === undefined ? undefined : { k: 'r', id, row }
    }
    case 'd': {
      const [accepted, refused, failed] = [whole('accepted'), whole('refused'), whole('failed')]
      if (accepted === undefined || refused === undefined || failed === undefined) return undefined
      return { k: 'd', dropped: { accepted, refused, failed } }
    }
    default:
      return undefined
  }
}

function rowOf(
  word: (name: string) => string | undefined,
  whole: (name: string) => number | undefined,
): Observation | undefined {
  const row = {
    atMs: whole('at_ms'),
    service: word('service'),
    account: word('account'),
    attributedBy: word('attributed_by'),
    confidence: word('confidence') as Confidence | undefined,
    source: word('source'),
    address: word('address'),
    sni: word('sni'),
    shape: word('shape'),
    offeredMax: whole('offered_max'),
    negotiated: whole('negotiated'),
    suite: whole('suite'),
    group: whole('group'),
    outcome: word('outcome') as Outcome | undefined,
    reason: word('reason') as Observation['reason'] | undefined,
    breaks: word('breaks') as '' | Clause | undefined,
    operation: word('operation'),
    userAgent: word('user_agent'),
    count: whole('count'),
  }
  for (const value of Object.values(row)) if (value === undefined) return undefined
  return row as Observation
}

function snakeKeys(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, upper => `_${upper.toLowerCase()}`),
      value,
    ]),
  )
}

function camelKeys(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}
