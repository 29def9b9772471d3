import { hourOfWeek, secondMs, startOfDay } from '../base/time.ts'
import type { Observation } from '../model/observation.ts'
import type { UsageRow } from '../model/usage.ts'

const namesKept = 5
const retryWithinMs = 10 * secondMs

interface Sum {
  row: UsageRow
  /** Those of the row. */
  hours: number[]
  addresses: Set<string>
}

/** Counts observations one by one. */
export interface RollUp {
  add(seen: Observation): void
  /** What was counted so far; nothing may be added any more. */
  rows(): UsageRow[]
}

/**
 * The daily roll-up of observations in memory, as the store makes it, for answers from files without a database. In addition it pairs
 * retries: a client that failed and comes back from the same address within ten seconds, offering less, is not a client of that lower version
 * (WinINet does so without saying it in the hello). Observations are expected in order of time per address; late ones only escape the pairing.
 */
export function startRollUp(): RollUp {
  const sums: Sum[] = []
  /** By account, then by shape, which tell nearly all rows apart. */
  const found = new Map<string, Map<string, Sum[]>>()
  const tries = failedTries()

  return {
    add(seen) {
      const retry = isRetry(seen, tries)
      const byShape = madeOnce(found, seen.account, () => new Map<string, Sum[]>())
      const some = madeOnce(byShape, seen.shape, () => [])
      // What comes next is mostly of the same day as the last.
      for (let i = some.length - 1; i >= 0; i--)
        if (isOf(some[i]!.row, seen, retry)) {
          add(some[i]!, seen)
          return
        }
      const sum = startSum(seen, retry)
      some.push(sum)
      sums.push(sum)
    },
    rows() {
      return sums.map(({ row, addresses }) => {
        row.addresses = addresses.size
        return row
      })
    },
  }
}

export function rollUp(observations: Iterable<Observation>): UsageRow[] {
  const sum = startRollUp()
  for (const seen of observations) sum.add(seen)
  return sum.rows()
}

type Try = Pick<Observation, 'atMs' | 'offeredMax'>

/** By address, then by whom it went to: the last tries that failed, as long as they matter. */
interface FailedTries {
  of(address: string): Map<string, Try> | undefined
  add(address: string, peer: string, failed: Try): void
}

/** Two maps in turn, the older of which is dropped whole. */
function failedTries(): FailedTries {
  let current = new Map<string, Map<string, Try>>()
  let previous = new Map<string, Map<string, Try>>()
  let sinceMs = 0
  return {
    of: address => current.get(address) ?? previous.get(address),
    add(address, peer, { atMs, offeredMax }) {
      if (atMs - sinceMs > retryWithinMs) {
        previous = current
        current = new Map()
        sinceMs = atMs
      }
      const peers = current.get(address) ?? previous.get(address) ?? new Map<string, Try>()
      current.set(address, peers.set(peer, { atMs, offeredMax }))
    },
  }
}

function isRetry(seen: Observation, tries: FailedTries): boolean {
  if (seen.address === '' || seen.offeredMax === 0) return false
  const failed = tries.of(seen.address)
  if (!failed && seen.negotiated !== 0) return false
  const peer = `${seen.service}\n${seen.account}\n${seen.sni}`
  const first = failed?.get(peer)
  const isLower =
    first !== undefined &&
    seen.offeredMax < first.offeredMax &&
    seen.atMs >= first.atMs &&
    seen.atMs - first.atMs <= retryWithinMs
  if (isLower) return true
  if (seen.negotiated === 0) tries.add(seen.address, peer, seen)
  else failed?.delete(peer)
  return false
}

/** The value of a key; `make` gives it when there is none yet. */
function madeOnce<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** Whether a row of the same account and shape counts this observation. */
function isOf(row: UsageRow, seen: Observation, retry: boolean): boolean {
  return (
    row.dayMs === startOfDay(seen.atMs) &&
    row.negotiated === seen.negotiated &&
    row.suite === seen.suite &&
    row.outcome === seen.outcome &&
    row.reason === seen.reason &&
    row.offeredMax === seen.offeredMax &&
    (row.retry ?? false) === retry &&
    row.service === seen.service &&
    row.source === seen.source &&
    row.attributedBy === seen.attributedBy &&
    row.confidence === seen.confidence &&
    row.operation === seen.operation &&
    row.userAgent === seen.userAgent
  )
}

function startSum(seen: Observation, retry: boolean): Sum {
  const hours = Array<number>(168).fill(0)
  const row: UsageRow = {
    dayMs: startOfDay(seen.atMs),
    service: seen.service,
    account: seen.account,
    attributedBy: seen.attributedBy,
    confidence: seen.confidence,
    source: seen.source,
    shape: seen.shape,
    offeredMax: seen.offeredMax,
    negotiated: seen.negotiated,
    suite: seen.suite,
    outcome: seen.outcome,
    reason: seen.reason,
    operation: seen.operation,
    userAgent: seen.userAgent,
    connections: 0,
    firstSeenMs: seen.atMs,
    lastSeenMs: seen.atMs,
    addresses: 0,
    hours,
    snis: [],
  }
  if (retry) row.retry = true
  const sum = { row, hours, addresses: new Set<string>() }
  add(sum, seen)
  return sum
}

function add({ row, hours, addresses }: Sum, seen: Observation): void {
  row.connections += seen.count
  row.firstSeenMs = Math.min(row.firstSeenMs, seen.atMs)
  row.lastSeenMs = Math.max(row.lastSeenMs, seen.atMs)
  const hour = hourOfWeek(seen.atMs)
  hours[hour] = (hours[hour] ?? 0) + seen.count
  if (seen.address !== '') addresses.add(seen.address)
  if (seen.sni !== '' && row.snis.length < namesKept && !row.snis.includes(seen.sni)) row.snis.push(seen.sni)
}
