import { type Version, versionName } from '../model/version.ts'
import type { Breaks } from './answer.ts'
import type { ConsumerReport, HostReport } from './evaluate.ts'
import type { SkippedFile } from './fleet-files.ts'

/** What a matrix shows for one kind of consumer on one host: its worst member. */
export interface Cell {
  breaks: Breaks
  /** `1.0-1.2`, `none`. */
  offered: string
  certain: boolean
  /** Such programs only may be there. */
  ifAny: boolean
}

/** Hosts that look alike: same system, same verdict, same cells. */
export interface Pattern {
  os: string
  verdict: HostReport['verdict']
  because: string
  cells: Record<string, Cell>
  hosts: string[]
}

/** A fleet as it is summed up; hosts are kept by name only, so that memory grows with names and patterns. */
export interface Fleet {
  floor: Version
  hosts: number
  byVerdict: Record<HostReport['verdict'], number>
  patterns: Map<string, Pattern>
  malformed: { name: string; file: string; line: number; want: string; more: number }[]
  skipped: SkippedFile[]
}

export function startFleet(floor: Version): Fleet {
  return {
    floor,
    hosts: 0,
    byVerdict: { breaks: 0, unsure: 0, clear: 0 },
    patterns: new Map(),
    malformed: [],
    skipped: [],
  }
}

export function addHost(fleet: Fleet, report: HostReport): void {
  fleet.hosts++
  fleet.byVerdict[report.verdict]++
  const cells = cellsOf(report)
  const os = report.os ?? 'unknown system'
  const looks = Object.entries(cells).map(
    ([kind, cell]) => `${kind}:${cell.breaks}:${cell.offered}:${cell.certain}:${cell.ifAny}`,
  )
  const key = [os, report.verdict, ...looks].join('|')
  const pattern = fleet.patterns.get(key)
  if (pattern) pattern.hosts.push(report.name)
  else
    fleet.patterns.set(key, {
      os,
      verdict: report.verdict,
      because: report.because,
      cells,
      hosts: [report.name],
    })
  const [problem] = report.problems
  if (problem)
    fleet.malformed.push({
      name: report.name,
      file: report.file,
      line: problem.line,
      want: problem.want,
      more: report.problems.length - 1 + report.moreProblems,
    })
}

const badness: Record<Breaks, number> = { yes: 2, maybe: 1, no: 0 }

/** What is known to be there weighs more than what may be. */
function weightOf({ breaks, presence }: ConsumerReport): number {
  return breaks === 'no' ? 0 : badness[breaks] + (presence === 'present' ? 2 : 0)
}

/** One cell per kind of client; what is hypothetical is left out. */
export function cellsOf(report: HostReport): Record<string, Cell> {
  const worst = new Map<string, ConsumerReport>()
  for (const consumer of report.consumers) {
    if (consumer.presence === 'hypothetical') continue
    const known = worst.get(consumer.kind)
    if (!known || isWorse(consumer, known)) worst.set(consumer.kind, consumer)
  }
  return Object.fromEntries(
    [...worst].map(([kind, { answer, breaks, presence }]) => [
      kind,
      {
        breaks,
        offered: rangeOf(answer.offered, answer.maybe),
        certain: answer.certain,
        ifAny: presence !== 'present',
      },
    ]),
  )
}

function isWorse(a: ConsumerReport, b: ConsumerReport): boolean {
  const difference = weightOf(a) - weightOf(b)
  if (difference !== 0) return difference > 0
  return (a.answer.offered.at(-1) ?? 0) < (b.answer.offered.at(-1) ?? 0)
}

/** `1.0-1.2`, `1.2`, `1.0, 1.2`, with `?` behind what is contested. */
export function rangeOf(offered: readonly Version[], maybe: readonly Version[]): string {
  if (offered.length === 0 && maybe.length === 0) return 'none'
  const short = (version: Version) => versionName(version).replace('TLS ', '')
  const [first, last] = [offered[0], offered.at(-1)]
  const whole = first !== undefined && offered.length > 1 && last! - first === offered.length - 1
  const sure = whole ? `${short(first)}-${short(last!)}` : offered.map(short).join(', ')
  return [sure, maybe.map(version => `${short(version)}?`).join(', ')].filter(Boolean).join(', ')
}

const order: readonly HostReport['verdict'][] = ['breaks', 'unsure', 'clear']

/** Patterns from the worst to the best, the commonest first. */
export function sortedPatterns(fleet: Fleet): Pattern[] {
  return [...fleet.patterns.values()].sort(
    (a, b) =>
      order.indexOf(a.verdict) - order.indexOf(b.verdict) ||
      b.hosts.length - a.hosts.length ||
      (a.os < b.os ? -1 : 1),
  )
}

/** Columns of a matrix: the kinds that were met, in a fixed order. */
export function kindsOf(fleet: Fleet): string[] {
  const known = [
    'winhttp',
    'wininet',
    'schannel',
    'netfx',
    'wcf',
    'powershell',
    'net',
    'openssl',
    'gnutls',
    'java',
    'server',
  ]
  const met = new Set([...fleet.patterns.values()].flatMap(pattern => Object.keys(pattern.cells)))
  return known.filter(kind => met.has(kind))
}

export const kindTitles: Record<string, string> = {
  winhttp: 'WinHTTP',
  wininet: 'WinINet',
  schannel: 'Schannel',
  netfx: '.NET Framework',
  wcf: 'WCF',
  powershell: 'PowerShell',
  net: '.NET',
  openssl: 'OpenSSL',
  gnutls: 'GnuTLS',
  java: 'Java',
  server: 'server role',
}
