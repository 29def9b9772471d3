import { Fault } from '../../base/fault.ts'
import { dayMs } from '../../base/time.ts'
import type { Window } from '../../model/api.ts'
import { usualWindow, usualWindowDays } from '../../model/usual-window.ts'
import type { FlagValues } from '../command.ts'

/** The window that --from and --to name, or the usual one. */
export function windowOf(flags: FlagValues, nowMs: number): Window {
  if (flags.from === undefined && flags.to === undefined) return usualWindow(nowMs)
  const toMs = timeOf('to', flags.to) ?? nowMs
  const fromMs = timeOf('from', flags.from) ?? toMs - usualWindowDays * dayMs
  if (flags.to === undefined && fromMs >= nowMs)
    throw new Fault('usage', 'window', `--from ${flags.from} lies in the future: nothing was seen yet`)
  if (fromMs >= toMs) throw new Fault('usage', 'window', 'the window is empty: --from is not before --to')
  return { fromMs, toMs, named: true }
}

/** An instant that a flag names, in UTC where it says nothing else; undefined when it was not given. Throws a usage Fault. */
export function timeOf(name: string, text: FlagValues[string]): number | undefined {
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
