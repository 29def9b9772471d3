export interface Scheme {
  id: number
  /** IANA name; for hash and signature pairs of TLS 1.2 that have none, RFC 5246 spelling such as `dsa_sha1`. */
  name: string
  /** The key that makes such a signature. `rsa-pss`: a key bound to PSS by its certificate. */
  key:
    | 'rsa'
    | 'rsa-pss'
    | 'ecdsa'
    | 'dsa'
    | 'ed25519'
    | 'ed448'
    | 'mldsa'
    | 'slhdsa'
    | 'gost'
    | 'sm2'
    | 'other'
  hash: string
  /** The curve to which TLS 1.3 binds an ECDSA scheme (RFC 8446 section 4.2.3), as a group number. */
  curve?: number
  /** May sign handshakes in TLS 1.3 (not only certificates). */
  tls13: boolean
}

/** IANA name of a signature scheme; `0x....` for what has none. */
export function schemeName(id: number): string {
  return byId.get(id)?.name ?? `0x${id.toString(16).padStart(4, '0')}`
}

export function schemeOf(id: number): Scheme | undefined {
  return byId.get(id)
}

/** The scheme meant by an IANA name or an OpenSSL one (`RSA+SHA256`, `ECDSA+SHA384`); any case. */
export function schemeByName(text: string): Scheme | undefined {
  const word = text.trim().toLowerCase()
  const hex = /^0x([0-9a-f]{4})$/.exec(word)
  if (hex) return byId.get(Number.parseInt(hex[1]!, 16))
  return byName.get(aliases[word] ?? word)
}

/**
 * IANA "TLS SignatureScheme" (registry of January 2026, consulted November 2026):
 * https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-signaturescheme
 */
const registered: readonly Scheme[] = [
  { id: 0x0201, name: 'rsa_pkcs1_sha1', key: 'rsa', hash: 'sha1', tls13: false },
  { id: 0x0203, name: 'ecdsa_sha1', key: 'ecdsa', hash: 'sha1', tls13: false },
  { id: 0x0401, name: 'rsa_pkcs1_sha256', key: 'rsa', hash: 'sha256', tls13: false },
  { id: 0x0403, name: 'ecdsa_secp256r1_sha256', key: 'ecdsa', hash: 'sha256', curve: 0x17, tls13: true },
  { id: 0x0420, name: 'rsa_pkcs1_sha256_legacy', key: 'rsa', hash: 'sha256', tls13: true },
  { id: 0x0501, name: 'rsa_pkcs1_sha384', key: 'rsa', hash: 'sha384', tls13: false },
  { id: 0x0503, name: 'ecdsa_secp384r1_sha384', key: 'ecdsa', hash: 'sha384', curve: 0x18, tls13: true },
  { id: 0x0520, name: 'rsa_pkcs1_sha384_legacy', key: 'rsa', hash: 'sha384', tls13: true },
  { id: 0x0601, name: 'rsa_pkcs1_sha512', key: 'rsa', hash: 'sha512', tls13: false },
  { id: 0x0603, name: 'ecdsa_secp521r1_sha512', key: 'ecdsa', hash: 'sha512', curve: 0x19, tls13: true },
  { id: 0x0620, name: 'rsa_pkcs1_sha512_legacy', key: 'rsa', hash: 'sha512', tls13: true },
  { id: 0x0704, name: 'eccsi_sha256', key: 'other', hash: 'sha256', tls13: true },
  { id: 0x0705, name: 'iso_ibs1', key: 'other', hash: 'none', tls13: true },
  { id: 0x0706, name: 'iso_ibs2', key: 'other', hash: 'none', tls13: true },
  { id: 0x0707, name: 'iso_chinese_ibs', key: 'other', hash: 'none', tls13: true },
  { id: 0x0708, name: 'sm2sig_sm3', key: 'sm2', hash: 'sm3', curve: 0x29, tls13: true },
  { id: 0x0709, name: 'gostr34102012_256a', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x070a, name: 'gostr34102012_256b', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x070b, name: 'gostr34102012_256c', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x070c, name: 'gostr34102012_256d', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x070d, name: 'gostr34102012_512a', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x070e, name: 'gostr34102012_512b', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x070f, name: 'gostr34102012_512c', key: 'gost', hash: 'gost', tls13: true },
  { id: 0x0804, name: 'rsa_pss_rsae_sha256', key: 'rsa', hash: 'sha256', tls13: true },
  { id: 0x0805, name: 'rsa_pss_rsae_sha384', key: 'rsa', hash: 'sha384', tls13: true },
  { id: 0x0806, name: 'rsa_pss_rsae_sha512', key: 'rsa', hash: 'sha512', tls13: true },
  { id: 0x0807, name: 'ed25519', key: 'ed25519', hash: 'none', tls13: true },
  { id: 0x0808, name: 'ed448', key: 'ed448', hash: 'none', tls13: true },
  { id: 0x0809, name: 'rsa_pss_pss_sha256', key: 'rsa-pss', hash: 'sha256', tls13: true },
  { id: 0x080a, name: 'rsa_pss_pss_sha384', key: 'rsa-pss', hash: 'sha384', tls13: true },
  { id: 0x080b, name: 'rsa_pss_pss_sha512', key: 'rsa-pss', hash: 'sha512', tls13: true },
  {
    id: 0x081a,
    name: 'ecdsa_brainpoolP256r1tls13_sha256',
    key: 'ecdsa',
    hash: 'sha256',
    curve: 0x1f,
    tls13: true,
  },
  {
    id: 0x081b,
    name: 'ecdsa_brainpoolP384r1tls13_sha384',
    key: 'ecdsa',
    hash: 'sha384',
    curve: 0x20,
    tls13: true,
  },
  {
    id: 0x081c,
    name: 'ecdsa_brainpoolP512r1tls13_sha512',
    key: 'ecdsa',
    hash: 'sha512',
    curve: 0x21,
    tls13: true,
  },
  // draft-ietf-tls-mldsa, section 2, compared in November 2026.
  { id: 0x0904, name: 'mldsa44', key: 'mldsa', hash: 'none', tls13: true },
  { id: 0x0905, name: 'mldsa65', key: 'mldsa', hash: 'none', tls13: true },
  { id: 0x0906, name: 'mldsa87', key: 'mldsa', hash: 'none', tls13: true },
]

/** Hash and signature pairs of RFC 5246 section 7.4.1.4.1 that are no TLS 1.3 scheme. */
const hashNames = ['none', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const
const signatureNames = [undefined, 'rsa', 'dsa', 'ecdsa'] as const

const pairs: Scheme[] = hashNames.flatMap((hash, high) =>
  signatureNames.flatMap((key, low): Scheme[] => {
    const id = (high << 8) | low
    if (key === undefined || high === 0 || registered.some(scheme => scheme.id === id)) return []
    return [{ id, name: `${key}_${hash}`, key, hash, tls13: false }]
  }),
)

/** Every scheme that has a name. */
export const schemes: readonly Scheme[] = [...pairs, ...registered].sort((a, b) => a.id - b.id)

const byId = new Map(schemes.map(scheme => [scheme.id, scheme]))
const byName = new Map(schemes.map(scheme => [scheme.name.toLowerCase(), scheme]))

const aliases: Record<string, string> = Object.fromEntries(
  schemes.flatMap(scheme => {
    const [high, low] = [scheme.id >> 8, scheme.id & 0xff]
    const hash = hashNames[high]
    const key = signatureNames[low]
    if (hash && key) return [[`${key}+${hash}`, scheme.name.toLowerCase()]]
    const pss = /^rsa_pss_rsae_(sha\d+)$/.exec(scheme.name)
    return pss
      ? [
          [`rsa-pss+${pss[1]}`, scheme.name],
          [`rsa_pss_${pss[1]}`, scheme.name],
        ]
      : []
  }),
)
