/** A protocol version as its wire number, for example 0x0303 for TLS 1.2. 0 means none or unknown. */
export type Version = number

export const SSL_2_0 = 0x0002
export const SSL_3_0 = 0x0300
export const TLS_1_0 = 0x0301
export const TLS_1_1 = 0x0302
export const TLS_1_2 = 0x0303
export const TLS_1_3 = 0x0304

const names = new Map<Version, string>([
  [SSL_2_0, 'SSL 2.0'],
  [SSL_3_0, 'SSL 3.0'],
  [TLS_1_0, 'TLS 1.0'],
  [TLS_1_1, 'TLS 1.1'],
  [TLS_1_2, 'TLS 1.2'],
  [TLS_1_3, 'TLS 1.3'],
])

/** The versions that a policy may name, oldest first. */
export const knownVersions: readonly Version[] = [...names.keys()]

/** `TLS 1.2` for 0x0303, `TLS 1.3 draft 18` for 0x7f12, `0x....` for what has no name, `none` for 0. */
export function versionName(version: Version): string {
  if (version === 0) return 'none'
  const name = names.get(version)
  if (name !== undefined) return name
  if (version >> 8 === 0x7f) return `TLS 1.3 draft ${version & 0xff}`
  return versionHex(version)
}

/** `0x0303`. */
export function versionHex(version: Version): string {
  return `0x${version.toString(16).padStart(4, '0')}`
}

/**
 * Reads the spellings that logs, tools and people use: `TLS 1.2`, `TLSv1.2`, `tls1_2`, `TLS12`, `1.2`, `0x0303`, `TLSv1` (1.0),
 * `SSLv3`. Undefined for anything else.
 */
export function parseVersion(text: string): Version | undefined {
  const word = text.trim().toLowerCase()
  const hex = /^0x([0-9a-f]{4})$/.exec(word)
  if (hex) return names.has(Number.parseInt(hex[1]!, 16)) ? Number.parseInt(hex[1]!, 16) : undefined
  const match = /^(ssl|tls)?[ _-]?v?[ _-]?([123])(?:[._-]?([0-3]))?$/.exec(word)
  if (!match) return undefined
  const family = match[1] ?? 'tls'
  const wanted = `${family.toUpperCase()} ${match[2]}.${match[3] ?? '0'}`
  for (const [version, name] of names) if (name === wanted) return version
  return undefined
}

/** RFC 8701: both bytes equal, low nibble 0xa. */
export function isGrease(value: number): boolean {
  return (value & 0x0f) === 0x0a && value >> 8 === (value & 0xff)
}

/** Versions retired by RFC 6176, RFC 7568 and RFC 8996: SSL 2.0, SSL 3.0, TLS 1.0, TLS 1.1. */
export function isLegacy(version: Version): boolean {
  return version > 0 && version < TLS_1_2
}
