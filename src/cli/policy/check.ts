import { resolve } from 'node:path'
import { durationText } from '../../base/duration.ts'
import { type ExitCode, exitCodes } from '../../base/fault.ts'
import { countText, plural } from '../../base/text.ts'
import { utcMinute } from '../../base/time.ts'
import { textBeside } from '../../enforce/gateway/text-beside.ts'
import type { Policy } from '../../model/policy.ts'
import { withoutTables } from '../../model/policy.ts'
import { type Note, readRetirement } from '../../model/retirement.ts'
import { nextMoment } from '../../model/schedule.ts'
import type { Io } from '../command.ts'
import { readTextFile } from '../load-policy.ts'
import { type Paint, paintFor } from '../paint.ts'

/** More notes than this are counted instead of shown. */
const shownNotes = 50

/** Reads the file and reports on it as a compiler would. Exit code 2 when it cannot be used. */
export function checkPolicy(path: string, json: boolean, io: Io): ExitCode {
  const text = readTextFile(path, io)
  const result = readRetirement(text, { nowMs: io.now(), readTable: textBeside(resolve(io.cwd, path)) })
  const notes = result.ok ? result.warnings : result.problems
  if (json) {
    const document = result.ok
      ? { file: path, ok: true, warnings: notes, policy: withoutTables(result.policy) }
      : { file: path, ok: false, problems: notes }
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  } else {
    const paint = paintFor(io)
    const lines = text.split('\n')
    for (const note of notes.slice(0, shownNotes))
      io.stdout.write(noteText(note, result.ok ? 'warning' : 'error', path, lines, paint))
    if (notes.length > shownNotes)
      io.stdout.write(`and ${countText(notes.length - shownNotes)} more; all of them: --json\n\n`)
    io.stdout.write(
      result.ok
        ? summary(path, result.policy, notes.length, io.now(), paint)
        : `${paint.bad(plural(notes.length, 'error'))} in ${path}\n`,
    )
  }
  return result.ok ? exitCodes.ok : exitCodes.usage
}

/** `file:3:10: error: names wants a list`, the line with a caret under the place, and what to type instead. */
function noteText(
  { line, column, message, hint }: Note,
  kind: 'error' | 'warning',
  path: string,
  lines: string[],
  paint: Paint,
): string {
  const label = kind === 'error' ? paint.bad('error') : paint.doubt('warning')
  const { excerpt, caret } = cut(printable((lines[line - 1] ?? '').trimEnd()), column)
  const number = String(line).padStart(4)
  return [
    `${paint.strong(`${path}:${line}:${column}`)}: ${label}: ${message}`,
    `${number} | ${excerpt}`,
    `     | ${' '.repeat(caret)}${paint.bad('^')}${hint ? ` ${hint}` : ''}`,
    '',
    '',
  ].join('\n')
}

/** One character for each, none of which moves the cursor or changes the terminal. */
function printable(line: string): string {
  return line.replaceAll('\t', ' ').replace(/\p{Cc}/gu, '·')
}

/** The part of a long line that holds the place. */
function cut(line: string, column: number): { excerpt: string; caret: number } {
  const width = 100
  if (line.length <= width) return { excerpt: line, caret: column - 1 }
  const from = Math.max(0, Math.min(column - 1 - width / 2, line.length - width))
  const excerpt = `${from > 0 ? '…' : ''}${line.slice(from, from + width)}${from + width < line.length ? '…' : ''}`
  return { excerpt, caret: column - 1 - from + (from > 0 ? 1 : 0) }
}

function summary(path: string, policy: Policy, warnings: number, nowMs: number, paint: Paint): string {
  const { cutoffMs } = policy
  const when =
    cutoffMs === undefined
      ? 'no cutoff set'
      : `cutoff ${utcMinute(cutoffMs)}, ${cutoffMs > nowMs ? `in ${durationText(cutoffMs - nowMs)}` : `${durationText(nowMs - cutoffMs)} ago`}`
  const next = nextMoment(policy, nowMs)
  return [
    `${paint.good('valid')}: ${path}${warnings > 0 ? `, ${plural(warnings, 'warning')}` : ''}`,
    `  ${policy.retirement} of ${policy.service.names.join(', ')} (${policy.service.owner})`,
    `  from ${policy.floor.now.title} to ${policy.floor.next.title}; ${when}`,
    `  ${plural(policy.brownouts.length, 'brownout')}, ${plural(policy.ramp.length, 'ramp step')}, ${plural(policy.freeze.length, 'freeze')}, ${plural(policy.exemptions.length, 'exemption')}`,
    ...(next
      ? [`  next: ${next.title}, ${utcMinute(next.fromMs)} (in ${durationText(next.fromMs - nowMs)})`]
      : []),
    '',
  ].join('\n')
}
