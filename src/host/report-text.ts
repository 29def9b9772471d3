import { type Version, versionName } from '../model/version.ts'
import type { Breaks } from './answer.ts'
import type { HostReport } from './evaluate.ts'
import { type Fleet, rangeOf, sortedPatterns } from './fleet.ts'

const words: Record<Breaks, string> = { yes: 'breaks', maybe: 'unsure', no: 'clear' }

/** One host: the verdict, a table of its consumers, then what to know beside it. */
export function hostText(report: HostReport, floor: Version): string {
  const rows = report.consumers.map(({ title, presence, role, answer, breaks }) => [
    role === 'server' || presence === 'hypothetical' ? '' : words[breaks],
    title,
    rangeOf(answer.offered, answer.maybe) + (answer.error ? ` (${answer.error})` : ''),
    answer.certain ? '' : 'not certain',
    presence === 'present' ? '' : presence === 'possible' ? 'if there are any' : 'if code says so',
    answer.because,
  ])
  return [
    `${report.name}: ${report.os ?? 'unknown system'}: ${report.verdict} at ${versionName(floor)}`,
    `  ${report.because}`,
    '',
    ...table([['verdict', 'consumer', 'offers', 'certainty', 'presence', 'because'], ...rows]),
    ...list(
      'warnings',
      report.warnings.map(({ code, text }) => `${code}: ${text}`),
    ),
    ...list('not seen', report.blind),
    ...list(
      'unreadable',
      report.problems.map(({ line, want }) => `line ${line}: ${want} is wanted`),
    ),
    ...(report.moreProblems > 0 ? [`  and ${report.moreProblems} more`] : []),
    '',
  ].join('\n')
}

const namesShown = 8

/** A fleet: counts, then hosts that look alike in one line each. */
export function fleetText(fleet: Fleet): string {
  const { breaks, unsure, clear } = fleet.byVerdict
  const rows = sortedPatterns(fleet).map(({ os, verdict, because, hosts }) => [
    verdict,
    String(hosts.length),
    os,
    hosts.slice(0, namesShown).join(' ') + (hosts.length > namesShown ? ' …' : ''),
    because,
  ])
  return [
    `${fleet.hosts} hosts at ${versionName(fleet.floor)}: ${breaks} break, ${unsure} unsure, ${clear} clear`,
    ...(rows.length > 0 ? ['', ...table([['verdict', 'hosts', 'system', 'names', 'because'], ...rows])] : []),
    ...list(
      'unreadable lines (the rest of these exports was evaluated)',
      fleet.malformed.map(
        ({ file, line, want, more }) =>
          `${file}:${line}: ${want} is wanted${more > 0 ? `, and ${more} more` : ''}`,
      ),
    ),
    ...list(
      'skipped',
      fleet.skipped.map(({ file, line, reason }) => `${file}${line > 0 ? `:${line}` : ''}: ${reason}`),
    ),
    '',
  ].join('\n')
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(line => `  ${line}`)]
}

/** Columns as wide as their widest cell; the last one runs free. */
function table(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row =>
    `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ')}`.trimEnd(),
  )
}
