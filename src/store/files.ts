import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { whyUnreadable } from '../base/unreadable.ts'
import { quote } from './columns.ts'
import type { Database } from './database.ts'

/** A file of which the engine reads lines. */
export interface LogFile {
  /** As the engine is told. */
  path: string
  /** As people know it. */
  name: string
  compression: Compression
  sizeBytes: number
  /** When it was last written. */
  writtenMs: number
}

type Compression = 'none' | 'gzip' | 'zst' | 'xz' | 'bz2' | 'lz4'

const magics: readonly [Compression, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zst', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bz2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
]

/** Signs that the engine takes for a pattern of names; there is no way to escape them. */
const pattern = /[*?{}[\]]| :: /

/**
 * Looks at a file: its size, and by its first bytes how it is compressed. A name that the engine would take for a pattern gets another one
 * in `linksDir`. Throws an input Fault when it cannot be read.
 */
export function openLogFile(path: string, linksDir: () => string, name = path): LogFile {
  const start = new Uint8Array(6)
  let found: { size: number; mtimeMs: number; isDirectory(): boolean }
  try {
    found = statSync(path)
    if (found.isDirectory()) throw new Error('it is a folder')
    const file = openSync(path, 'r')
    try {
      readSync(file, start, 0, start.length, 0)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw new Fault('input', 'file-unreadable', `cannot read ${name}: ${whyUnreadable(cause)}`, { cause })
  }
  const compression =
    magics.find(([, magic]) => magic.every((byte, index) => start[index] === byte))?.[0] ?? 'none'
  if (compression === 'bz2') return unpacked(path, linksDir(), name)
  let plain = path
  if (pattern.test(path)) {
    plain = join(linksDir(), `${found.mtimeMs}-${basename(path).replace(/[^\w.-]/g, '_')}`)
    symlinkSync(path, plain)
  }
  return { path: plain, name, compression, sizeBytes: found.size, writtenMs: found.mtimeMs }
}

/** The embedded engine is built without bzip2: the program of that name, where there is one, unpacks into `dir`. */
function unpacked(path: string, dir: string, name: string): LogFile {
  const plain = join(dir, `${statSync(path).mtimeMs}-${basename(path).replace(/[^\w.-]/g, '_')}.plain`)
  const out = openSync(plain, 'w')
  const done = spawnSync('bzip2', ['-dc', path], { stdio: ['ignore', out, 'pipe'], encoding: 'utf8' })
  closeSync(out)
  if (done.error)
    throw new Fault(
      'environment',
      'bzip2-missing',
      `${name} is packed with bzip2, and there is no bzip2 here`,
      {
        hint: `unpack it first: bunzip2 -k ${name}`,
        cause: done.error,
      },
    )
  if (done.status !== 0)
    throw new Fault('input', 'file-broken', `cannot unpack ${name}: ${done.stderr.trim()}`)
  const { mtimeMs } = statSync(path)
  return { path: plain, name, compression: 'none', sizeBytes: statSync(plain).size, writtenMs: mtimeMs }
}

/** `SELECT seq, line`: the lines of a file with their numbers, from 1. */
export function linesOf(file: LogFile, format: 'LineAsString' | 'JSONAsString'): string {
  return `SELECT _row_number + 1 AS seq, line FROM file(${quote(file.path)}, '${format}', 'line String', '${file.compression}')`
}

/** So many lines and characters of each suffice to know a log by. */
const sampleLines = 1000
const sampleCharacters = 20_000

/** The beginning of a file, its `#Fields` headers, and when it was written: what a source is detected by. */
export async function sampleFile(
  db: Database,
  file: LogFile,
): Promise<{ lines: string[]; headers: { line: number; text: string }[]; fileMs: number }> {
  const all = linesOf(file, 'LineAsString')
  const found = await db.rows<{ line: string }>(
    `SELECT substringUTF8(toValidUTF8(line), 1, ${sampleCharacters}) AS line FROM (${all} LIMIT ${sampleLines}) ORDER BY seq`,
  )
  const lines = found.map(({ line }) => line.replace(/^[\uFEFF\0]+|\r$/g, ''))
  const hasHeaders = lines.some(line => /^#fields\b/i.test(line))
  const headers = hasHeaders
    ? await db.rows<{ seq: number; line: string }>(
        `SELECT seq, line FROM (${all}) WHERE startsWith(line, '#Fields') OR startsWith(line, '#fields')
           OR startsWith(line, '\\xEF\\xBB\\xBF#Fields') ORDER BY seq LIMIT 10000`,
      )
    : []
  return {
    lines,
    headers: headers.map(({ seq, line }) => ({
      line: Number(seq),
      text: line.replace(/^\uFEFF|\r$/g, ''),
    })),
    fileMs: file.writtenMs,
  }
}
