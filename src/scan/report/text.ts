import { styleText } from 'node:util'
import type { Effect, Finding } from '../../model/finding.ts'
import { versionName } from '../../model/version.ts'
import type { ScanResult } from '../scan.ts'

const words: Record<Effect, string> = {
  breaks: 'breaks',
  allows: 'allows',
  inherits: 'inherits',
  note: 'note',
}
const colours = { breaks: 'red', allows: 'yellow', inherits: 'cyan', note: 'gray' } as const

export interface TextOptions {
  colour: boolean
  columns: number
}

/** Findings for people: what, where with the code, why and how to mend it; each rule is explained once. */
export function textReport(findings: readonly Finding[], options: TextOptions): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text
  const explained = new Set<string>()
  const out: string[] = []
  for (const finding of findings) {
    const { place } = finding
    const versions = finding.versions.length > 0 ? ` (${finding.versions.map(versionName).join(', ')})` : ''
    const also = [
      finding.side === 'either' ? 'client or server' : finding.side,
      finding.stack,
      finding.certainty === 'likely' ? 'likely' : '',
      finding.secondary ?? '',
    ]
      .filter(Boolean)
      .join(', ')
    out.push(
      `${paint(['bold', colours[finding.effect]], words[finding.effect])} ${paint('bold', finding.message)}${versions} [${finding.rule}]`,
    )
    out.push(`  ${paint('cyan', `${place.path}:${place.line}:${place.column}`)}  ${paint('dim', also)}`)
    out.push(...frame(finding, options.columns).map(line => paint('dim', line)))
    for (const other of finding.related)
      out.push(`  ${other.message}: ${other.place.path}:${other.place.line}`)
    if (!explained.has(finding.rule)) {
      explained.add(finding.rule)
      out.push(`  why: ${finding.why}`, `  fix: ${finding.fix}`)
    }
    out.push('')
  }
  return out.join('\n')
}

function frame(finding: Finding, columns: number): string[] {
  const gutter = String(finding.place.line)
  const room = Math.max(40, columns - gutter.length - 6)
  const lead = finding.snippet.length - finding.snippet.trimStart().length
  const { place, snippet } = finding
  const marked = place.endLine === place.line ? place.endColumn - 1 : place.column
  // The marked part is seen first, as much of what stands before it as there is room for.
  const shift = marked - lead > room ? Math.max(lead, Math.min(place.column - 1, marked - room)) : lead
  const cut = snippet.slice(shift, shift + room).replaceAll('\t', ' ')
  const shown = shift + room < snippet.length ? `${cut.slice(0, -1)}…` : cut
  const from = Math.max(0, finding.place.column - 1 - shift)
  const width =
    finding.place.endLine === finding.place.line
      ? finding.place.endColumn - finding.place.column
      : shown.length - from
  const marks = '^'.repeat(Math.max(1, Math.min(width, shown.length - from)))
  return [`  ${gutter} | ${shown}`, `  ${' '.repeat(gutter.length)} | ${' '.repeat(from)}${marks}`]
}

/** One line that says how much was looked at and what was not, with the reasons. */
export function coverageLines(
  result: Pick<ScanResult, 'files' | 'bytes' | 'parsed' | 'skips' | 'ignored'>,
): string[] {
  const lines = [`${count(result.files, 'file')} read (${sizeText(result.bytes)}), ${result.parsed} parsed`]
  for (const skip of result.skips)
    lines.push(
      `skipped ${skip.count} ${skip.reason}: ${skip.samples.slice(0, 3).join(', ')}${skip.count > 3 ? ', …' : ''}`,
    )
  if (result.ignored > 0) lines.push(`${count(result.ignored, 'finding')} set aside by inline comments`)
  return lines
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte')
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
