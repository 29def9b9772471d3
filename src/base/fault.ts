/** Whose fault, and what a caller may do about it. Exit codes follow from the kind; see docs/reference/exit-codes. */
export type FaultKind = 'usage' | 'input' | 'unreachable' | 'environment' | 'undecided'

export const exitCodes = {
  ok: 0,
  findings: 1,
  usage: 2,
  input: 3,
  unreachable: 4,
  environment: 5,
  undecided: 6,
  bug: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * Something the person at the keyboard can act on. Thrown anywhere, caught once per front door.
 * `code` is stable and anchors the documentation; `message` is lower case without a full stop; `hint` can be typed.
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly kind: FaultKind
  readonly code: string
  readonly hint: string | undefined

  constructor(kind: FaultKind, code: string, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.kind = kind
    this.code = code
    this.hint = more.hint
  }
}
