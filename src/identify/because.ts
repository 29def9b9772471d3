import { countText, listText, percentText, plural } from '../base/text.ts'
import { utcMinute } from '../base/time.ts'
import type { Floor } from '../model/policy.ts'
import type { Clause } from '../model/prediction.ts'
import type { UsageRow } from '../model/usage.ts'
import type { VerdictKind } from '../model/verdict.ts'
import { type Version, versionName } from '../model/version.ts'
import type { ReadRow } from './judge.ts'
import { type Apart, clientKey, type Doubt, type Reading } from './reading.ts'

interface Context {
  floor: Floor
  window: { fromMs: number; toMs: number }
}

/** The sentence that explains a verdict, with its numbers: how many of how many, of how many clients, and when last. */
export function becauseOf(
  verdict: VerdictKind,
  entries: readonly ReadRow[],
  context: Context,
  lastSeenMs = 0,
): string {
  if (verdict === 'unseen') return whyUnseen(entries, context, lastSeenMs)
  const total = entries.reduce((sum, entry) => sum + entry.row.connections, 0)
  if (verdict === 'breaks') return whyBreaks(entries, total, context.floor)
  return verdict === 'unsure'
    ? whyUnsure(entries, total, context.floor)
    : whyClear(entries, total, context.floor)
}

function whyBreaks(entries: readonly ReadRow[], total: number, floor: Floor): string {
  const breaking = entries.filter(entry => entry.reading.kind === 'breaks')
  const groups = new Map<string, ReadRow[]>()
  for (const entry of breaking) {
    if (entry.reading.kind !== 'breaks') continue
    const key = `${entry.reading.clause} ${entry.reading.by}`
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  const parts = [...groups]
    .map(([key, group]) => ({ key, group, connections: connectionsOf(group) }))
    .sort((a, b) => b.connections - a.connections || (a.key < b.key ? -1 : 1))
    .map(({ group, connections }, index) => {
      const amount =
        index === 0
          ? `${ofTotal(connections, total)}${fromClients(group, entries)}`
          : `${countText(connections)} more`
      return `${amount} ${whatFails(group, floor)}`
    })
  const last = Math.max(...breaking.map(entry => entry.row.lastSeenMs))
  const retries = asideOf(entries, ['retry'])
  return `${[...parts, ...(retries ? [retries] : [])].join('; ')}; last on ${utcMinute(last)}`
}

function whatFails(group: readonly ReadRow[], floor: Floor): string {
  const { reading } = group[0]!
  if (reading.kind !== 'breaks') return ''
  if (reading.by === 'refusal') return `were refused (${reading.clause}), their hello unseen`
  if (reading.by === 'negotiated') {
    const reached = versionNames(group.map(entry => entry.row.negotiated))
    return `negotiated at most ${reached} at an edge that agrees to ${versionName(floor.version)} with others: taken as their best, no hello was seen`
  }
  if (reading.clause === 'version') {
    const reached = versionNames(group.map(entry => entry.row.offeredMax))
    return `offer at most ${reached}`
  }
  return `${failing[reading.clause]} (${floor.title})`
}

const failing: Record<Exclude<Clause, 'version'>, string> = {
  fallback: 'retry at a lower version than the server has',
  suite: 'offer no suite that the floor lets in',
  group: 'offer no key exchange group that the floor lets in',
  signature: 'offer no signature scheme that the floor lets in',
  certificate: 'cannot use any of the certificates',
  sni: 'send no server name',
  alpn: 'offer no protocol (ALPN) that the server has',
}

const doubts: Record<Doubt, (floor: Floor) => string> = {
  'lists-unseen': floor =>
    `meet ${versionName(floor.version)}, but their source does not show what they offer beyond it (${floor.title})`,
  'edge-unknown': floor =>
    `negotiated less than ${versionName(floor.version)} at an edge that nobody was seen to use with more: old client or old edge`,
  'maybe-retry': floor =>
    `negotiated less than ${versionName(floor.version)}, which the same program also negotiated: it tries again lower when a connection fails`,
  'fallback-only': () => 'are retries at a lower version whose first try was not seen',
  'refused-otherwise': () => 'were refused by an edge although they pass the floor',
  'failed-unsaid': () =>
    'failed in their handshake, and their source does not say why: an old client, or noise',
}

/** Why one connection got its verdict: the same reasons, in the singular. */
export function lineReason(row: UsageRow, reading: Reading, floor: Floor): string {
  if (reading.kind === 'apart') {
    const failure = row.outcome === 'accepted' || row.reason === '' ? '' : ` (${row.reason})`
    return `${lineAsides[reading.apart]}${failure}`
  }
  if (reading.kind === 'unsure') return lineDoubts[reading.doubt](floor)
  if (reading.kind === 'passes')
    return `passes ${floor.title}${reading.by === 'hello' ? '' : `, going by the version ${reading.by === 'offered' ? 'offered' : 'agreed'}: no hello was seen`}`
  if (reading.by === 'refusal') return `was refused (${reading.clause}), its hello unseen`
  if (reading.by === 'negotiated')
    return `negotiated ${versionName(row.negotiated)} at an edge that agrees to ${versionName(floor.version)} with others: taken as its best, no hello was seen`
  if (reading.clause === 'version') return `offers at most ${versionName(row.offeredMax)}`
  return `${lineFailing[reading.clause]} (${floor.title})`
}

const lineFailing: Record<Exclude<Clause, 'version'>, string> = {
  fallback: 'retries at a lower version than the server has',
  suite: 'offers no suite that the floor lets in',
  group: 'offers no key exchange group that the floor lets in',
  signature: 'offers no signature scheme that the floor lets in',
  certificate: 'cannot use any of the certificates',
  sni: 'sends no server name',
  alpn: 'offers no protocol (ALPN) that the server has',
}

const lineDoubts: Record<Doubt, (floor: Floor) => string> = {
  'lists-unseen': floor =>
    `meets ${versionName(floor.version)}, but the source does not show what it offers beyond it (${floor.title})`,
  'edge-unknown': floor =>
    `negotiated less than ${versionName(floor.version)} at an edge that nobody was seen to use with more: old client or old edge`,
  'maybe-retry': floor =>
    `negotiated less than ${versionName(floor.version)}, which the same program also negotiated: it tries again lower when a connection fails`,
  'fallback-only': () => 'a retry at a lower version whose first try was not seen',
  'refused-otherwise': () => 'was refused by an edge although it passes the floor',
  'failed-unsaid': () => 'failed in its handshake, and the source does not say why: an old client, or noise',
}

const lineAsides: Record<Apart, string> = {
  'no-hello': 'ended before a hello',
  'no-tls': 'no TLS version on record',
  retry: 'a lower retry of a client that offered more',
}

function whyUnsure(entries: readonly ReadRow[], total: number, floor: Floor): string {
  const counts = new Map<Doubt, number>()
  for (const { row, reading } of entries)
    if (reading.kind === 'unsure')
      counts.set(reading.doubt, (counts.get(reading.doubt) ?? 0) + row.connections)
  return [...counts]
    .sort(mostFirst)
    .map(
      ([doubt, count], index) =>
        `${index === 0 ? ofTotal(count, total) : `${countText(count)} more`} ${doubts[doubt](floor)}`,
    )
    .join('; ')
}

function whyClear(entries: readonly ReadRow[], total: number, floor: Floor): string {
  const passing = entries.filter(entry => entry.reading.kind === 'passes')
  const withHello = passing.filter(entry => entry.reading.kind === 'passes' && entry.reading.by === 'hello')
  const amount = `${ofTotal(connectionsOf(passing), total)}${fromClients(passing, entries)}`
  const because =
    withHello.length === passing.length
      ? `pass ${floor.title}`
      : withHello.length === 0
        ? `pass ${floor.title}, going by the version that was ${passing.some(entry => entry.row.offeredMax > 0) ? 'offered' : 'agreed'}`
        : `pass ${floor.title}, ${countText(connectionsOf(withHello))} of them by their hello`
  const aside = asideOf(entries)
  return aside ? `${amount} ${because}; ${aside}` : `${amount} ${because}`
}

const asides: Record<Apart, readonly [one: string, many: string]> = {
  'no-hello': ['ended before a hello', 'ended before a hello'],
  'no-tls': ['has no TLS version on record', 'have no TLS version on record'],
  retry: [
    'is a lower retry of a client that offered more',
    'are lower retries of a client that offered more',
  ],
}

function asideOf(
  entries: readonly ReadRow[],
  of: readonly Apart[] = ['no-hello', 'no-tls', 'retry'],
): string {
  const counts = new Map<Apart, number>()
  for (const { row, reading } of entries)
    if (reading.kind === 'apart' && of.includes(reading.apart))
      counts.set(reading.apart, (counts.get(reading.apart) ?? 0) + row.connections)
  return listText(
    [...counts]
      .sort(mostFirst)
      .map(([apart, count]) => `${countText(count)} ${asides[apart][count === 1 ? 0 : 1]}`),
  )
}

function whyUnseen(entries: readonly ReadRow[], { window }: Context, lastSeenMs: number): string {
  const aside = asideOf(entries)
  if (aside) return `no client was seen: ${aside}`
  const between = `not seen between ${utcMinute(window.fromMs)} and ${utcMinute(window.toMs)}`
  return lastSeenMs > 0 ? `${between}; last seen on ${utcMinute(lastSeenMs)}` : between
}

function ofTotal(count: number, total: number): string {
  if (count === total) return count === 1 ? 'the only connection' : `all ${countText(total)} connections`
  return `${countText(count)} of ${plural(total, 'connection')} (${percentText(count / total)})`
}

function connectionsOf(entries: readonly ReadRow[]): number {
  return entries.reduce((sum, entry) => sum + entry.row.connections, 0)
}

/** How many clients, unless all that was seen is one client. */
function fromClients(group: readonly ReadRow[], all: readonly ReadRow[]): string {
  return clientsOf(all) === 1 ? '' : ` from ${plural(clientsOf(group), 'client')}`
}

/** Distinct clients: one for each hello shape, or for each negotiated version and user agent where no hello was seen. */
function clientsOf(entries: readonly ReadRow[]): number {
  return new Set(entries.map(entry => clientKey(entry.row))).size
}

/** By name where counts are equal: the order of rows must not show. */
function mostFirst(a: readonly [string, number], b: readonly [string, number]): number {
  return b[1] - a[1] || (a[0] < b[0] ? -1 : 1)
}

/** `TLS 1.0 or TLS 1.1`: what each of the group reaches, oldest first. */
function versionNames(versions: readonly Version[]): string {
  return listText([...new Set(versions)].sort((a, b) => a - b).map(versionName), 'or')
}
