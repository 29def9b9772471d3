import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { nearest } from '../base/nearest.ts'
import { countText } from '../base/text.ts'
import { textBeside } from '../enforce/gateway/text-beside.ts'
import { parseFloor } from '../model/floor-text.ts'
import type { Floor, Policy } from '../model/policy.ts'
import { readRetirement } from '../model/retirement.ts'
import type { Io } from './command.ts'

/** A fault names this many problems and counts the rest. */
const shownProblems = 10

/** No text file that a command asks for is larger. */
const largestBytes = 64_000_000

/** The text of a file that was named on the command line. Throws an input Fault. */
export function readTextFile(path: string, io: Io): string {
  try {
    const file = resolve(io.cwd, path)
    const { size } = statSync(file)
    if (size > largestBytes)
      throw new Fault('input', 'file-too-large', `${path} is too large: ${Math.round(size / 1e6)} MB`)
    return textOf(readFileSync(file), path)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EISDIR')
      throw new Fault('input', 'file-unreadable', `${path} is a folder`, {
        cause,
        hint: `name the file in it, for example ${join(path, 'retirement.yaml')}`,
      })
    if (code !== 'ENOENT')
      throw new Fault('input', 'file-unreadable', `cannot read ${path}: ${message}`, { cause })
    const meant = nearest(basename(path), neighbours(resolve(io.cwd, path)))
    throw new Fault('input', 'no-such-file', `no such file: ${path}`, {
      cause,
      ...(meant && { hint: `did you mean ${join(dirname(path), meant)}?` }),
    })
  }
}

/** UTF-8, or UTF-16 that says so by its first two bytes: what PowerShell writes. */
function textOf(bytes: Buffer, path: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8'
  let text: string | undefined
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {}
  if (text === undefined || text.includes('\0'))
    throw new Fault('input', 'not-text', `${path} is not a text file`, { hint: 'save it as text in UTF-8' })
  return text
}

/** Names in the folder of a file; none when there is no such folder either. */
function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    return []
  }
}

const loaded = new WeakMap<Io, Map<string, Policy>>()

/**
 * The retirement file, read once for a command; its warnings go to stderr. Throws an input Fault that names every problem with its place.
 */
export function loadPolicy(path: string, io: Io): Policy {
  const known = loaded.get(io) ?? new Map<string, Policy>()
  loaded.set(io, known)
  const policy = known.get(path) ?? readPolicy(path, io)
  known.set(path, policy)
  return policy
}

function readPolicy(path: string, io: Io): Policy {
  const read = readRetirement(readTextFile(path, io), {
    nowMs: io.now(),
    readTable: textBeside(resolve(io.cwd, path)),
  })
  if (!read.ok) {
    const shown = read.problems
      .slice(0, shownProblems)
      .map(
        ({ line, column, message, hint }) =>
          `${path}:${line}:${column}: ${message}${hint ? ` (${hint})` : ''}`,
      )
    const more = read.problems.length - shown.length
    if (more > 0) shown.push(`and ${countText(more)} more`)
    throw new Fault('usage', 'retirement-file', shown.join('\n  '), {
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
