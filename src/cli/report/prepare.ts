import { Fault } from '../../base/fault.ts'
import { dayMs } from '../../base/time.ts'
import { type Facts, judge } from '../../identify/judge.ts'
import { withoutMended } from '../../identify/rhythm.ts'
import { stackNamer } from '../../identify/stacks/name.ts'
import { profileOf } from '../../model/decide.ts'
import { negotiate } from '../../model/negotiate.ts'
import type { Floor, Policy } from '../../model/policy.ts'
import type { Report } from '../../model/verdict.ts'
import { TLS_1_2 } from '../../model/version.ts'
import type { FlagValues, Io } from '../command.ts'
import { loadFloor, loadPolicy } from '../load-policy.ts'
import { accountsFromOf } from './accounts-from.ts'
import type { Gathered } from './gather.ts'

/** What the commands that judge share: floor, rows and shapes from files or the store, and the report over them. */
export interface Prepared {
  gathered: Gathered
  facts: Facts
  report: Report
  /** The retirement file, when one was named. */
  policy: Policy | undefined
  /** The facts with all that mended accounts ever sent. */
  all: Facts
  /** Accounts of which only what came after the day that starts at the instant is counted: mended by their own rhythm. */
  mended: ReadonlyMap<string, number>
}

/** What a command needs beyond counts, which the store then leaves in. */
export interface Needs {
  /** Hours of the week of each client. */
  hours?: boolean
  /** Every row as it is stored: names, addresses, operations. */
  everyRow?: boolean
}

/** How far back the store is asked when no window is given. */
const usualWindowMs = 90 * dayMs

export async function prepareReport(
  files: readonly string[],
  flags: FlagValues,
  io: Io,
  needs: Needs = {},
): Promise<Prepared> {
  const policy = flags.config === undefined ? undefined : loadPolicy(flags.config as string, io)
  const floor =
    flags.floor === undefined
      ? (policy?.floor.next ?? { version: TLS_1_2, title: 'TLS 1.2' })
      : loadFloor(flags.floor as string)
  const gathered = await gather(files, flags, policy, io, { ...needs, names: floor.requireSni === true })
  const all = factsOf(gathered, floor, policy)
  // Asked for no window, the store answers who is left today, as the console does; files and windows are judged as they are.
  const isToday = files.length === 0 && flags.from === undefined && flags.to === undefined
  const agreed = { cleanCycles: policy?.ready.cleanCycles ?? 2, nowMs: io.now() }
  const current = isToday
    ? await withoutMended(all, agreed, gathered.rowsAfter)
    : { facts: all, habits: new Map() }
  const mended = new Map<string, number>()
  for (const [account, { rhythm, isMended }] of current.habits)
    if (isMended) mended.set(account, rhythm.lastMs)
  return { gathered, facts: current.facts, report: judge(current.facts), policy, all, mended }
}

async function gather(
  files: readonly string[],
  flags: FlagValues,
  policy: Policy | undefined,
  io: Io,
  needs: Needs & { names: boolean },
): Promise<Gathered> {
  if (files.length === 0) {
    const { gatherFromStore } = await import('./from-store.ts')
    return gatherFromStore(flags.store as string | undefined, windowOf(flags, io.now()), needs, io)
  }
  const from = timeOf('from', flags.from)
  const to = timeOf('to', flags.to)
  const accountsFrom = accountsFromOf(flags.accounts as string | undefined, policy)
  const { gatherFromFiles } = await import('./from-files.ts')
  return gatherFromFiles(
    files,
    {
      ...(flags.source !== undefined && { sourceId: flags.source as string }),
      ...(accountsFrom && { accountsFrom }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    },
    io,
  )
}

/** The same rows against another floor. */
export function factsOf(gathered: Gathered, floor: Floor, policy?: Policy): Facts {
  const profile = profileOf(floor, policy?.service.certificates)
  return {
    retirement: policy?.retirement ?? '',
    service: policy?.service.names.join(', ') ?? '',
    rows: gathered.rows,
    shapes: gathered.shapes,
    floor,
    check: offer => {
      const answer = negotiate(offer, profile)
      return answer.outcome === 'refused' ? answer.clause : null
    },
    window: gathered.window,
    cutoffMs: policy?.cutoffMs ?? null,
    exemptions: policy?.exemptions ?? [],
    blind: Object.fromEntries(gathered.sources.map(source => [source.id, source.blind])),
    skipped: gathered.skipped,
    stackOf: stackNamer(),
  }
}

/** The window that --from and --to name; by default the last 90 days. */
function windowOf(flags: FlagValues, nowMs: number): { fromMs: number; toMs: number } {
  const toMs = timeOf('to', flags.to) ?? nowMs
  const fromMs = timeOf('from', flags.from) ?? toMs - usualWindowMs
  if (fromMs >= toMs) throw new Fault('usage', 'window', 'the window is empty: --from is not before --to')
  return { fromMs, toMs }
}

function timeOf(name: string, text: FlagValues[string]): number | undefined {
  if (typeof text !== 'string') return undefined
  const atMs = Date.parse(
    /^\d{4}-\d\d-\d\d$/.test(text) || /[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`,
  )
  if (Number.isNaN(atMs))
    throw new Fault('usage', 'time', `--${name} is not a time: ${text}`, {
      hint: `--${name} 2026-11-01T00:00:00Z`,
    })
  return atMs
}
