import {
  deleteKey,
  deleteValue,
  fullPath,
  REG_BINARY,
  REG_DWORD,
  REG_SZ,
  type Registry,
  type RegistryKey,
  type RegistryValue,
  textOfBytes,
} from './registry.ts'

/** A line that could not be read; lines count from 1. */
export interface Problem {
  line: number
  want: string
}

export interface RegFile {
  registry: Registry
  /** Whether a header line was met: without one the text is no registry export. */
  hasHeader: boolean
  /** Comment lines without the semicolon, in order: the collectors put their facts there. */
  comments: { line: number; text: string }[]
  problems: Problem[]
  /** Problems beyond those listed. */
  moreProblems: number
}

const problemsKept = 20
const hiveNames = /^HKEY_(LOCAL_MACHINE|CURRENT_USER|USERS|CLASSES_ROOT|CURRENT_CONFIG)$/i

/**
 * Text of a file whose encoding is known by its byte order mark or, without one, by NULs (UTF-16) and by whether it is valid
 * UTF-8 (else Windows-1252, what old consoles write).
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes.subarray(2))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes.subarray(2))
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decode('utf-8', bytes.subarray(3))
  if (bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0) return decode('utf-16le', bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decode('windows-1252', bytes)
  }
}

function decode(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes)
}

/**
 * Reads a registry export (`regedit /e`, `reg export`, or several joined): both header forms, hex values over several lines, deleted
 * keys and values. A line that makes no sense is listed with its number and the rest is read.
 */
export function parseRegFile(text: string): RegFile {
  const file: RegFile = { registry: new Map(), hasHeader: false, comments: [], problems: [], moreProblems: 0 }
  let key: RegistryKey | undefined
  let ansi = false
  let lineNumber = 0
  let at = 0
  const nextLine = (): string => {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const line = text.slice(at, text.charCodeAt(end - 1) === 13 && end > at ? end - 1 : end)
    at = end + 1
    lineNumber++
    return line
  }
  const complain = (line: number, want: string) => {
    if (file.problems.length < problemsKept) file.problems.push({ line, want })
    else file.moreProblems++
  }
  while (at < text.length) {
    const line = nextLine().trim()
    const first = line.charCodeAt(0)
    if (line === '') continue
    if (first === 0x3b) {
      file.comments.push({ line: lineNumber, text: line.slice(1) })
    } else if (first === 0x5b) {
      const opened = openKey(file.registry, line)
      key = typeof opened === 'string' ? undefined : opened
      if (typeof opened === 'string') complain(lineNumber, opened)
    } else if (first === 0x22 || first === 0x40) {
      const startedAt = lineNumber
      let whole = line
      while (whole.endsWith('\\') && at < text.length) whole = whole.slice(0, -1) + nextLine().trim()
      if (!key) complain(startedAt, 'a key in brackets before its values')
      else {
        const want = readLine(file.registry, key, whole, ansi)
        if (want) complain(startedAt, want)
      }
    } else if (/^\ufeff?(Windows Registry Editor Version 5\.00|REGEDIT4)$/.test(line)) {
      file.hasHeader = true
      ansi = line.endsWith('4')
      key = undefined
    } else {
      complain(lineNumber, 'a key in brackets, a value or a comment')
    }
  }
  return file
}

/** The open key, undefined when the line deletes one, or what was wanted. */
function openKey(registry: Registry, line: string): RegistryKey | undefined | string {
  if (!line.endsWith(']')) return 'a closing bracket'
  const deletes = line.charCodeAt(1) === 0x2d
  const path = fullPath(line.slice(deletes ? 2 : 1, -1))
  const hive = path.split('\\', 1)[0]!
  if (!hiveNames.test(hive)) return 'a key below HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER, HKEY_USERS'
  if (deletes) {
    deleteKey(registry, path)
    return { path, values: new Map() }
  }
  const id = path.toLowerCase()
  const known = registry.get(id)
  if (known) return known
  const key: RegistryKey = { path, values: new Map() }
  registry.set(id, key)
  return key
}

/** Reads `"name"=data` into the key; what was wanted when it is none. */
function readLine(registry: Registry, key: RegistryKey, line: string, ansi: boolean): string | undefined {
  let name = ''
  let rest: string
  if (line.charCodeAt(0) === 0x40) rest = line.slice(1)
  else {
    const quoted = readQuoted(line)
    if (!quoted) return 'a closing quote'
    name = quoted.text
    rest = line.slice(quoted.end)
  }
  rest = rest.trimStart()
  if (!rest.startsWith('=')) return 'an equals sign after the name'
  rest = rest.slice(1).trim()
  if (rest === '-') {
    deleteValue(registry, key.path, name)
    return undefined
  }
  const value = readData(name, rest, ansi)
  if (typeof value === 'string') return value
  key.values.set(name.toLowerCase(), value)
  return undefined
}

function readData(name: string, text: string, ansi: boolean): RegistryValue | string {
  if (text.startsWith('"')) {
    const quoted = readQuoted(text)
    if (!quoted || quoted.end !== text.length) return 'a closing quote'
    return { name, type: REG_SZ, data: quoted.text }
  }
  const dword = /^dword:([0-9a-f]{1,8})$/i.exec(text)
  if (dword) return { name, type: REG_DWORD, data: Number.parseInt(dword[1]!, 16) }
  const hex = /^hex(?:\(([0-9a-f]{1,8})\))?:(.*)$/i.exec(text)
  if (!hex) return 'text in quotes, dword: or hex:'
  const type = hex[1] === undefined ? REG_BINARY : Number.parseInt(hex[1], 16)
  const bytes = readBytes(hex[2]!)
  if (!bytes) return 'bytes as two hex digits between commas'
  if (type === REG_DWORD) {
    if (bytes.length !== 4) return 'four bytes for a REG_DWORD'
    return { name, type, data: (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0 }
  }
  if (type === REG_SZ) return { name, type, data: ansi ? latin1(bytes) : textOfBytes(bytes) }
  return { name, type, data: bytes }
}

function readBytes(text: string): Uint8Array | undefined {
  const clean = text.replace(/\s+/g, '').replace(/,$/, '')
  if (clean === '') return new Uint8Array(0)
  if (!/^[0-9a-f]{1,2}(,[0-9a-f]{1,2})*$/i.test(clean)) return undefined
  return Uint8Array.from(clean.split(','), byte => Number.parseInt(byte, 16))
}

/** Text between quotes at the start of a line, and where it ends; `\\` and `\"` are escapes. */
function readQuoted(line: string): { text: string; end: number } | undefined {
  const plain = line.indexOf('"', 1)
  if (plain < 0) return undefined
  const quick = line.slice(1, plain)
  if (!quick.includes('\\')) return { text: quick, end: plain + 1 }
  let text = ''
  for (let i = 1; i < line.length; i++) {
    const char = line[i]!
    if (char === '"') return { text, end: i + 1 }
    text += char === '\\' && i + 1 < line.length ? line[++i]! : char
  }
  return undefined
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0) break
    text += String.fromCharCode(byte)
  }
  return text
}

const header = 'Windows Registry Editor Version 5.00'

/** The registry as a .reg file's text, keys and values in one fixed order, lines ended by CR LF. */
export function formatRegistry(registry: Registry): string {
  const lines = [header, '']
  for (const [, key] of [...registry].sort(byId)) {
    lines.push(`[${key.path}]`)
    for (const [, value] of [...key.values].sort(byId)) lines.push(formatValue(value))
    lines.push('')
  }
  return joinLines(lines)
}

function byId(a: [string, unknown], b: [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0
}

/** A .reg file of lines that are given; comments are written before the keys. */
export function formatRegLines(comments: readonly string[], lines: readonly string[]): string {
  return joinLines([
    header,
    '',
    ...comments.map(comment => `; ${comment}`),
    ...(comments.length ? [''] : []),
    ...lines,
  ])
}

function joinLines(lines: readonly string[]): string {
  return lines.join('\r\n')
}

/** One line, `"name"=dword:00000a00`. */
export function formatValue(value: RegistryValue): string {
  return `${formatName(value.name)}=${formatData(value)}`
}

export function formatName(name: string): string {
  return name === '' ? '@' : `"${escapeText(name)}"`
}

function formatData({ type, data }: RegistryValue): string {
  if (typeof data === 'number') return `dword:${data.toString(16).padStart(8, '0')}`
  // A line break would end the value early, so such text is written as bytes, as regedit does.
  if (typeof data === 'string')
    return /[\r\n]/.test(data) ? `hex(1):${hexList(utf16(`${data}\0`))}` : `"${escapeText(data)}"`
  return `${type === REG_BINARY ? 'hex' : `hex(${type.toString(16)})`}:${hexList(data)}`
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}

function hexList(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(',')
}

/** UTF-16LE bytes of text, without a byte order mark. */
export function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i] = unit & 0xff
    bytes[2 * i + 1] = unit >> 8
  }
  return bytes
}

/** What regedit writes: UTF-16LE with a byte order mark. */
export function encodeRegFile(text: string): Uint8Array {
  return utf16(`\ufeff${text}`)
}
