import type { FaultKind } from '../../base/fault.ts'
import type { Health, ProcessState } from '../../model/api.ts'
import type { Policy } from '../../model/policy.ts'
import type { Location } from '../../store/location.ts'

/** What the supervisor tells the process that owns the store and serves the console. Secrets travel this way, never by argument or environment. */
export type ToConsole =
  | { say: 'start'; settings: ConsoleSettings }
  | { say: 'processes'; processes: ProcessState[]; gateway: Health['gateway']; problems: string[] }
  | { say: 'policy'; policy: Policy }
  | { say: 'stop' }

export interface ConsoleSettings {
  policy: Policy
  location: Location
  spoolDir: string
  listen: { host: string; port: number }
  token: string
  hasGateway: boolean
}

export type FromConsole =
  | { say: 'ready'; port: number }
  | { say: 'fault'; kind: FaultKind; code: string; message: string; hint?: string }
  /** A brownout crossed a guardrail. */
  | { say: 'abort'; fromMs: number; atMs: number; why: string }
  /** A line for the operator. */
  | { say: 'note'; text: string }
