export interface Group {
  id: number
  /** IANA name. */
  name: string
  /** `hybrid` and `kem` are post-quantum and need TLS 1.3; `ffdhe` does not count as a curve in TLS 1.2 (RFC 7919). */
  kind: 'ec' | 'ffdhe' | 'hybrid' | 'kem'
}

/** IANA name of a supported group; `0x....` for what has none. */
export function groupName(id: number): string {
  return byId.get(id)?.name ?? `0x${id.toString(16).padStart(4, '0')}`
}

export function groupOf(id: number): Group | undefined {
  return byId.get(id)
}

/** The group meant by an IANA name or by the names that OpenSSL and people use (`P-256`, `prime256v1`, `X25519`); any case. */
export function groupByName(text: string): Group | undefined {
  const word = text.trim().toLowerCase()
  const hex = /^0x([0-9a-f]{4})$/.exec(word)
  if (hex) return byId.get(Number.parseInt(hex[1]!, 16))
  return byName.get(aliases[word] ?? word)
}

/**
 * IANA "TLS Supported Groups" (registry of January 2026, consulted November 2026), which includes the former "EC Named Curve" registry:
 * https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-8
 */
const curves: readonly [number, string][] = [
  [0x0001, 'sect163k1'],
  [0x0002, 'sect163r1'],
  [0x0003, 'sect163r2'],
  [0x0004, 'sect193r1'],
  [0x0005, 'sect193r2'],
  [0x0006, 'sect233k1'],
  [0x0007, 'sect233r1'],
  [0x0008, 'sect239k1'],
  [0x0009, 'sect283k1'],
  [0x000a, 'sect283r1'],
  [0x000b, 'sect409k1'],
  [0x000c, 'sect409r1'],
  [0x000d, 'sect571k1'],
  [0x000e, 'sect571r1'],
  [0x000f, 'secp160k1'],
  [0x0010, 'secp160r1'],
  [0x0011, 'secp160r2'],
  [0x0012, 'secp192k1'],
  [0x0013, 'secp192r1'],
  [0x0014, 'secp224k1'],
  [0x0015, 'secp224r1'],
  [0x0016, 'secp256k1'],
  [0x0017, 'secp256r1'],
  [0x0018, 'secp384r1'],
  [0x0019, 'secp521r1'],
  [0x001a, 'brainpoolP256r1'],
  [0x001b, 'brainpoolP384r1'],
  [0x001c, 'brainpoolP512r1'],
  [0x001d, 'x25519'],
  [0x001e, 'x448'],
  [0x001f, 'brainpoolP256r1tls13'],
  [0x0020, 'brainpoolP384r1tls13'],
  [0x0021, 'brainpoolP512r1tls13'],
  [0x0022, 'GC256A'],
  [0x0023, 'GC256B'],
  [0x0024, 'GC256C'],
  [0x0025, 'GC256D'],
  [0x0026, 'GC512A'],
  [0x0027, 'GC512B'],
  [0x0028, 'GC512C'],
  [0x0029, 'curveSM2'],
  [0xff01, 'arbitrary_explicit_prime_curves'],
  [0xff02, 'arbitrary_explicit_char2_curves'],
]

const finiteFields: readonly [number, string][] = [
  [0x0100, 'ffdhe2048'],
  [0x0101, 'ffdhe3072'],
  [0x0102, 'ffdhe4096'],
  [0x0103, 'ffdhe6144'],
  [0x0104, 'ffdhe8192'],
]

const kems: readonly [number, string][] = [
  [0x0200, 'MLKEM512'],
  [0x0201, 'MLKEM768'],
  [0x0202, 'MLKEM1024'],
]

/**
 * 0x11eb to 0x11ed are RFC 10024 by the registry's rows of 2026 (4587 to 4589), 0x11ee is draft-yang-tls-hybrid-sm2-mlkem, sent by OpenSSL 3.6; 0x4138
 * is CECPQ2 of Chrome 2019 to 2022, unregistered; 0x6399 and 0x639a are the Kyber drafts, marked obsolete.
 */
const hybrids: readonly [number, string][] = [
  [0x11eb, 'SecP256r1MLKEM768'],
  [0x11ec, 'X25519MLKEM768'],
  [0x11ed, 'SecP384r1MLKEM1024'],
  [0x11ee, 'curveSM2MLKEM768'],
  [0x4138, 'CECPQ2'],
  [0x6399, 'X25519Kyber768Draft00'],
  [0x639a, 'SecP256r1Kyber768Draft00'],
]

/** Every group that has a name. */
export const groups: readonly Group[] = [
  ...curves.map(([id, name]): Group => ({ id, name, kind: 'ec' })),
  ...finiteFields.map(([id, name]): Group => ({ id, name, kind: 'ffdhe' })),
  ...kems.map(([id, name]): Group => ({ id, name, kind: 'kem' })),
  ...hybrids.map(([id, name]): Group => ({ id, name, kind: 'hybrid' })),
]

const byId = new Map(groups.map(group => [group.id, group]))
const byName = new Map(groups.map(group => [group.name.toLowerCase(), group]))

const aliases: Record<string, string> = {
  'p-192': 'secp192r1',
  'p-224': 'secp224r1',
  'p-256': 'secp256r1',
  p256: 'secp256r1',
  prime256v1: 'secp256r1',
  nistp256: 'secp256r1',
  'p-384': 'secp384r1',
  p384: 'secp384r1',
  nistp384: 'secp384r1',
  'p-521': 'secp521r1',
  p521: 'secp521r1',
  nistp521: 'secp521r1',
  curve25519: 'x25519',
  ecdh_x25519: 'x25519',
  ecdh_x448: 'x448',
}
