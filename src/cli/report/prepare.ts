import { Fault } from '../../base/fault.ts'
import { dayMs } from '../../base/time.ts'
import { type Facts, judge } from '../../identify/judge.ts'
import { nameStack } from '../../identify/stacks/name.ts'
import { profileOf } from '../../model/decide.ts'
import { negotiate } from '../../model/negotiate.ts'
import type { Floor } from '../../model/policy.ts'
import type { HelloShape, UsageRow } from '../../model/usage.ts'
import type { Report, StackGuess } from '../../model/verdict.ts'
import { parseVersion, TLS_1_2 } from '../../model/version.ts'
import type { FlagValues, Io } from '../command.ts'
import { gatherFromStore } from './from-store.ts'
import type { Gathered } from './gather.ts'

/** What the commands that judge share: floor, rows and shapes from files or the store, and the report over them. */
export interface Prepared {
  gathered: Gathered
  facts: Facts
  report: Report
}

/** How far back the store is asked when no window is given. */
const usualWindowMs = 90 * dayMs

export async function prepareReport(files: readonly string[], flags: FlagValues, io: Io): Promise<Prepared> {
  const window = windowOf(flags, io.now())
  const floor = floorOf(flags.floor as string | undefined)
  const gathered = await gatherFromStore(flags.store as string | undefined, window, io)
  const facts = factsOf(gathered, floor)
  return { gathered, facts, report: judge(facts) }
}

function factsOf(gathered: Gathered, floor: Floor): Facts {
  const profile = profileOf(floor)
  return {
    retirement: '',
    service: '',
    rows: gathered.rows,
    shapes: gathered.shapes,
    floor,
    check: offer => {
      const answer = negotiate(offer, profile)
      return answer.outcome === 'refused' ? answer.clause : null
    },
    window: gathered.window,
    cutoffMs: null,
    blind: Object.fromEntries(gathered.sources.map(source => [source.id, source.blind])),
    skipped: gathered.skipped,
    stackOf: stackNamer(),
  }
}

/** Names stacks once for each hello and user agent. */
export function stackNamer(): (row: UsageRow, shape: HelloShape | undefined) => StackGuess {
  const named = new Map<string, StackGuess>()
  return (row, shape) => {
    const key = `${row.shape}\n${row.userAgent}`
    let guess = named.get(key)
    if (guess === undefined) {
      guess = nameStack(shape?.offer ?? null, shape?.ja3, row.userAgent)
      named.set(key, guess)
    }
    return guess
  }
}

/** `TLS 1.2` when nothing is said. */
function floorOf(text: string | undefined): Floor {
  if (text === undefined) return { version: TLS_1_2, title: 'TLS 1.2' }
  const version = parseVersion(text)
  if (version === undefined)
    throw new Fault('usage', 'floor', `no such floor: ${text}`, { hint: '--floor "TLS 1.2"' })
  return { version, title: text }
}

/** The window that --from and --to name; by default the last 90 days. */
export function windowOf(flags: FlagValues, nowMs: number): { fromMs: number; toMs: number } {
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
