import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { parseFloor } from '../model/floor-text.ts'
import type { Floor, Policy } from '../model/policy.ts'
import { readRetirement } from '../model/retirement.ts'
import type { Io } from './command.ts'

/** The retirement file; its warnings go to stderr. Throws an input Fault that names every problem with its place. */
export function loadPolicy(path: string, io: Io): Policy {
  let text: string
  try {
    text = readFileSync(resolve(io.cwd, path), 'utf8')
  } catch (cause) {
    throw new Fault('input', 'file-unreadable', `cannot read ${path}: ${(cause as Error).message}`, { cause })
  }
  const read = readRetirement(text, { nowMs: io.now() })
  if (!read.ok) {
    const [first, ...others] = read.problems.map(
      ({ line, column, message, hint }) => `${path}:${line}:${column}: ${message}${hint ? ` (${hint})` : ''}`,
    )
    throw new Fault('input', 'retirement-file', [first, ...others].join('\n  '), {
      hint: `tlsunset policy check ${path}`,
    })
  }
  for (const { line, column, message } of read.warnings)
    io.stderr.write(`tlsunset: warning: ${path}:${line}:${column}: ${message}\n`)
  return read.policy
}

/** The floor that --floor names. Throws a usage Fault. */
export function loadFloor(text: string): Floor {
  const read = parseFloor(text)
  if (read.ok) return read.floor
  const [problem] = read.problems
  throw new Fault('usage', 'floor', `--floor: ${problem?.message ?? `no such floor: ${text}`}`, {
    hint: problem?.hint ?? '--floor "TLS 1.2, suites intermediate"',
  })
}
