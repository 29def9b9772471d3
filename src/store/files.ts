import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync, symlinkSync, truncateSync } from 'node:fs'
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
  /** What the engine reads it by where it does not lie on this machine: a table function (remote.ts). */
  table?: (format: LineFormat) => string
  /** What is odd about it, to follow its name. */
  notes: readonly string[]
}

/** `JSONAsString` where one value may span lines. */
export type LineFormat = 'LineAsString' | 'JSONAsString'

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
    throw new Fault('input', 'file-unreadable', `cannot read ${name}: ${whyUnreadable(cause)}`, {
      hint: `whether it is there and who may read it: ${process.platform === 'win32' ? 'icacls' : 'ls -ld'} ${name}`,
      cause,
    })
  }
  const compression = compressionOf(start)
  if (compression === 'bz2') return unpacked(path, linksDir(), name)
  let plain = path
  if (pattern.test(path)) {
    plain = join(linksDir(), `${found.mtimeMs}-${basename(path).replace(/[^\w.-]/g, '_')}`)
    symlinkSync(path, plain)
  }
  return { path: plain, name, compression, sizeBytes: found.size, writtenMs: found.mtimeMs, notes: [] }
}

/** How a file is compressed, by its first bytes. */
export function compressionOf(start: Uint8Array): Compression {
  return magics.find(([, magic]) => magic.every((byte, index) => start[index] === byte))?.[0] ?? 'none'
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
  const { mtimeMs } = statSync(path)
  const notes: string[] = []
  if (done.status !== 0) {
    truncateSync(plain, lastLineEnd(plain, statSync(plain).size))
    notes.push('is broken: the whole lines that bzip2 could unpack were read, what follows is lost')
  }
  return {
    path: plain,
    name,
    compression: 'none',
    sizeBytes: statSync(plain).size,
    writtenMs: mtimeMs,
    notes,
  }
}

/** A full disk under the directory for what is in the way only while a file is read, as a Fault; other errors as they are. */
export function explainCopy(error: unknown, dir: string, name: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error
  return new Fault('environment', 'no-space', `no space left in ${dir} to copy ${name} there for reading`, {
    hint: 'make room, or name another directory: TMPDIR=/path tlsunset …',
    cause: error,
  })
}

/** Where the last whole line of a plain file ends; 0 when it has none. */
export function lastLineEnd(path: string, size: number): number {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(1 << 16)
  try {
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - bytes.length)
      const read = readSync(file, bytes, 0, end - from, from)
      const at = bytes.subarray(0, read).lastIndexOf(0x0a)
      if (at !== -1) return from + at + 1
      end = from
    }
    return 0
  } finally {
    closeSync(file)
  }
}

/** `SELECT seq, line`: the lines of a file with their numbers, from 1. */
export function linesOf(file: LogFile, format: LineFormat): string {
  const table =
    file.table?.(format) ?? `file(${quote(file.path)}, '${format}', 'line String', '${file.compression}')`
  return `SELECT _row_number + 1 AS seq, line FROM ${table}`
}

/** Memory in which the engine reads packed files; those with a longer line are unpacked first, with that line cut. */
export const readingMemory = 2_000_000_000

/** So many lines and characters of each suffice to know a log by. */
const sampleLines = 1000
const sampleCharacters = 20_000

/** The beginning of a file, its `#Fields` headers, and when it was written: what a source is detected by. */
export async function sampleFile(
  db: Database,
  file: LogFile,
): Promise<{ lines: string[]; headers: { line: number; text: string }[]; fileMs: number }> {
  const all = linesOf(file, 'LineAsString')
  const limit = `SETTINGS max_memory_usage = ${readingMemory}`
  const found = await db.rows<{ line: string }>(
    `SELECT substringUTF8(toValidUTF8(line), 1, ${sampleCharacters}) AS line FROM (${all} LIMIT ${sampleLines}) ORDER BY seq ${limit}`,
  )
  const lines = found.map(({ line }) => line.replace(/^[\uFEFF\0]+|\r$/g, ''))
  const hasHeaders = lines.some(line => /^#fields\b/i.test(line))
  const headers = hasHeaders
    ? await db.rows<{ seq: number; line: string }>(
        `SELECT seq, line FROM (${all}) WHERE startsWith(line, '#Fields') OR startsWith(line, '#fields')
           OR startsWith(line, '\\xEF\\xBB\\xBF#Fields') ORDER BY seq LIMIT 10000 ${limit}`,
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
