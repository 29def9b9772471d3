import type { Version } from '../model/version.ts'
import type { SourceId } from './sources.ts'

/** Something beside the answer that an operator should know; codes are stable. */
export interface Warning {
  code: string
  text: string
}

/** What one consumer of TLS offers on one host. */
export interface Answer {
  /** Versions surely offered, oldest first, without SSL 3.0. */
  offered: Version[]
  /** Versions on which the facts disagree or are missing. */
  maybe: Version[]
  /** Null: not known. */
  ssl3: boolean | null
  /** Why nothing is offered; stable codes. Absent while something may be. */
  error?: 'credential-failure' | 'no-common-protocol' | 'ArgumentException' | 'NotSupportedException'
  /** The mask asked of WinHTTP before Schannel filters it. */
  winhttpMask?: number
  /** ServicePointManager.SecurityProtocol as .NET prints it; advisory. */
  securityProtocol?: string
  /** False when a rule applied that is inferred or on which sources disagree. */
  certain: boolean
  /** The rule that decided, in one sentence. */
  because: string
  sources: SourceId[]
  warnings: Warning[]
}

/** An answer that has no versions because the call itself fails. */
export function failure(error: NonNullable<Answer['error']>, because: string, sources: SourceId[]): Answer {
  return { offered: [], maybe: [], ssl3: false, error, certain: true, because, sources, warnings: [] }
}

/** One answer of several that are possible: sure is what all agree on, the rest is open. */
export function either(answers: readonly Answer[], because: string): Answer {
  const first = answers[0]!
  const all = [...new Set(answers.flatMap(answer => [...answer.offered, ...answer.maybe]))].sort(
    (a, b) => a - b,
  )
  const offered = all.filter(version => answers.every(answer => answer.offered.includes(version)))
  const { error: _, ...rest } = first
  return {
    ...rest,
    ...(all.length === 0 && first.error ? { error: first.error } : {}),
    offered,
    maybe: all.filter(version => !offered.includes(version)),
    ssl3: answers.every(answer => answer.ssl3 === first.ssl3) ? first.ssl3 : null,
    certain: false,
    because,
    sources: [...new Set(answers.flatMap(answer => answer.sources))],
    warnings: [
      ...new Map(answers.flatMap(answer => answer.warnings).map(warning => [warning.code, warning])).values(),
    ],
  }
}

/** `yes`: nothing offered reaches the floor. `maybe`: it depends on an open point. */
export type Breaks = 'yes' | 'no' | 'maybe'

export function breaksAt(answer: Answer, floor: Version): Breaks {
  if (answer.offered.some(version => version >= floor)) return 'no'
  return answer.maybe.some(version => version >= floor) ? 'maybe' : 'yes'
}
