import type { AuditLine } from '../identify/audit-line.ts'
import type { Outcome } from '../identify/what-if.ts'
import type {
  AccountDetail,
  Foundations,
  Health,
  Question,
  Refusal,
  SightingPage,
  SourceState,
  UsageAnswer,
  UsageQuery,
  Window,
} from '../model/api.ts'
import type { Floor, Policy } from '../model/policy.ts'
import type { BurnDownPoint, Report } from '../model/verdict.ts'

/** What the API needs to know. Answered from the store when serving, from made-up data in tests. */
export interface Facts {
  policy(): Policy
  report(question: Question): Promise<Report>
  /** Null: this account was never seen and the policy does not name it. */
  account(account: string, question: Question): Promise<AccountDetail | null>
  /** What each floor would do to the traffic of the window. */
  whatIf(floors: readonly Floor[], question: Question): Promise<Outcome[]>
  foundations(question: Question): Promise<Foundations>
  /** One point per step that holds data, oldest first. */
  burnDown(question: Question, stepMs: number): Promise<BurnDownPoint[]>
  /** Newest first. */
  refusals(limit: number): Promise<Refusal[]>
  /** Accounts refused and how often, in a window. */
  refused(window: Window): Promise<{ accounts: number; connections: number }>
  sources(window: Window): Promise<SourceState[]>
  /** The roll-up itself, for commands that judge by a floor of their own. */
  usage(query: UsageQuery): Promise<UsageAnswer>
  /** Connections of one account, oldest first, a page at a time. */
  sightings(query: Window & { account: string; limit: number; after?: string }): Promise<SightingPage>
  /** The same connections, each judged under the next floor. */
  auditLines(
    query: Window & { account: string; limit: number; after?: string },
  ): Promise<{ lines: AuditLine[]; next: string | null }>
  health(): Promise<Health>
  /** Calls the listener when answers may have changed, as often as they do; answers with how to stop. */
  onChange(listener: () => void): () => void
}
