import { groups } from '../model/iana/groups.ts'
import { suites } from '../model/iana/suites.ts'
import { missAnswers } from '../model/observation.ts'
import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../model/version.ts'
import { commonTime } from './clock.ts'

/** SQL of ClickHouse, as text. Pieces that come from outside pass through `literal`. */
export type Sql = string

/** A text as a literal. */
export function literal(text: string): Sql {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

export function literals(texts: readonly string[]): Sql {
  return `[${texts.map(literal).join(', ')}]`
}

/** What `versionSql` answers for a text that names no version it knows. */
export const strangeVersion = 0xffff

/** Texts by which a log says that there was no TLS. */
export const noTls: readonly string[] = ['', '-', 'none', 'null', 'no', 'n/a', '(none)']

const minors: readonly [string, Version][] = [
  ['0', TLS_1_0],
  ['1', TLS_1_1],
  ['2', TLS_1_2],
  ['3', TLS_1_3],
]

/** Spellings of versions, in lower case. `1.2` alone and decimals are left to the sources in which they can mean nothing else. */
export const versionSpellings: ReadonlyMap<string, Version> = new Map<string, Version>([
  ...[
    'sslv2',
    'ssl2',
    'ssl 2.0',
    'sslv2.0',
    'ssl_2_0',
    'ssl/2.0',
    'sp_prot_ssl2_server',
    'sp_prot_ssl2_client',
  ].map((text): [string, Version] => [text, SSL_2_0]),
  ...[
    'sslv3',
    'ssl3',
    'ssl 3.0',
    'sslv3.0',
    'ssl_3_0',
    'ssl/3.0',
    'sp_prot_ssl3_server',
    'sp_prot_ssl3_client',
  ].map((text): [string, Version] => [text, SSL_3_0]),
  ...['tlsv1', 'tls1', 'tls 1', 'sp_prot_tls1_server', 'sp_prot_tls1_client'].map(
    (text): [string, Version] => [text, TLS_1_0],
  ),
  ...minors.flatMap(([minor, version]) =>
    [
      `tlsv1.${minor}`,
      `tlsv1${minor}`,
      `tlsv1_${minor}`,
      `tls v1.${minor}`,
      `tls1.${minor}`,
      `tls1_${minor}`,
      `tls1${minor}`,
      `tls 1.${minor}`,
      `tls_1_${minor}`,
      `tls_v1_${minor}`,
      `tls-1.${minor}`,
      `tls/1.${minor}`,
      `sp_prot_tls1_${minor}_server`,
      `sp_prot_tls1_${minor}_client`,
    ].map((text): [string, Version] => [text, version]),
  ),
  ...[
    ['1.0', '10', 0xfeff],
    ['1.2', '12', 0xfefd],
    ['1.3', '13', 0xfefc],
  ].flatMap(([dotted, bare, version]) =>
    [`dtlsv${dotted}`, `dtlsv${bare}`, `dtls ${dotted}`, `dtls${dotted}`].map((text): [string, Version] => [
      text,
      version as Version,
    ]),
  ),
])

/** `1`, `1.0` to `1.3`, as Traefik, Event Grid and the common schemas write; `1` is what is left of 1.0 where it was a number. */
export const bareVersions: ReadonlyMap<string, Version> = new Map([
  ['1', TLS_1_0],
  ...minors.map(([minor, version]): [string, Version] => [`1.${minor}`, version]),
])

/** QUIC has TLS 1.3 within (RFC 9001 section 4.2), and some logs name it in the place of the version. */
export const quicVersions: ReadonlyMap<string, Version> = new Map([['quic', TLS_1_3]])

/** Wire numbers in decimal, as Caddy writes. */
export const decimalVersions: ReadonlyMap<string, Version> = new Map(
  [SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3].map(version => [String(version), version]),
)

/** The version that a text names: 0 for no TLS, `strangeVersion` for what cannot be read. */
export function versionSql(text: Sql, ...more: ReadonlyMap<string, Version>[]): Sql {
  const known = new Map([...versionSpellings, ...more.flatMap(each => [...each])])
  for (const word of noTls) known.set(word, 0)
  return `toUInt16(transform(lower(${text}), ${literals([...known.keys()])}, [${[...known.values()].join(', ')}], ${strangeVersion}))`
}

/** A named or numbered suite as its wire number; 0 when it is not known. Names of OpenSSL and of IANA. */
export function suiteSql(text: Sql): Sql {
  const known = new Map<string, number>()
  for (const suite of suites) {
    known.set(suite.name.toUpperCase(), suite.id)
    if (suite.opensslName) known.set(suite.opensslName.toUpperCase(), suite.id)
  }
  return `toUInt32(transform(upper(${text}), ${literals([...known.keys()])}, [${[...known.values()].join(', ')}], 0))`
}

/** Names of OpenSSL (`openssl ecparam -list_curves`) that differ from those of IANA. */
const opensslGroups: readonly [string, number][] = [
  ['prime256v1', 23],
  ['p-256', 23],
  ['p-384', 24],
  ['p-521', 25],
]

/** A named group as its wire number; 0 when it is not known. */
export function groupSql(text: Sql): Sql {
  const known = new Map<string, number>()
  for (const group of groups) known.set(group.name.toLowerCase(), group.id)
  for (const [name, id] of opensslGroups) known.set(name, id)
  return `toUInt16(transform(lower(${text}), ${literals([...known.keys()])}, [${[...known.values()].join(', ')}], 0))`
}

/** An instant from the notations that logs use; 1970 when it cannot be read. */
export const timeSql = {
  /** ISO 8601, seconds or smaller units since 1970, `2026/11/22 18:09:37`; without a zone UTC is meant. */
  any: (text: Sql): Sql => `parseDateTime64BestEffortOrZero(${text}, 3, 'UTC')`,
  /** `22/Nov/2026:17:28:05 +0000`, also with a fraction and without a zone, with or without brackets. */
  common: commonTime,
  /** `Nov 22 17:53:49` has no year: the latest one that does not lie after the file was last written. */
  syslog: (text: Sql, fileMs: number): Sql => {
    const year = new Date(fileMs).getUTCFullYear()
    const at = (which: number) => `parseDateTime64BestEffortOrZero(concat(${text}, ' ${which}'), 3, 'UTC')`
    const latest = new Date(fileMs + 86_400_000).toISOString().slice(0, 19).replace('T', ' ')
    return `if(${at(year)} > toDateTime64('${latest}', 3, 'UTC'), ${at(year - 1)}, ${at(year)})`
  },
}

/** An address without port, brackets and zone: `192.0.2.1:4711`, `[2001:db8::1]:5555`, `::ffff:192.0.2.1`. */
export function addressSql(text: Sql): Sql {
  return `multiIf(startsWith(${text}, '['), extract(${text}, '^\\\\[([0-9A-Fa-f:.]+)'),
    match(${text}, '^[0-9.]+:[0-9]+$'), splitByChar(':', ${text})[1],
    startsWith(${text}, '::ffff:') AND position(${text}, '.') > 0, substring(${text}, 8),
    match(${text}, '^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*$'), ${text}, '')`
}

/**
 * The same where most addresses are plain ones of IPv4. All branches are computed for all lines (reading.ts), so that those for other notations get an
 * empty text there. It names the text often, which is only for texts that take no long statement to find.
 */
export function plainAddressSql(text: Sql): Sql {
  return `if(isIPv4String(${text}), ${text}, ${addressSql(`if(isIPv4String(${text}), '', ${text})`)})`
}

/** Empty for the sign by which a log says that it has no value. */
export function valueOrEmpty(text: Sql): Sql {
  return `if(${text} IN ('-', 'null', '(null)', '(none)'), '', ${text})`
}

/** The reason of a request that was answered with this status: `missed`, or none. */
export function missedSql(status: Sql): Sql {
  return `if(${status} IN (${missAnswers.map(answer => literal(String(answer))).join(', ')}), 'missed', '')`
}

/** A host name without port and case. A port is looked for only where there may be one. */
export function hostSql(text: Sql): Sql {
  const port = `extract(if(position(${text}, ':') = 0, '', ${text}), ':[0-9]+$')`
  return `lower(if(${port} != '', substring(${text}, 1, length(${text}) - length(${port})), ${valueOrEmpty(text)}))`
}

/**
 * What an error text of OpenSSL or GnuTLS says of the handshake: the clause by which it was refused, or `handshake-failed` where it was for
 * another reason, or for none that is told.
 */
export function refusalSql(text: Sql): Sql {
  return `multiIf(match(${text}, 'unsupported protocol|unknown protocol|wrong version number|version too low|illegal or unsupported version'), 'version',
    match(${text}, 'no shared cipher|No supported cipher suites'), 'suite',
    position(${text}, 'inappropriate fallback') > 0, 'fallback', 'handshake-failed')`
}
