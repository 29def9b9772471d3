import { durationText } from '../base/duration.ts'
import { atOnce, type Steps } from '../base/steps.ts'
import type { Window } from '../model/api.ts'
import { gapText, type SourceCoverage } from '../model/coverage.ts'
import type { JunkCount } from '../model/junk/set-apart.ts'
import type { Confidence } from '../model/observation.ts'
import type { Exemption, Floor } from '../model/policy.ts'
import type { Clause } from '../model/prediction.ts'
import type { HelloShape, UsageRow } from '../model/usage.ts'
import type { AccountVerdict, Attributed, Counts, Report, StackGuess, VerdictKind } from '../model/verdict.ts'
import type { Version } from '../model/version.ts'
import { becauseOf } from './because.ts'
import { type CheckOffer, type Reading, reader } from './reading.ts'
import { remedyFor } from './remedies/remedies.ts'

/** An account that is known from elsewhere: the retirement file, an earlier window, a customer list. */
interface KnownAccount {
  account: string
  /** 0 when it was never seen. */
  lastSeenMs: number
}

export interface Facts {
  retirement: string
  service: string
  rows: readonly UsageRow[]
  shapes: ReadonlyMap<string, HelloShape>
  /** The floor to judge against: the next one of the retirement file, or a candidate. */
  floor: Floor
  check: CheckOffer
  /** [fromMs, toMs) in UTC; rows that lie outside only tell when an unseen account was seen last. */
  window: Window
  cutoffMs: number | null
  known?: readonly KnownAccount[]
  exemptions?: readonly Exemption[]
  /** By source id: what it cannot see. */
  blind?: Readonly<Record<string, readonly string[]>>
  /** Lines that gave no observation, by reason. */
  skipped?: Record<string, number>
  /** What was set apart before, for the report to tell. */
  junk?: readonly JunkCount[]
  /** When the sources were silent although they should not have been. */
  coverage?: readonly SourceCoverage[]
  /** Names the stack behind a row. */
  stackOf: (row: UsageRow, shape: HelloShape | undefined) => StackGuess
}

/** One row and what it says. */
export interface ReadRow {
  row: UsageRow
  reading: Reading
}

/**
 * Who is left: a verdict for each account of the window, those that break first. Pure; the order of rows does not matter, and one more row
 * that breaks never betters a verdict.
 */
export function judge(facts: Facts): Report {
  return atOnce(judging(facts))
}

/** The same in steps, of an account each. */
export function* judging(facts: Facts): Steps<Report> {
  const rows = facts.rows.filter(row => isInside(row, facts.window))
  const read = reader({ rows, shapes: facts.shapes, floor: facts.floor, check: facts.check })
  const byAccount = new Map<string, ReadRow[]>()
  for (const row of rows) {
    const found = byAccount.get(row.account)
    if (found) found.push({ row, reading: read(row) })
    else byAccount.set(row.account, [{ row, reading: read(row) }])
  }

  yield
  const accounts: AccountVerdict[] = []
  for (const [account, entries] of byAccount) {
    accounts.push(judgeAccount(account, entries, facts))
    yield
  }
  for (const [account, lastSeenMs] of unseenAccounts(facts, byAccount))
    accounts.push(judgeUnseen(account, lastSeenMs, facts))
  accounts.sort(byUrgency)

  const attributed = accounts.filter(verdict => verdict.account !== '')
  return {
    retirement: facts.retirement,
    service: facts.service,
    sources: [...new Set(rows.map(row => row.source))].sort(),
    window: facts.window,
    floor: facts.floor.title,
    cutoffMs: facts.cutoffMs,
    totals: {
      ...sumCounts(accounts.map(verdict => verdict.counts)),
      accounts: attributed.length,
      accountsThatBreak: attributed.filter(verdict => verdict.verdict === 'breaks').length,
      observations: rows.reduce((sum, row) => sum + row.connections, 0),
      skipped: facts.skipped ?? {},
    },
    byVersion: countVersions(rows),
    attribution: attributionOf(rows),
    junk: [...(facts.junk ?? [])],
    coverage: [...(facts.coverage ?? [])],
    accounts,
  }
}

/** Worst first. */
const urgency: readonly VerdictKind[] = ['breaks', 'unsure', 'clear', 'unseen']

function byUrgency(a: AccountVerdict, b: AccountVerdict): number {
  return (
    urgency.indexOf(a.verdict) - urgency.indexOf(b.verdict) ||
    b.counts.wouldBreak - a.counts.wouldBreak ||
    b.counts.connections - a.counts.connections ||
    (a.account < b.account ? -1 : a.account > b.account ? 1 : 0)
  )
}

function judgeAccount(account: string, entries: readonly ReadRow[], facts: Facts): AccountVerdict {
  const verdict = verdictOf(entries)
  const counts = countsOf(entries)
  const breaking = entries.filter(entry => entry.reading.kind === 'breaks')
  return {
    account,
    service: facts.service || entries[0]!.row.service,
    verdict,
    because: becauseOf(verdict, entries, facts) + unlessSilent(verdict, entries, facts),
    clauses: clausesOf(breaking),
    counts,
    firstSeenMs: Math.min(...entries.map(entry => entry.row.firstSeenMs)),
    lastSeenMs: Math.max(...entries.map(entry => entry.row.lastSeenMs)),
    lastBreakingMs: breaking.reduce((last, entry) => Math.max(last, entry.row.lastSeenMs), 0),
    ...lowestOffer(breaking.length > 0 ? breaking : entries),
    stacks: stacksOf(breaking.length > 0 ? breaking : entries, facts),
    attributedBy: attributionOf(entries.map(entry => entry.row)),
    exemptUntilMs: exemptUntil(account, facts.exemptions ?? []),
    blind: blindSpots(entries, facts),
  }
}

/** What a good verdict cannot say of the time in which its sources delivered nothing although they should have. */
function unlessSilent(verdict: VerdictKind, entries: readonly ReadRow[], facts: Facts): string {
  if (verdict !== 'clear') return ''
  let silentMs = 0
  for (const { source, gaps } of facts.coverage ?? [])
    if (entries.some(({ row }) => row.source === source))
      silentMs += gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0)
  return silentMs === 0 ? '' : `; but its sources delivered nothing for ${durationText(silentMs)}`
}

/** The highest version of the client that offers least; nothing when no source saw an offer. */
function lowestOffer(entries: readonly ReadRow[]): { offeredMax?: Version } {
  const offers = entries.map(entry => entry.row.offeredMax).filter(version => version > 0)
  return offers.length > 0 ? { offeredMax: Math.min(...offers) } : {}
}

/** The worst that any row says; rows that say nothing about TLS leave the account unseen. */
export function verdictOf(entries: readonly ReadRow[]): VerdictKind {
  const kinds = new Set(entries.map(entry => entry.reading.kind))
  if (kinds.has('breaks')) return 'breaks'
  if (kinds.has('unsure')) return 'unsure'
  return kinds.has('passes') ? 'clear' : 'unseen'
}

export function countsOf(entries: readonly ReadRow[]): Counts {
  const counts: Counts = { connections: 0, accepted: 0, refused: 0, failed: 0, wouldBreak: 0 }
  for (const { row, reading } of entries) {
    counts.connections += row.connections
    counts[row.outcome] += row.connections
    if (reading.kind === 'breaks') counts.wouldBreak += row.connections
  }
  return counts
}

function sumCounts(all: readonly Counts[]): Counts {
  const sum: Counts = { connections: 0, accepted: 0, refused: 0, failed: 0, wouldBreak: 0 }
  for (const counts of all) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key]
  return sum
}

function clausesOf(breaking: readonly ReadRow[]): Clause[] {
  const counts = new Map<Clause, number>()
  for (const { row, reading } of breaking)
    if (reading.kind === 'breaks')
      counts.set(reading.clause, (counts.get(reading.clause) ?? 0) + row.connections)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([clause]) => clause)
}

/** Distinct stacks with their remedies, the most frequent first. */
function stacksOf(entries: readonly ReadRow[], facts: Facts): StackGuess[] {
  const found = new Map<string, { guess: StackGuess; connections: number }>()
  for (const { row, reading } of entries) {
    if (reading.kind === 'apart') continue
    const named = facts.stackOf(row, facts.shapes.get(row.shape))
    const clause = reading.kind === 'breaks' ? reading.clause : null
    const guess = { ...named, remedy: remedyFor(clause, named) }
    const key = `${guess.title}\n${guess.remedy}`
    const known = found.get(key)
    if (!known) found.set(key, { guess, connections: row.connections })
    else {
      known.connections += row.connections
      if (guess.strength === 'proves' && known.guess.strength !== 'proves') known.guess = guess
    }
  }
  return [...found]
    .sort((a, b) => b[1].connections - a[1].connections || (a[0] < b[0] ? -1 : 1))
    .map(([, entry]) => entry.guess)
}

function exemptUntil(account: string, exemptions: readonly Exemption[]): number | null {
  const ends = exemptions.filter(entry => entry.account === account).map(entry => entry.untilMs)
  return ends.length > 0 ? Math.max(...ends) : null
}

const surely: readonly Confidence[] = ['certain', 'likely']

function blindSpots(entries: readonly ReadRow[], facts: Facts): string[] {
  const spots = new Set<string>()
  for (const { row, reading } of entries) {
    for (const spot of facts.blind?.[row.source] ?? []) spots.add(spot)
    if (reading.kind === 'breaks' && reading.by === 'negotiated')
      spots.add(`a middlebox or a retry may hide a client that can do better than ${row.source} saw agreed`)
    if (row.account !== '' && !surely.includes(row.confidence))
      spots.add(
        `some of this traffic was tied to the account by ${row.attributedBy || 'a guess'}, without certainty`,
      )
  }
  for (const { source, gaps } of facts.coverage ?? [])
    if (entries.some(({ row }) => row.source === source))
      for (const gap of gaps) spots.add(gapText(source, gap))
  return [...spots].sort()
}

/** Traffic by the rule that tied it to an account; that of no account comes last, whatever its size. */
function attributionOf(rows: readonly UsageRow[]): Attributed[] {
  const found = new Map<string, Attributed & { names: Set<string> }>()
  for (const { account, attributedBy, confidence, connections } of rows) {
    const by = account === '' ? '' : attributedBy
    const key = `${by}\n${account === '' ? '' : confidence}`
    const entry = found.get(key) ?? {
      by,
      confidence: account === '' ? 'none' : confidence,
      connections: 0,
      accounts: 0,
      names: new Set<string>(),
    }
    found.set(key, entry)
    entry.connections += connections
    if (account !== '') entry.names.add(account)
  }
  return [...found.values()]
    .map(({ names, ...entry }) => ({ ...entry, accounts: names.size }))
    .sort(
      (a, b) =>
        Number(a.confidence === 'none') - Number(b.confidence === 'none') ||
        b.connections - a.connections ||
        (a.by < b.by ? -1 : 1),
    )
}

function unseenAccounts(facts: Facts, seen: ReadonlyMap<string, unknown>): Map<string, number> {
  const unseen = new Map<string, number>()
  const add = (account: string, lastSeenMs: number) => {
    if (account !== '' && !seen.has(account))
      unseen.set(account, Math.max(lastSeenMs, unseen.get(account) ?? 0))
  }
  for (const known of facts.known ?? []) add(known.account, known.lastSeenMs)
  for (const exemption of facts.exemptions ?? []) add(exemption.account, 0)
  for (const row of facts.rows) if (row.lastSeenMs < facts.window.fromMs) add(row.account, row.lastSeenMs)
  return unseen
}

function judgeUnseen(account: string, lastSeenMs: number, facts: Facts): AccountVerdict {
  return {
    account,
    service: facts.service,
    verdict: 'unseen',
    because: becauseOf('unseen', [], facts, lastSeenMs),
    clauses: [],
    counts: { connections: 0, accepted: 0, refused: 0, failed: 0, wouldBreak: 0 },
    firstSeenMs: 0,
    lastSeenMs,
    lastBreakingMs: 0,
    stacks: [],
    attributedBy: [],
    exemptUntilMs: exemptUntil(account, facts.exemptions ?? []),
    blind: [],
  }
}

export function isInside(row: UsageRow, window: { fromMs: number; toMs: number }): boolean {
  return row.lastSeenMs >= window.fromMs && row.firstSeenMs < window.toMs
}

/** The rows of a window, picked when they are asked for: to read a row takes all the others only now and then. */
export function rowsInside(rows: readonly UsageRow[], window: Window): Iterable<UsageRow> {
  return {
    *[Symbol.iterator]() {
      for (const row of rows) if (isInside(row, window)) yield row
    },
  }
}

/** How often each version was offered at most, agreed to, and either; version 0 counts what was not known. Oldest first. */
function countVersions(rows: Iterable<UsageRow>): Report['byVersion'] {
  const counts = new Map<Version, Omit<Report['byVersion'][number], 'version'>>()
  const entry = (version: Version) => {
    const found = counts.get(version) ?? { offered: 0, negotiated: 0, connections: 0 }
    counts.set(version, found)
    return found
  }
  for (const row of rows) {
    entry(row.offeredMax).offered += row.connections
    entry(row.negotiated).negotiated += row.connections
    entry(row.negotiated || row.offeredMax).connections += row.connections
  }
  return [...counts].sort((a, b) => a[0] - b[0]).map(([version, count]) => ({ version, ...count }))
}
