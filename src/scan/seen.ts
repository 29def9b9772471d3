import { readFileSync } from 'node:fs'
import { csvRows } from '../base/csv.ts'
import { Fault } from '../base/fault.ts'
import type { Finding } from '../model/finding.ts'
import { isLegacy, parseVersion, type Version } from '../model/version.ts'

/** A client stack that a service saw from an account. */
export interface SeenStack {
  stack: string
  /** Highest version offered or negotiated, when known. */
  version?: Version
  connections?: number
}

type Fields = Record<string, unknown>

/**
 * Reads what a service tells of an account: the log of its page as CSV, JSON or JSON Lines, or the document of `tlsunset account --json`.
 * What is used of it: `stack`, and when known `version` (or `offered_max`, `negotiated`) and `connections` (or `count`). Throws an input Fault.
 */
export function readSeen(path: string): SeenStack[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new Fault('input', 'seen-unreadable', `cannot read ${path}`, { hint: wanted, cause })
  }
  const rows = /^[[{]/.test(text) ? rowsOfJson(text, path) : rowsOfCsv(text, path)
  return rows.flatMap(row => seenStack(row) ?? [])
}

const wanted =
  '--seen takes the log of the account page (CSV or JSON), or what tlsunset account NAME --json prints'

function rowsOfJson(text: string, path: string): Fields[] {
  const documents = parsed(text) ?? text.split('\n').flatMap((line, k) => lineOf(line, path, k + 1))
  return [documents].flat().flatMap(rowsOfDocument)
}

/** Undefined for what is not one JSON document. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function lineOf(line: string, path: string, number: number): unknown[] {
  if (line.trim() === '') return []
  const row = parsed(line)
  if (row === undefined)
    throw new Fault('input', 'seen-not-json', `${path}:${number} is not JSON`, { hint: wanted })
  return [row]
}

function rowsOfDocument(document: unknown): Fields[] {
  if (typeof document !== 'object' || document === null) return []
  const fields = document as Fields
  const rows = fields.clients ?? fields.lines
  return Array.isArray(rows) ? rows.flatMap(rowsOfDocument) : [fields]
}

function rowsOfCsv(text: string, path: string): Fields[] {
  const [names = [], ...rows] = csvRows(text)
  if (!names.includes('stack'))
    throw new Fault('input', 'seen-without-stack', `${path} has no column named stack`, { hint: wanted })
  return rows.map(row => Object.fromEntries(names.map((name, k) => [name, row[k] ?? ''])))
}

function seenStack(fields: Fields): SeenStack | undefined {
  const { stack } = fields
  const title = typeof stack === 'object' && stack !== null ? (stack as Fields).title : stack
  if (typeof title !== 'string' || title === '') return undefined
  const version = versionOf(fields.version) ?? versionOf(fields.offered_max) ?? versionOf(fields.negotiated)
  const connections = Number(fields.connections ?? fields.count ?? Number.NaN)
  return {
    stack: title,
    ...(version !== undefined && { version }),
    ...(Number.isFinite(connections) && { connections }),
  }
}

/** Of connections by version, the highest. */
function versionOf(value: unknown): Version | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return parseVersion(value)
  const versions = Object.keys(value ?? {}).flatMap(name => parseVersion(name) ?? [])
  return versions.length > 0 ? Math.max(...versions) : undefined
}

const families: readonly [finding: RegExp, seen: RegExp][] = [
  [/\.NET|Schannel|WinHTTP/i, /\.?net|schannel|winhttp|windows|powershell|http\.sys/i],
  [/Java|JSSE|OkHttp|Tomcat|Kafka|Spring/i, /java|jsse|jdk|okhttp|android|conscrypt|apache-httpclient/i],
  [/Python/i, /python|requests|urllib|aiohttp/i],
  [/Node/i, /node|axios|undici|electron/i],
  [/\bGo\b/i, /\bgo\b|golang|go-http/i],
  [/curl|PHP/i, /curl|php|guzzle/i],
  [/Ruby/i, /ruby|faraday/i],
  [/Perl/i, /perl|lwp/i],
  [/GnuTLS|wget/i, /gnutls|wget/i],
  [/Apple/i, /apple|darwin|cfnetwork|ios|securetransport/i],
  [/OpenSSL|Boost|POCO|Rust|nginx/i, /openssl|libressl|boringssl/i],
]

/** How well a finding explains stacks that were seen with legacy versions: the number of their connections, 0 when it does not. */
export function explains(finding: Finding, seen: readonly SeenStack[]): number {
  if (finding.side === 'server') return 0
  let weight = 0
  for (const one of seen) {
    if (one.version !== undefined && !isLegacy(one.version)) continue
    if (
      one.version !== undefined &&
      finding.versions.length > 0 &&
      finding.effect === 'breaks' &&
      !finding.versions.includes(one.version)
    )
      continue
    if (families.some(([here, there]) => here.test(finding.stack) && there.test(one.stack)))
      weight += one.connections ?? 1
  }
  return weight
}
