import { countText, listText, percentText, plural } from '../../base/text.ts'
import { utcDay } from '../../base/time.ts'
import { gapText, type SourceCoverage } from '../../model/coverage.ts'
import type { JunkCount } from '../../model/junk/set-apart.ts'
import type { Attributed } from '../../model/verdict.ts'
import { wrapText } from '../text-table.ts'
import { isoTime } from './document.ts'
import type { View } from './text.ts'

/** A line of what numbers rest on, with its label. */
export type Fact = [label: string, text: string]

/** `sni (certain) 900, address (likely) 80; 20 of 1,000 connections (2 %) are of no known account`. */
export function attributionFact(attribution: readonly Attributed[]): Fact[] {
  const total = attribution.reduce((sum, { connections }) => sum + connections, 0)
  if (total === 0) return []
  const tied = attribution.filter(entry => entry.confidence !== 'none')
  const rest = attribution.reduce(
    (sum, entry) => sum + (entry.confidence === 'none' ? entry.connections : 0),
    0,
  )
  const ways = tied.map(
    ({ by, confidence, connections }) => `${by || 'unknown'} (${confidence}) ${countText(connections)}`,
  )
  const none =
    rest === 0
      ? 'no connection is unattributed'
      : `${countText(rest)} of ${plural(total, 'connection')} (${percentText(rest / total)}) unattributed`
  return [['attributed', [...(ways.length > 0 ? [`by ${listText(ways)}`] : []), none].join('; ')]]
}

/** What was set apart, and how it is counted again. */
export function junkFact(junk: readonly JunkCount[]): Fact[] {
  if (junk.length === 0) return []
  const total = junk.reduce((sum, { connections }) => sum + connections, 0)
  const rules = junk.map(({ rule, connections }) => `${rule} ${countText(connections)}`)
  return [
    [
      'junk',
      `${plural(total, 'connection')} set apart (${listText(rules)}) and in no number here; --with-junk counts ${total === 1 ? 'it' : 'them'}`,
    ],
  ]
}

/** When each source delivered, how much, and when nothing came although something should have. */
export function coverageFacts(coverage: readonly SourceCoverage[]): Fact[] {
  return coverage
    .filter(each => each.connections > 0)
    .flatMap(({ source, firstSeenMs, lastSeenMs, perDay, gaps, isSilent }): Fact[] => [
      [
        'coverage',
        `${source}: ${utcDay(firstSeenMs)} to ${utcDay(lastSeenMs)}, about ${countText(Math.round(perDay))} a day${isSilent ? '; silent since' : ''}`,
      ],
      ...gaps.map((gap): Fact => ['gap', gapText(source, gap)]),
    ])
}

/** The gaps alone, for answers that do not list their sources. */
export function gapFacts(coverage: readonly SourceCoverage[]): Fact[] {
  return coverageFacts(coverage).filter(([label]) => label === 'gap')
}

/** Facts with their labels in a column. */
export function factLines(facts: readonly Fact[], { paint, width }: View): string[] {
  const label = Math.max(0, ...facts.map(([name]) => name.length))
  return facts.flatMap(([name, text]) =>
    wrapText(text, width - label - 2).map(
      (line, i) => `${paint.faint((i === 0 ? name : '').padEnd(label))}  ${line}`,
    ),
  )
}

/** What a good answer cannot say; empty when no source was silent. */
export function silenceText(coverage: readonly SourceCoverage[]): string {
  const silent = coverage.filter(({ gaps }) => gaps.length > 0)
  if (silent.length === 0) return ''
  const names = listText(silent.map(({ source }) => source))
  const lasting = silent.filter(({ isSilent }) => isSilent).map(({ source }) => source)
  return lasting.length > 0
    ? ` But ${listText(lasting)} ${lasting.length === 1 ? 'has' : 'have'} gone silent: no data is not no legacy.`
    : ` But there is no data from ${names} for a part of the time: who came only then is not known.`
}

/** The same for scripts. */
export function junkDocument(junk: readonly JunkCount[]) {
  return junk.map(({ rule, because, connections, accounts }) => ({ rule, because, connections, accounts }))
}

export function coverageDocument(coverage: readonly SourceCoverage[]) {
  return coverage.map(each => ({
    source: each.source,
    first_seen: isoTime(each.firstSeenMs),
    last_seen: isoTime(each.lastSeenMs),
    connections: each.connections,
    per_day: Math.round(each.perDay * 10) / 10,
    silent: each.isSilent,
    gaps: each.gaps.map(gap => ({
      from: isoTime(gap.fromMs),
      to: isoTime(gap.toMs),
      expected_connections: gap.expected,
    })),
  }))
}
