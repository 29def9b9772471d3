import { type Version, versionName } from '../model/version.ts'
import type { HostReport } from './evaluate.ts'
import type { Fleet } from './fleet.ts'
import { type Cell, cellsOf } from './fleet.ts'
import { sources } from './sources.ts'

/** One host as JSON; versions by name. */
export function hostJson(report: HostReport): object {
  return {
    kind: 'host',
    name: report.name,
    file: report.file,
    os: report.os,
    verdict: report.verdict,
    because: report.because,
    consumers: report.consumers.map(({ id, kind, title, presence, role, answer, breaks }) => ({
      id,
      kind,
      title,
      presence,
      role,
      offered: answer.offered.map(versionName),
      maybe: answer.maybe.map(versionName),
      ssl3: answer.ssl3,
      ...(answer.error ? { error: answer.error } : {}),
      breaks,
      certain: answer.certain,
      because: answer.because,
      sources: [...new Set(answer.sources)].map(id => sources[id]),
    })),
    warnings: report.warnings,
    notSeen: report.blind,
    unreadable: report.problems,
    moreUnreadable: report.moreProblems,
  }
}

/** The last line of a fleet's JSON. */
export function fleetJson(fleet: Fleet): object {
  return {
    kind: 'summary',
    floor: versionName(fleet.floor),
    hosts: fleet.hosts,
    byVerdict: fleet.byVerdict,
    malformed: fleet.malformed,
    skipped: fleet.skipped,
  }
}

const csvKinds = [
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

export function csvHead(): string {
  const columns = csvKinds.flatMap(kind => [kind, `${kind}_breaks`])
  return csvLine(['host', 'system', 'floor', 'verdict', 'because', ...columns, 'unreadable_lines', 'file'])
}

/** One host as a CSV line: for each kind of consumer its worst member's offer and verdict. */
export function hostCsv(report: HostReport, floor: Version): string {
  const cells = cellsOf(report)
  return csvLine([
    report.name,
    report.os ?? '',
    versionName(floor),
    report.verdict,
    report.because,
    ...csvKinds.flatMap(kind => [cells[kind]?.offered ?? '', atFloor(cells[kind])]),
    String(report.problems.length + report.moreProblems),
    report.file,
  ])
}

/** `yes`, `no`, `maybe`, or `yes if any` for programs that only may be there. */
function atFloor(cell: Cell | undefined): string {
  if (!cell) return ''
  return cell.breaks !== 'no' && cell.ifAny ? `${cell.breaks} if any` : cell.breaks
}

/** A cell that a spreadsheet would take for a formula gets a quote in front. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell => quote(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)).join(',')}\r\n`
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
