import { readFileSync } from 'node:fs'
import { Fault } from '../base/fault.ts'
import type { Finding } from '../model/finding.ts'
import { isLegacy, parseVersion, type Version } from '../model/version.ts'

/** A client stack that a service saw from an account: what the console exports on the account's page. */
export interface SeenStack {
  stack: string
  /** Highest version offered or negotiated, when known. */
  version?: Version
  connections?: number
}

/** Reads an export: a JSON array or lines of JSON with `stack` (or `client`, `library`) and, when known, `version` and `connections`. */
export function readSeen(path: string): SeenStack[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new Fault('input', 'seen-unreadable', `cannot read ${path}`, {
      hint: '--seen takes the export of the account page',
      cause: error,
    })
  }
  const rows = text.startsWith('[')
    ? parse(text, path, 1)
    : text
        .split('\n')
        .filter(line => line.trim() !== '')
        .map((line, k) => parse(line, path, k + 1))
  const list = Array.isArray(rows) ? rows : [rows]
  return list.flatMap(row => {
    if (!row || typeof row !== 'object') return []
    const fields = row as Record<string, unknown>
    const stack = [fields.stack, fields.client, fields.library, fields.clientStack, fields.userAgent].find(
      value => typeof value === 'string',
    ) as string | undefined
    if (!stack) return []
    const named = fields.version ?? fields.offeredMax ?? fields.negotiated
    const version =
      typeof named === 'string' ? parseVersion(named) : typeof named === 'number' ? named : undefined
    const connections =
      typeof fields.connections === 'number'
        ? fields.connections
        : typeof fields.count === 'number'
          ? fields.count
          : undefined
    return [
      { stack, ...(version !== undefined && { version }), ...(connections !== undefined && { connections }) },
    ]
  })
}

function parse(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Fault('input', 'seen-not-json', `${path}:${line} is not JSON`, {
      hint: '--seen takes the JSON export of the account page',
      cause: error,
    })
  }
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
