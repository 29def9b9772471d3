import { dayMs, hourMs, minuteMs, utcMinute, weekMs } from '../../base/time.ts'
import type { Brownout } from '../policy.ts'
import type { BrownoutEntry } from '../retirement-schema.ts'
import { instantAt } from './fields.ts'
import type { Notes, Path } from './notes.ts'

/** More windows than anyone would announce; what repeats longer than this was written by mistake. */
const mostWindows = 1000

const periodsMs = { hour: hourMs, day: dayMs, week: weekMs } as const

interface Window extends Brownout {
  path: Path
}

/** Turns entries, with their repetitions, into plain windows in order of time. */
export function readBrownouts(entries: readonly BrownoutEntry[], notes: Notes): Brownout[] {
  const windows = entries.flatMap((entry, i) => expand(entry, ['brownouts', i], notes))
  windows.sort((a, b) => a.fromMs - b.fromMs)
  for (const [i, window] of windows.entries()) {
    const next = windows[i + 1]
    if (next === undefined || next.fromMs >= window.toMs) continue
    notes.problem(
      next.path,
      `the brownout at ${utcMinute(next.fromMs)} begins before the one of ${utcMinute(window.fromMs)} has ended`,
      'leave time between brownouts, in which customers can see that it was the brownout',
    )
    break
  }
  return windows.map(({ path: _, ...brownout }) => brownout)
}

function expand(entry: BrownoutEntry, path: Path, notes: Notes): Window[] {
  const fromMs = instantAt(entry.from, [...path, 'from'], notes)
  const lengthMs = readLength(entry, fromMs, path, notes)
  if (fromMs === undefined || lengthMs === undefined) return []
  const window = (startMs: number): Window => ({
    fromMs: startMs,
    toMs: startMs + lengthMs,
    refuse: entry.refuse ?? 'hard',
    open: entry.open ?? 'leave',
    path,
  })
  if (entry.every === undefined) {
    if (entry.until !== undefined)
      notes.problem(
        [...path, 'until'],
        'until belongs to a brownout that repeats',
        'say every: hour, day or week; or leave until out',
        'key',
      )
    return [window(fromMs)]
  }
  if (entry.until === undefined) {
    notes.problem(
      [...path, 'every'],
      'a brownout that repeats needs an end',
      `say until: with the instant after the last ${entry.every}`,
      'key',
    )
    return []
  }
  const untilMs = instantAt(entry.until, [...path, 'until'], notes)
  if (untilMs === undefined) return []
  if (untilMs <= fromMs) {
    notes.problem([...path, 'until'], 'until is not after from')
    return []
  }
  const periodMs = periodsMs[entry.every]
  if (lengthMs >= periodMs) {
    notes.problem(
      path,
      `a brownout of ${lengthMs / minuteMs} minutes every ${entry.every} never ends`,
      'make it shorter, or the period longer',
    )
    return []
  }
  const times = Math.ceil((untilMs - fromMs) / periodMs)
  if (times > mostWindows) {
    notes.problem(
      [...path, 'until'],
      `repeats ${times} times; at most ${mostWindows} make sense`,
      'bring until closer, or repeat less often',
    )
    return []
  }
  return Array.from({ length: times }, (_, i) => window(fromMs + i * periodMs))
}

function readLength(
  entry: BrownoutEntry,
  fromMs: number | undefined,
  path: Path,
  notes: Notes,
): number | undefined {
  if (entry.to !== undefined && entry.forMinutes !== undefined) {
    notes.problem(
      [...path, 'forMinutes'],
      'a brownout has either to or forMinutes',
      'leave one of them out',
      'key',
    )
    return undefined
  }
  if (entry.to === undefined && entry.forMinutes === undefined) {
    notes.problem(path, 'a brownout needs a length', 'say forMinutes: 10, or to: with an instant')
    return undefined
  }
  const toMs = entry.to === undefined ? undefined : instantAt(entry.to, [...path, 'to'], notes)
  if (entry.to !== undefined && (toMs === undefined || fromMs === undefined)) return undefined
  const lengthMs = toMs === undefined ? entry.forMinutes! * minuteMs : toMs - fromMs!
  const where = [...path, toMs === undefined ? 'forMinutes' : 'to']
  if (lengthMs < minuteMs) {
    notes.problem(
      where,
      lengthMs <= 0 ? 'a brownout ends after it begins' : 'a brownout lasts at least one minute',
    )
    return undefined
  }
  if (lengthMs > dayMs) {
    notes.problem(
      where,
      `a brownout of ${Math.round(lengthMs / hourMs)} hours is an outage; at most 24 hours`,
      'for longer, use ramp or bring the cutoff forward',
    )
    return undefined
  }
  return Math.round(lengthMs)
}
