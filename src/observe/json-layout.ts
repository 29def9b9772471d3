import type { Layout, Place, ValueName } from './source.ts'
import { bareVersions, decimalVersions, noTls } from './sql.ts'
import { isVersionWord } from './text-layout.ts'

export type JsonRecord = Record<string, unknown>

/** The lines that are JSON objects. A line that the sample cut off is left out. */
export function jsonLines(lines: readonly string[]): JsonRecord[] {
  return lines.flatMap(line => {
    if (!line.trimStart().startsWith('{')) return []
    try {
      const found: unknown = JSON.parse(line)
      return typeof found === 'object' && found !== null ? [found as JsonRecord] : []
    } catch {
      return []
    }
  })
}

/** Whether any line starts as JSON does, whole or not: a record behind the header of another program is for that to be taken off first. */
export function startsJson(lines: readonly string[]): boolean {
  return lines.some(line => /^\s*(\{|\[\s*(\{|$))/.test(line))
}

/** The value at a path; undefined where there is none. */
export function at(record: JsonRecord, ...path: string[]): unknown {
  let found: unknown = record
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as JsonRecord)[key]
  }
  return found
}

/** How keys are usually called, by what they hold; the first that exists is taken. Compared without case, `_`, `-`, `.` and `$`. */
const usualKeys: Readonly<Partial<Record<ValueName, readonly string[]>>> = {
  time: [
    'time',
    'timestamp',
    '@timestamp',
    'ts',
    'time_iso8601',
    'start_time',
    'timelocal',
    'time_local',
    'msec',
    'date',
    'datetime',
    'request_time_iso8601',
    'started_at',
  ],
  cipher: [
    'ssl_cipher',
    'tls_cipher',
    'sslcipher',
    'cipher',
    'sslc',
    'tls_client_cipher',
    'downstream_tls_cipher',
    'cipher_suite',
    'ssl_fc_cipher',
  ],
  curve: ['ssl_curve', 'curve', 'tls_named_group'],
  address: [
    'remote_addr',
    'remoteip',
    'remote_ip',
    'client_ip',
    'clientip',
    'client',
    'client_addr',
    'clientaddr',
    'src_ip',
    'src',
    'ip',
    'remote_address',
    'downstream_remote_address',
    'source_ip',
    'clientaddress',
    'ci',
    'remote_host',
    'x_forwarded_for',
  ],
  account: ['remote_user', 'user', 'username', 'user_name', 'customer', 'tenant', 'account', 'consumer'],
  sni: [
    'ssl_server_name',
    'sni',
    'tls_client_servername',
    'requested_server_name',
    'ssl_fc_sni',
    'servername',
    'tls_sni',
    'ssl_tls_sni',
    'http_host',
    'host',
    'vhost',
    'authority',
    'server_name',
    'domain',
  ],
  status: [
    'status',
    'status_code',
    'response_code',
    'sc_status',
    'http_status',
    'downstreamstatus',
    'edgeresponsestatus',
    'response_status',
  ],
  userAgent: ['http_user_agent', 'user_agent', 'useragent', 'ua', 'request_user_agent', 'agent'],
}

/** A key that names the version of the connection to the client: not the one to the server behind. */
const versionKey = /(ssl|tls).*(proto|ver)|^sslv$|^tls$|^ssl$|protocol_version/i
const otherLeg = /upstream|origin|backend|requested|minimum|^min/i

/** Where JSON lines have their values, by the values for the version and by the usual keys for the rest. Null without a version. */
export function findJsonPlaces(records: readonly JsonRecord[]): Layout['at'] | null {
  if (records.length === 0) return null
  const seen = new Map<string, { path: string[]; values: string[] }>()
  for (const record of records)
    for (const { path, value } of leaves(record, [])) {
      const name = JSON.stringify(path)
      const entry = seen.get(name) ?? { path, values: [] }
      entry.values.push(value)
      seen.set(name, entry)
    }
  const all = [...seen.values()]
  const version = all
    .map(({ path, values }) => ({ path, score: versionScore(path, values) }))
    .filter(each => each.score > 0)
    .sort((a, b) => b.score - a.score || a.path.length - b.path.length)[0]
  if (version === undefined) return null
  const found: Layout['at'] = { version: { keys: [version.path] } }
  for (const [name, keys] of Object.entries(usualKeys)) {
    const paths = keys.flatMap(key =>
      all.filter(({ path }) => plain(path.at(-1)!) === plain(key)).map(({ path }) => path),
    )
    if (paths.length > 0) found[name as ValueName] = { keys: paths.slice(0, 3) } satisfies Place
  }
  return found
}

/** Whether the instants of these records are in the notation of the common log format. */
export function commonIn(records: readonly JsonRecord[], places: Layout['at']): 'common' | 'any' {
  const { time } = places
  if (!time || !('keys' in time)) return 'any'
  const isCommon = (value: unknown) =>
    typeof value === 'string' && /^\[?\d\d\/[A-Z][a-z]{2}\/\d{4}:/.test(value)
  return records.some(record => time.keys.some(path => isCommon(at(record, ...path)))) ? 'common' : 'any'
}

function versionScore(path: readonly string[], values: readonly string[]): number {
  const name = path.join('.')
  const named = versionKey.test(name) && !otherLeg.test(name)
  const clear = values.filter(isVersionWord).length
  const numbers = named
    ? values.filter(value => bareVersions.has(value) || decimalVersions.has(value)).length
    : 0
  const other =
    values.filter(value => !isVersionWord(value) && !noTls.includes(value.toLowerCase())).length - numbers
  if (clear + numbers === 0 || other > values.length / 2) return 0
  return (clear + numbers) / values.length + (named ? 2 : 0) + (otherLeg.test(name) ? -2.5 : 0)
}

function* leaves(record: JsonRecord, path: string[]): Generator<{ path: string[]; value: string }> {
  for (const [key, value] of Object.entries(record)) {
    const here = [...path, key]
    if (Array.isArray(value)) {
      if (typeof value[0] === 'string') yield { path: [...path, `${key}[]`], value: value[0] }
    } else if (typeof value === 'object' && value !== null) {
      if (path.length < 4) yield* leaves(value as JsonRecord, here)
    } else if (value !== null && value !== undefined) yield { path: here, value: String(value) }
  }
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[_.$@-]|\[\]/g, '')
}
