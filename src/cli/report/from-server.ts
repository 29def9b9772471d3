import { Fault } from '../../base/fault.ts'
import type { Outcome } from '../../identify/what-if.ts'
import type { Foundations, PolicyAnswer, ReportAnswer, Window } from '../../model/api.ts'
import { type Policy, withoutTables } from '../../model/policy.ts'
import { policyHash } from '../../model/policy-hash.ts'
import type { Report } from '../../model/verdict.ts'
import { locationText, parseLocation } from '../../store/location.ts'
import { askServer } from '../ask-server.ts'
import type { FlagValues, Io } from '../command.ts'
import type { ReportBasis, WhatIfBasis } from './gather.ts'
import { windowOf } from './window.ts'

const policies = new WeakMap<Io, Promise<Policy | null>>()

/** The retirement file of the server that holds the store, asked for once; null when no server runs. */
export function serverPolicy(flags: FlagValues, io: Io): Promise<Policy | null> {
  const known =
    policies.get(io) ?? asked<PolicyAnswer>('/v1/policy', flags, io).then(answer => answer?.policy ?? null)
  policies.set(io, known)
  return known
}

/**
 * The report that the server keeps, or null when it keeps none like the one that is asked for: no server runs, or the question brings a floor or a
 * retirement file of its own, or wants what is behind the numbers.
 */
export async function serverReport(
  flags: FlagValues,
  io: Io,
): Promise<{ report: Report; gathered: ReportBasis } | null> {
  if (flags.floor !== undefined || flags.by === 'stack' || !(await isAskedAlike(flags, io))) return null
  const answer = await asked<ReportAnswer>(`/v1/report?${questionText(flags, io)}`, flags, io)
  return (
    answer && {
      report: answer.report,
      gathered: { ...answer, faults: [], accountsBy: accountsBy(flags, io) },
    }
  )
}

/** The outcomes of floors by what the server keeps; null as for `serverReport`. */
export async function serverWhatIf(
  floors: readonly string[],
  flags: FlagValues,
  io: Io,
): Promise<{ outcomes: Outcome[]; gathered: WhatIfBasis } | null> {
  // Which rows named a host the server keeps only where its own floor asks.
  const { loadFloor } = await import('../load-policy.ts')
  if (floors.length > mostFloors || floors.map(loadFloor).some(floor => floor.requireSni)) return null
  if (!(await isAskedAlike(flags, io))) return null
  const names = floors.map(floor => `&floor=${encodeURIComponent(floor)}`).join('')
  const answer = await asked<
    Omit<WhatIfBasis, 'shapes'> & Pick<Foundations, 'shapes'> & { window: Window; floors: Outcome[] }
  >(`/v1/what-if?${questionText(flags, io)}&limit=1000000${names}`, flags, io)
  if (!answer) return null
  const { floors: outcomes, shapes, ...rest } = answer
  return {
    outcomes,
    gathered: { ...rest, shapes: { size: shapes }, faults: [], accountsBy: accountsBy(flags, io) },
  }
}

/** So many floors the server takes at once. */
const mostFloors = 10

/** Whether the server judges by the retirement file that the command was given, or the command was given none. */
async function isAskedAlike(flags: FlagValues, io: Io): Promise<boolean> {
  if (flags.explain) return false
  const known = await serverPolicy(flags, io)
  if (known === null) return false
  if (flags.config === undefined) return true
  const { loadPolicy } = await import('../load-policy.ts')
  return policyHash(withoutTables(loadPolicy(flags.config as string, io))) === policyHash(known)
}

/** Null without a running server, and when it is of another version that does not know the path. */
async function asked<Answer>(path: string, flags: FlagValues, io: Io): Promise<Answer | null> {
  const location = parseLocation(flags.store as string | undefined, io)
  if (location.kind !== 'directory') return null
  try {
    return await askServer<Answer>(location.path, path, io.signal)
  } catch (error) {
    if (error instanceof Fault && error.code === 'no-such-path') return null
    throw error
  }
}

function questionText(flags: FlagValues, io: Io): string {
  const { fromMs, toMs, named } = windowOf(flags, io.now())
  const query = new URLSearchParams({ fresh: '' })
  if (named) {
    query.set('from', new Date(fromMs).toISOString())
    query.set('to', new Date(toMs).toISOString())
  }
  if (flags['with-junk']) query.set('junk', 'count')
  return query.toString()
}

function accountsBy(flags: FlagValues, io: Io): string {
  return `as stored in ${locationText(parseLocation(flags.store as string | undefined, io))}`
}
