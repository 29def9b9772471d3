import type { FaultKind } from '../../base/fault.ts'
import type { Policy } from '../../model/policy.ts'
import type { Address } from './raw-tcp.ts'
import type { WorkerHealth } from './worker.ts'

/** What the supervisor tells a worker process; `start` carries the listening socket. */
export type ToWorker =
  | { kind: 'start'; policy: Policy; spoolDir: string; name: string }
  | { kind: 'policy'; policy: Policy }
  | { kind: 'health'; id: number }
  | { kind: 'stop' }

export type FromWorker =
  /** The program runs and waits for `start`. */
  | { kind: 'hello' }
  | { kind: 'ready'; address: Address }
  | { kind: 'fault'; fault: FaultFields }
  | { kind: 'health'; id: number; health: WorkerHealth }
  /** `everywhere`: the others say the same. */
  | { kind: 'trouble'; text: string; everywhere?: boolean }

export interface FaultFields {
  kind: FaultKind
  code: string
  message: string
  hint?: string
}
