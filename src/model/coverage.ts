import { durationText } from '../base/duration.ts'
import { plural } from '../base/text.ts'
import { dayMs, hourMs, startOfDay, utcMinute } from '../base/time.ts'
import type { UsageRow } from './usage.ts'

/** A time without a single observation of a source that is otherwise seen at such hours. */
export interface Gap {
  fromMs: number
  /** Of a gap that lasts: the end of the window. */
  toMs: number
  /** Connections that would have been usual in it. */
  expected: number
}

/** What a source delivered in a window: when nothing came although something should have, there is no data, which is not the same as no legacy. */
export interface SourceCoverage {
  source: string
  /** In the window; 0: nothing. */
  firstSeenMs: number
  lastSeenMs: number
  connections: number
  /** Connections per day, over the time from the first to the last one. */
  perDay: number
  gaps: Gap[]
  /** The last gap lasts: the source has gone silent. */
  isSilent: boolean
}

/** Connections of a source by the start of each hour; hours with none are absent. */
export type HoursSeen = ReadonlyMap<number, number>

/**
 * A silence counts as a gap when it would come about less than once in so many such spans. Rare traffic is silent often, and gives no alarm;
 * busy traffic does within hours.
 */
const alarmAt = 1e-5

/**
 * Finds the gaps of a source. For each hour of the day, weekends apart, the share of days on which something was seen is counted; the silence
 * of several hours is as likely as all of them being silent. Nothing is assumed about how many connections there are when there are some,
 * since traffic comes in bursts. `toMs`: the end up to which the source should have delivered.
 */
export function coverageOf(source: string, hours: HoursSeen, fromMs: number, toMs: number): SourceCoverage {
  const seen = [...hours].filter(([atMs, count]) => count > 0 && atMs + hourMs > fromMs && atMs < toMs)
  const none = { source, firstSeenMs: 0, lastSeenMs: 0, connections: 0, perDay: 0, gaps: [], isSilent: false }
  if (seen.length === 0) return none
  const firstHourMs = Math.min(...seen.map(([atMs]) => atMs))
  const lastHourMs = Math.max(...seen.map(([atMs]) => atMs))
  const connections = seen.reduce((sum, [, count]) => sum + count, 0)
  // The hour that is under way has not been silent yet.
  const endMs = Math.max(lastHourMs + hourMs, Math.floor(toMs / hourMs) * hourMs)
  const usual = usualOf(hours, firstHourMs, endMs)
  const gaps: Gap[] = []
  let silent: number[] = []
  for (let atMs = firstHourMs; atMs <= endMs; atMs += hourMs) {
    if (atMs < endMs && !hours.get(atMs)) {
      silent.push(atMs)
      continue
    }
    const { chance, expected } = usual(silent)
    if (chance < alarmAt) gaps.push({ fromMs: silent[0]!, toMs: atMs, expected })
    silent = []
  }
  return {
    source,
    firstSeenMs: firstHourMs,
    lastSeenMs: lastHourMs,
    connections,
    perDay: connections / Math.max(1, (lastHourMs + hourMs - firstHourMs) / dayMs),
    gaps,
    isSilent: gaps.at(-1)?.toMs === endMs && endMs > lastHourMs + hourMs,
  }
}

/**
 * How likely it is that just these hours are silent, going by all others like them, and how many connections would be usual in them. Never
 * seen to be silent is not never silent; hours at which nothing ever came say nothing.
 */
function usualOf(
  hours: HoursSeen,
  fromMs: number,
  toMs: number,
): (silent: readonly number[]) => { chance: number; expected: number } {
  const kinds = Array.from({ length: 48 }, () => ({ of: 0, seen: 0, connections: 0 }))
  for (let atMs = fromMs; atMs < toMs; atMs += hourMs) {
    const kind = kinds[kindOfHour(atMs)]!
    const count = hours.get(atMs) ?? 0
    kind.of++
    if (count > 0) kind.seen++
    kind.connections += count
  }
  return silent => {
    const within = new Map<number, number>()
    for (const atMs of silent) within.set(kindOfHour(atMs), (within.get(kindOfHour(atMs)) ?? 0) + 1)
    let chance = 1
    let expected = 0
    for (const [index, count] of within) {
      const { of, seen, connections } = kinds[index]!
      if (seen === 0) continue
      chance *= (1 - (seen - 0.5) / (of - count)) ** count
      expected += (connections / (of - count)) * count
    }
    return { chance, expected: Math.round(expected) }
  }
}

/** 0 to 23 on weekdays, 24 to 47 on weekends. 1970-01-01 was a Thursday. */
function kindOfHour(atMs: number): number {
  const day = (Math.floor(atMs / dayMs) + 4) % 7
  return (Math.floor(atMs / hourMs) % 24) + (day === 0 || day === 6 ? 24 : 0)
}

/** `no data from nginx from 2026-11-03 04:00 UTC to 2026-11-03 09:00 UTC (5 h, about 480 connections expected)`. */
export function gapText(source: string, { fromMs, toMs, expected }: Gap): string {
  return `no data from ${source} from ${utcMinute(fromMs)} to ${utcMinute(toMs)} (${durationText(toMs - fromMs)}, about ${plural(expected, 'connection')} expected)`
}

/** The hours in which each source was seen, from rows of one day each. */
export function hoursSeen(rows: Iterable<UsageRow>): Map<string, Map<number, number>> {
  const bySource = new Map<string, Map<number, number>>()
  for (const row of rows) {
    const hours = bySource.get(row.source) ?? new Map<number, number>()
    bySource.set(row.source, hours)
    const start = startOfDay(row.dayMs)
    for (let hour = 0; hour < row.hours.length; hour++) {
      const count = row.hours[hour]!
      if (count > 0) addHour(hours, start + (hour % 24) * hourMs, count)
    }
  }
  return bySource
}

function addHour(hours: Map<number, number>, atMs: number, count: number): void {
  hours.set(atMs, (hours.get(atMs) ?? 0) + count)
}
