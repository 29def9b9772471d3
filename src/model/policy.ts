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

/** How an account is read from what a source knows; tried in order. */
export type AccountRule =
  | { by: 'sni'; pattern: string }
  | { by: 'header'; name: string }
  | { by: 'field'; name: string }
  | { by: 'address'; file: string }
  | { by: 'certificate'; field: 'subject' | 'san' }

/** The retirement file, read and checked. Everything is plain data, so that it can be handed to another process or to the browser. */
export interface Policy {
  retirement: string
  service: { names: string[]; owner: string; certificates?: CertificateKey[] }
  accounts: AccountRule[]
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
