import type { OwnedNetwork } from './attribution/owner-table.ts'
import type { JunkRule } from './junk/rules.ts'
import type { Confidence } from './observation.ts'
import type { CertificateKey, Clause } from './prediction.ts'
import type { Version } from './version.ts'

/** The least that a client must be able to do. A list that is absent lets everything in. */
export interface Floor {
  version: Version
  suites?: number[]
  suitesTls13?: number[]
  groups?: number[]
  signatureSchemes?: number[]
  requireSni?: boolean
  /** How the file named the lists, for people: `TLS 1.2, suites intermediate`. */
  title: string
}

export type FloorName = 'now' | 'next'

/** What a client that fails the floor meets: `hard` is an alert, `soft` an HTTP answer after the handshake (terminating edges only). */
export type RefusalManner = 'hard' | 'soft'

/** [fromMs, toMs) in UTC during which the next floor holds, and which ends by itself. */
export interface Brownout {
  fromMs: number
  toMs: number
  refuse: RefusalManner
  /** What happens to legacy connections that are open when the window starts. */
  open: 'leave' | 'drain'
}

export interface RampStep {
  atMs: number
  /** 0 to 1: the share of accounts to which the next floor applies from then on; an account stays in once it is in. */
  share: number
}

export interface Exemption {
  account: string
  /** The exemption ends at this instant. */
  untilMs: number
  reason: string
  approvedBy: string
  compensating?: string
}

/** How an account is read from what a source knows; tried in order, and the first that answers wins. */
export type AccountRule = AccountSource & {
  /** As the answer names the rule; absent: by its kind. */
  name?: string
  /** How surely it answers; absent: as usual for its kind. */
  confidence?: Exclude<Confidence, 'none'>
}

export type AccountSource =
  | { by: 'sni'; pattern: string }
  | ({ by: 'header'; header: string } & TextRule)
  | ({ by: 'field'; field: string | number } & TextRule)
  | ({ by: 'principal' } & TextRule)
  | ({ by: 'certificate'; part: 'subject' | 'san'; field?: string | number } & TextRule)
  /** The key itself is never kept: without a table the account is named by its hash. */
  | ({ by: 'api-key'; field: string | number } & TextRule)
  | { by: 'address'; file: string; networks: OwnedNetwork[] }
  | ({ by: 'user-agent' } & TextRule)

/** How a text becomes an account: a part of it that a pattern picks, all of it, or what a table or the rule itself says. */
export interface TextRule {
  pattern?: string
  /** The account of every text that fits the pattern. */
  account?: string
  /** The table from text (of API keys: from their hash) to account, and the file that it came from. */
  owners?: { file: string; accounts: Record<string, string> }
}

/** The retirement file, read and checked. Everything is plain data, so that it can be handed to another process or to the browser. */
export interface Policy {
  retirement: string
  service: { names: string[]; owner: string; certificates?: CertificateKey[] }
  accounts: AccountRule[]
  /** What is set apart from every number, in order; absent: the built-in rules. */
  junk?: JunkRule[]
  floor: { now: Floor; next: Floor }
  /** Absent: no cutoff has been set yet. */
  cutoffMs?: number
  brownouts: Brownout[]
  ramp: RampStep[]
  /** Periods in which neither brownouts nor new ramp steps act. */
  freeze: { fromMs: number; toMs: number }[]
  exemptions: Exemption[]
  guardrails: { abortIfRefusedAccounts?: number; abortIfRefusedShare?: number }
  ready: { maxAccountsThatBreak: number; cleanCycles: number }
  /** Rows that a per-name policy always needs: hellos without SNI, and with a name that is not the service's. */
  unknown: { noSni: FloorName; otherSni: FloorName }
  gateway?: GatewaySettings
}

/** The policy without what tables say: whose keys and networks they are is nobody else's business. */
export function withoutTables(policy: Policy): Policy {
  return {
    ...policy,
    accounts: policy.accounts.map(rule => {
      if (rule.by === 'address') return { ...rule, networks: [] }
      return 'owners' in rule && rule.owners ? { ...rule, owners: { ...rule.owners, accounts: {} } } : rule
    }),
  }
}

export interface GatewaySettings {
  listen: { host: string; port: number }
  workers: number
  /** First match wins; `sni` patterns as in service.names, `*` for everything, including no SNI. */
  upstreams: { sni: string; to: { host: string; port: number }; proxyProtocol: 'none' | 'v2' }[]
  /** Each worker process holds to these on its own. */
  limits: {
    helloBytes: number
    /** From accept to the end of the hello, however slowly it comes. */
    helloTimeoutMs: number
    connectionsPerAddress: number
    connections: number
    idleTimeoutMs: number
    connectTimeoutMs: number
    drainTimeoutMs: number
  }
}

/** Whom a hello belongs to, as far as it is known when the decision falls. */
export interface Who {
  account: string | null
  /** `service`: the name is one of service.names; `other`: another name; `none`: no SNI was sent. */
  name: 'service' | 'other' | 'none'
}

/** The rule that put a floor in force. */
export type Rule = 'before-cutoff' | 'cutoff' | 'brownout' | 'ramp' | 'exemption' | 'no-sni' | 'other-sni'

export interface Decision {
  action: 'accept' | 'refuse'
  /** Which floor was in force for this client at that time, and by which rule. */
  floor: FloorName
  rule: Rule
  manner: RefusalManner
  /** Set when refused: the clause of the floor in force that the offer fails. */
  clause: Clause | null
  /** Alert description to send when refused; 0 when accepted. */
  alert: number
  /** Set when the offer fails the next floor, whatever is in force now: what the forecast counts. */
  breaks: Clause | null
  /** One sentence for people. */
  because: string
}
