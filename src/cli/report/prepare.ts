import { type Facts, isInside, judge } from '../../identify/judge.ts'
import { type Habit, withoutMended } from '../../identify/rhythm.ts'
import { stackNamer } from '../../identify/stacks/name.ts'
import { profileOf } from '../../model/decide.ts'
import { negotiate } from '../../model/negotiate.ts'
import type { Floor, Policy } from '../../model/policy.ts'
import type { Report } from '../../model/verdict.ts'
import { TLS_1_2 } from '../../model/version.ts'
import type { FlagValues, Io } from '../command.ts'
import { accountsFromOf } from './accounts-from.ts'
import type { Gathered } from './gather.ts'
import { timeOf, windowOf } from './window.ts'
import { withoutJunk } from './without-junk.ts'

/** What the commands that judge share: floor, rows and shapes from files or the store, and the report over them. */
export interface Prepared {
  gathered: Gathered
  facts: Facts
  /** Made when it is first read. */
  readonly report: Report
  /** The retirement file: the one that was named, or that of the server which holds the store. */
  policy: Policy | undefined
  /** The facts with all that mended accounts ever sent, and with what was seen before the window. */
  all: Facts
  /** When each account sent offers that break. */
  habits: ReadonlyMap<string, Habit>
  /** Accounts of which only what came after the day that starts at the instant is counted: mended by their own rhythm. */
  mended: ReadonlyMap<string, number>
}

/** What a command needs beyond counts, which the store then leaves in. */
export interface Needs {
  /** Hours of the week of each client. */
  hours?: boolean
  /** Whether a host was named, where the floor itself does not ask. */
  names?: boolean
}

export async function prepareReport(
  files: readonly string[],
  flags: FlagValues,
  io: Io,
  needs: Needs = {},
): Promise<Prepared> {
  const { policy, floor } = await policyAndFloor(files, flags, io)
  const found = await gather(files, flags, policy, io, {
    ...needs,
    names: floor.requireSni === true || needs.names === true,
  })
  const gathered = flags['with-junk'] ? found : withoutJunk(found, policy?.junk)
  const all = factsOf(gathered, floor, policy)
  const agreed = { cleanCycles: policy?.ready.cleanCycles ?? 2, nowMs: all.window.toMs }
  const current = await withoutMended(all, agreed, gathered.rowsAfter)
  const facts = {
    ...current.facts,
    rows: current.facts.rows.filter(row => isInside(row, current.facts.window)),
  }
  const mended = new Map<string, number>()
  if (!all.window.named)
    for (const [account, { rhythm, isMended }] of current.habits)
      if (isMended) mended.set(account, rhythm.lastMs)
  let report: Report | undefined
  return {
    gathered,
    facts,
    get report() {
      report ??= judge(facts)
      return report
    },
    policy,
    all,
    habits: current.habits,
    mended,
  }
}

/** The retirement file, and the floor to judge against: that of the flag, else the next one of the file, else TLS 1.2. */
async function policyAndFloor(
  files: readonly string[],
  flags: FlagValues,
  io: Io,
): Promise<{ policy: Policy | undefined; floor: Floor }> {
  const policy = await policyOf(files, flags, io)
  if (flags.floor === undefined) return { policy, floor: policy?.floor.next ?? plainFloor }
  const { loadFloor } = await import('../load-policy.ts')
  return { policy, floor: loadFloor(flags.floor as string) }
}

const plainFloor: Floor = { version: TLS_1_2, title: 'TLS 1.2' }

/** The console judges by the retirement file of its server: a command over the store that is given none says the same. */
async function policyOf(files: readonly string[], flags: FlagValues, io: Io): Promise<Policy | undefined> {
  if (flags.config !== undefined) {
    // The parsers of a file take longer to start than a small report.
    const { loadPolicy } = await import('../load-policy.ts')
    return loadPolicy(flags.config as string, io)
  }
  if (files.length > 0) return undefined
  const { serverPolicy } = await import('./from-server.ts')
  return (await serverPolicy(flags, io)) ?? undefined
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
    known: gathered.known,
    blind: Object.fromEntries(gathered.sources.map(source => [source.id, source.blind])),
    skipped: gathered.skipped,
    junk: gathered.junk,
    coverage: gathered.coverage,
    stackOf: stackNamer(),
  }
}
