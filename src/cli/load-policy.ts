import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import { parseFloor } from '../model/floor-text.ts'
import type { Floor, Policy } from '../model/policy.ts'
import { readRetirement } from '../model/retirement.ts'
import type { Io } from './command.ts'

/** The text of a file that was named on the command line. Throws an input Fault. */
export function readTextFile(path: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, path), 'utf8')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code !== 'ENOENT')
      throw new Fault('input', 'file-unreadable', `cannot read ${path}: ${message}`, { cause })
    const meant = nearest(basename(path), neighbours(resolve(io.cwd, path)))
    throw new Fault('input', 'no-such-file', `no such file: ${path}`, {
      cause,
      ...(meant && { hint: `did you mean ${join(dirname(path), meant)}?` }),
    })
  }
}

/** Names in the folder of a file; none when there is no such folder either. */
function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    return []
  }
}

/** The retirement file; its warnings go to stderr. Throws an input Fault that names every problem with its place. */
export function loadPolicy(path: string, io: Io): Policy {
  const read = readRetirement(readTextFile(path, io), { nowMs: io.now() })
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
