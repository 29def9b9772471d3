/**
 * Pieces of text that every spelling of a version below TLS 1.3 holds one of: `TLSv1`, `Tls11`, `TLS_1_0`, `VersionTLS10`, `tls1.1`, `SSLv3`,
 * `SSL_3_0`. Lower case, as the prefilter wants them.
 */
export const versionLiterals: readonly string[] = [
  'tlsv1',
  'tls1',
  'tls_1',
  'tls-1',
  'tls 1',
  'tls_v1',
  'tls v1',
  'tls-v1',
  'tlsprotocol1',
  'tlsprotocolv1',
  'tls.v_1',
  'sslv2',
  'sslv3',
  'ssl2',
  'ssl3',
  'ssl_2',
  'ssl_3',
  'ssl 2',
  'ssl 3',
  'ssl_v',
  'ssl-3',
  'ssl v',
  'sslprotocol3',
  'sslprotocol2',
]

const joints = ['', '_', '-', '.']
const families = ['tls', 'ssl']

/**
 * Names of settings that hold a version by its bare number or by a word such as `None`: `minTlsVersion`, `tls-min-version`, `ssl_protocols`,
 * `tls.protocol`, `SslPolicy`.
 */
export const keyLiterals: readonly string[] = [
  ...families.flatMap(family =>
    joints.flatMap(joint =>
      ['vers', 'prot', 'poli', 'min', 'max', 'secu'].map(word => family + joint + word),
    ),
  ),
  ...['min', 'mum', 'mal', 'max'].flatMap(word =>
    joints.slice(0, 3).flatMap(joint => families.map(family => word + joint + family)),
  ),
]

// Not in `LS0tLS1CRUdJTi`, how a PEM header begins in Base64.
const belowTls12 =
  /ssl[ _-]?(?:protocol)?[ _-]?v?[ _-]?[23](?!\d\d)|(?<!ls0)tls[ _-]?(?:protocol)?[ _-]?v?[ _.-]?(?:v_)?1(?![._-]?[23](?!\d)|\d\d)/
const belowTls13 =
  /ssl[ _-]?(?:protocol)?[ _-]?v?[ _-]?[23](?!\d\d)|(?<!ls0)tls[ _-]?(?:protocol)?[ _-]?v?[ _.-]?(?:v_)?1(?![._-]?3(?!\d)|\d\d)/

/** Whether a text (in lower case) names a version below the floor outside of Base64, where any four letters turn up. */
export function namesLegacy(folded: string, floor: number): boolean {
  const word = new RegExp(floor <= 0x0303 ? belowTls12 : belowTls13, 'g')
  for (const match of folded.matchAll(word)) if (!isInBase64(folded, match.index)) return true
  return false
}

/** No name or path without a full stop, a dash or an underscore is as long as this. */
const longestName = 90

function isInBase64(folded: string, at: number): boolean {
  let start = at
  while (start > 0 && at - start < longestName && isBase64(folded.charCodeAt(start - 1))) start--
  let end = at
  while (end < folded.length && end - start < longestName && isBase64(folded.charCodeAt(end))) end++
  return end - start >= longestName
}

/** Letters in lower case, digits, `+` and `/`. */
function isBase64(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 47 && code <= 57) || code === 43
}
