import type { FaultKind } from '../base/fault.ts'
import type { Gap, SourceCoverage } from './coverage.ts'
import type { GoLedger } from './decision.ts'
import type { Confidence, Observation } from './observation.ts'
import type { FloorName, Policy } from './policy.ts'
import type { Clause } from './prediction.ts'
import type { InForce, Moment } from './schedule.ts'
import type { HelloShape, UsageRow } from './usage.ts'
import type { AccountVerdict, BurnDownPoint, ClientSeen, Report } from './verdict.ts'
import type { Version } from './version.ts'

/** What the API answers: the contract between server, console and other commands. Times are in ms since 1970, UTC. */

/** [fromMs, toMs). */
export interface Window {
  fromMs: number
  toMs: number
  /**
   * Somebody asked for just this window: what accounts did in it counts, whether or not they have mended it since. Absent: it ends now, and asks who
   * is left.
   */
  named?: true
}

/** A window, and whether what junk rules set apart is to be counted. */
export interface Question extends Window {
  withJunk?: boolean
  /** What commands have taken in is in the answer; without it the answer may be that of a moment ago. */
  fresh?: true
}

/** `silent`: nothing arrived for longer than this source ever should be quiet, so its numbers are unknown, not zero. */
export type SourceStatus = 'live' | 'silent' | 'never' | 'sample'

export interface SourceState {
  id: string
  title: string
  status: SourceStatus
  /** 0: nothing was ever seen. */
  firstSeenMs: number
  lastSeenMs: number
  /** In the window that was asked about. */
  connections: number
  /** Connections per day in the window, from the first to the last one. */
  perDay: number
  /** When nothing came in the window although something should have. */
  gaps: Gap[]
  /** After so long without an observation the source counts as silent. */
  quietAfterMs: number
  /** What this source cannot see. */
  blind: string[]
  /** Lines or connections that gave no observation, with the reason. */
  skipped: Record<string, number>
}

/** One refusal, as it happened. */
export interface Refusal {
  /** Grows with time; tells refusals of the same millisecond apart. */
  id: string
  atMs: number
  account: string
  sni: string
  address: string
  offeredMax: Version
  clause: Clause | string
  ja4: string
  source: string
  count: number
}

/** How often, within a window, at each hour of the week: Monday 00:00 UTC first, 168 entries. */
export type HoursOfWeek = number[]

export interface OperationSeen {
  operation: string
  connections: number
  wouldBreak: number
  lastSeenMs: number
}

/** One account, for the operator and for the customer behind it. */
export interface AccountDetail {
  account: AccountVerdict
  clients: ClientSeen[]
  /** Connections whose offer fails the next floor, and all. */
  hours: { all: HoursOfWeek; breaking: HoursOfWeek }
  operations: OperationSeen[]
  days: BurnDownPoint[]
  /** When the old offers of each client stack come, in words; the one that is furthest from clean first. */
  rhythms: { stack: string; text: string; hasStopped: boolean }[]
  attributedBy: string
  confidence: Confidence
  /** Remedy texts by the id that a client stack names. */
  remedies: Record<string, Remedy>
  refusals: Refusal[]
}

export interface Remedy {
  id: string
  title: string
  /** Markdown of headings, paragraphs, lists and code. */
  text: string
  sources: string[]
}

export interface ProcessState {
  id: string
  /** `gateway worker 1`, `store and console`. */
  title: string
  up: boolean
  pid: number
  startedMs: number
  restarts: number
}

export interface Health {
  /** `ok`, or the worst thing that is wrong. */
  status: 'ok' | 'degraded' | 'down'
  /** One line per thing that is wrong, with the remedy. */
  problems: string[]
  processes: ProcessState[]
  gateway: { listen: string; open: number; refused: number; accepted: number } | null
  /** Where observations are kept, as people name it. */
  store: string
}

/** Numbers of the first sentence; see `headline`. */
export interface Summary {
  /** The server's clock, so that countdowns do not depend on the reader's. */
  nowMs: number
  retirement: string
  service: string
  owner: string
  window: Window
  floor: Record<FloorName, string>
  cutoffMs: number | null
  totals: Report['totals']
  byVersion: Report['byVersion']
  /** Among the accounts that break: those with an exemption in force. */
  exempt: number
  /** Among the accounts that break: those with a notice in the audit log; null when no notices are kept. */
  told: number | null
  unsure: number
  inForce: InForce
  next: Moment | null
  /** Accounts refused since the floor in force began to act, and how often. */
  refused: { accounts: number; connections: number }
  /** Sources that are silent or have never delivered. */
  alarms: SourceState[]
  /** Some of the numbers are made up to show how things look. */
  hasSampleData: boolean
}

export interface PolicyAnswer {
  policy: Policy
  schedule: Moment[]
  inForce: InForce
  next: Moment | null
}

/** Go or no go as of now, and what is on record. */
export interface DecisionAnswer extends GoLedger {
  go: boolean | null
  because: string
  /** Change of the accounts that remain, per week; null when the days are too few. */
  perWeek: { value: number; range: [number, number] } | null
  atCutoff: { value: number; range: [number, number] } | null
  cutoffMs: number | null
}

/** RFC 9457 problem details, with the fields of a Fault. */
export interface Problem {
  type: string
  title: string
  status: number
  kind: FaultKind | 'bug'
  code: string
  hint?: string
}

/** What is wanted of the roll-up. Days, operations and addresses are added up unless every row is asked for. */
export interface UsageQuery extends Window {
  withHours?: boolean
  /** Tells rows that name a host from rows that name none. */
  withNames?: boolean
  /** The rows as they are stored, one for each day and operation, with hours and names. */
  everyRow?: boolean
  /** So many days before the window are answered too, in rows of their own. */
  historyDays?: number
  /** Of this account only. */
  account?: string
  /** Of these accounts only, and only what came after the day that starts at the instant. */
  after?: [account: string, atMs: number][]
}

/** What the numbers of a window rest on. */
export interface Foundations {
  sources: { id: string; title: string; blind: string[] }[]
  /** Distinct hellos. */
  shapes: number
}

export interface ReportAnswer {
  report: Report
  sources: Foundations['sources']
}

/** The roll-up of a window with the hellos it names: what commands ask a running server for, to judge by a floor of their own. */
export interface UsageAnswer {
  rows: UsageRow[]
  shapes: HelloShape[]
  /** Accounts ever seen, with the last time. */
  known: { account: string; lastSeenMs: number }[]
  sources: Foundations['sources']
  skipped: Record<string, number>
  /** What each source delivered in the window; empty where only some accounts were asked for. */
  coverage: SourceCoverage[]
}

/** One connection (or line of a log) of an account, as it was kept. */
export type Sighting = Pick<
  Observation,
  | 'atMs'
  | 'service'
  | 'attributedBy'
  | 'confidence'
  | 'source'
  | 'address'
  | 'sni'
  | 'shape'
  | 'offeredMax'
  | 'negotiated'
  | 'suite'
  | 'outcome'
  | 'reason'
  | 'retry'
  | 'operation'
  | 'userAgent'
  | 'count'
>

export interface SightingPage {
  sightings: Sighting[]
  /** What to ask for as `after` to go on; null at the end. */
  next: string | null
}

/** A token that opens one account's page and audit log, without what is secret of it. */
export interface AccountToken {
  id: string
  account: string
  issuedMs: number
  /** It ends at this instant. */
  untilMs: number
  revokedMs: number | null
}

/** As answered once, to whoever issued it. */
export interface IssuedToken extends AccountToken {
  token: string
  /** False when the store holds nothing of that account: its name may be mistyped. */
  seen: boolean
}

/** Whose session this is: the operator sees everybody, an account sees itself. */
export type SessionAnswer = { of: 'operator' } | { of: 'account'; account: string; untilMs: number }

/** In a path, the row of traffic that belongs to no account. */
export const unattributed = '(unattributed)'
