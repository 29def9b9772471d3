import { dayMs, startOfDay } from '../base/time.ts'
import type { Sighting } from '../model/api.ts'
import { suiteOf } from '../model/iana/suites.ts'
import type { Floor } from '../model/policy.ts'
import type { UsageRow } from '../model/usage.ts'
import { type StackGuess, surelyText } from '../model/verdict.ts'
import { type Version, versionName } from '../model/version.ts'
import { lineReason } from './because.ts'
import type { Reading } from './reading.ts'
import { remedies, remedyFor } from './remedies/remedies.ts'

/**
 * One connection (or operation, or line of a log) of an account as its owner reads it. The field names are those of `tlsunset audit --json` and of
 * the API alike.
 */
export interface AuditLine {
  /** ISO 8601, UTC, with milliseconds. */
  at: string
  address: string
  sni: string
  /** The rule that tied it to the account, and how surely. */
  attributed_by: string
  confidence: Sighting['confidence']
  stack: string
  user_agent: string
  operation: string
  /** Highest version offered; null where no source saw the offer. */
  offered_max: string | null
  /** Null when nothing was agreed, or no source saw what. */
  negotiated: string | null
  suite: string | null
  outcome: Sighting['outcome']
  /** Under the next floor; `none` where this line says nothing about the client's TLS. */
  verdict: 'breaks' | 'clear' | 'unsure' | 'none'
  clause: string | null
  /** Why that verdict, and what it is inferred from where no hello was seen. */
  reason: string
  remedy: string | null
  /** What the remedy asks for, in one line. */
  remedy_title: string | null
  /** The junk rule by which it is set apart; it then counts for no verdict. */
  junk: string | null
  /** How often this exact line was seen; sources that aggregate say more than 1. */
  count: number
}

/** The columns in their order, as CSV and tables show them. */
export const auditColumns = [
  'at',
  'address',
  'sni',
  'stack',
  'user_agent',
  'operation',
  'offered_max',
  'negotiated',
  'suite',
  'outcome',
  'verdict',
  'clause',
  'reason',
  'remedy',
  'remedy_title',
  'count',
  'attributed_by',
  'confidence',
  'junk',
] as const satisfies readonly (keyof AuditLine)[]

interface AuditFacts {
  read: (row: UsageRow) => Reading
  floor: Floor
  /** Names the stack behind a row. */
  stackOf: (row: UsageRow) => StackGuess
  /** Absent: nothing is set apart. */
  junkRuleOf?: (row: UsageRow) => { name: string; because: string } | undefined
}

/** Judges one connection as the roll-up is judged, so that the lines of an account add up to its verdict. */
export function auditLine(
  account: string,
  sighting: Sighting,
  { read, floor, stackOf, junkRuleOf }: AuditFacts,
): AuditLine {
  const row = rowOf(account, sighting)
  const reading = read(row)
  const stack = stackOf(row)
  const junk = junkRuleOf?.(row)
  const clause = reading.kind === 'breaks' && !junk ? reading.clause : null
  const remedy = junk || reading.kind === 'apart' ? null : remedyFor(clause, stack)
  return {
    at: new Date(sighting.atMs).toISOString(),
    address: sighting.address,
    sni: sighting.sni,
    attributed_by: sighting.attributedBy,
    confidence: sighting.confidence,
    stack: surelyText(stack),
    user_agent: sighting.userAgent,
    operation: sighting.operation,
    offered_max: nameOf(sighting.offeredMax),
    negotiated: nameOf(sighting.negotiated),
    suite: sighting.suite === 0 ? null : (suiteOf(sighting.suite)?.name ?? null),
    outcome: sighting.outcome,
    verdict: junk ? 'none' : verdicts[reading.kind],
    clause,
    reason: junk ? `set apart as junk: ${junk.because}` : lineReason(row, reading, floor),
    remedy,
    remedy_title: remedy === null ? null : (remedies().get(remedy)?.title ?? null),
    junk: junk?.name ?? null,
    count: sighting.count,
  }
}

/** A connection as a row of the roll-up with a count of its own. */
function rowOf(account: string, sighting: Sighting): UsageRow {
  const { atMs, address, sni, count, ...rest } = sighting
  return {
    ...rest,
    account,
    dayMs: startOfDay(atMs),
    connections: count,
    firstSeenMs: atMs,
    lastSeenMs: Math.min(atMs, startOfDay(atMs) + dayMs - 1),
    addresses: address === '' ? 0 : 1,
    hours: [],
    snis: sni === '' ? [] : [sni],
  }
}

const verdicts: Record<Reading['kind'], AuditLine['verdict']> = {
  breaks: 'breaks',
  passes: 'clear',
  unsure: 'unsure',
  apart: 'none',
}

function nameOf(version: Version): string | null {
  return version === 0 ? null : versionName(version)
}
