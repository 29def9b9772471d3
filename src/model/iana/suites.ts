import { SSL_3_0, TLS_1_0, TLS_1_2, TLS_1_3, type Version } from '../version.ts'
import { opensslSuiteName } from './openssl-names.ts'
import { registeredSuites, signallingSuites, unregisteredSuites } from './suite-names.ts'

/** How the shared secret comes about. `any`: TLS 1.3, where suite and key exchange are chosen apart. */
export type KeyExchange =
  | 'any'
  | 'rsa'
  | 'dh'
  | 'dhe'
  | 'ecdh'
  | 'ecdhe'
  | 'psk'
  | 'srp'
  | 'krb5'
  | 'gost'
  | 'sm2'
  | 'eccpwd'
  | 'ecjpake'
  | 'fortezza'

/** What proves who the server is. `any`: TLS 1.3. */
export type Authentication =
  | 'any'
  | 'rsa'
  | 'ecdsa'
  | 'dss'
  | 'anon'
  | 'psk'
  | 'srp'
  | 'krb5'
  | 'gost'
  | 'sm2'
  | 'password'
  | 'fortezza'

export type CipherMode = 'aead' | 'cbc' | 'stream' | 'null'

export interface Suite {
  id: number
  /** IANA name. */
  name: string
  /** Absent where OpenSSL never had the suite. */
  opensslName?: string
  kx: KeyExchange
  auth: Authentication
  /** The cipher as the name spells it, without size and mode: `AES`, `3DES`, `RC4`, `CHACHA20`, `NULL`. */
  cipher: string
  /** Key size in bits, as the cipher counts it; 0 for NULL. */
  bits: number
  mode: CipherMode
  /** Hash of the record MAC (cbc, stream, null) or of the key schedule (aead). */
  hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sm3' | 'gost'
  /** The oldest version in which the suite may be negotiated; TLS 1.3 for the suites that only TLS 1.3 knows. */
  minVersion: Version
  /** Keys weakened to 40 or 56 bits for export; forbidden from TLS 1.1 on (RFC 4346 appendix A.5). */
  export: boolean
}

/** The suite of a wire number; undefined for GREASE, SCSVs and numbers without a name. */
export function suiteOf(id: number): Suite | undefined {
  return suitesById.get(id)
}

/** IANA name, also of SCSVs; `0x....` for what has no name. */
export function suiteName(id: number): string {
  return suiteNames.get(id) ?? `0x${id.toString(16).padStart(4, '0')}`
}

/**
 * The suite meant by an IANA name, an OpenSSL name (also the old spellings `EDH-…` and `EXP-…`) or a wire number `0xc02f`,
 * upper or lower case. Undefined for anything else.
 */
export function suiteByName(text: string): Suite | undefined {
  const word = text.trim().toUpperCase()
  const hex = /^0X([0-9A-F]{4})$/.exec(word)
  if (hex) return suiteOf(Number.parseInt(hex[1]!, 16))
  return suitesByName.get(word) ?? suitesByName.get(word.replace(/^SSL_/, 'TLS_'))
}

/** True for the values that stand among the suites without being one. */
function isSignallingSuite(id: number): boolean {
  return signallingSuites.includes(id)
}

/** RFC 7507: the client retries at a lower version than it could. */
export const FALLBACK_SCSV = 0x5600

const keyExchanges: Record<string, [KeyExchange, Authentication]> = {
  NULL: ['rsa', 'anon'],
  RSA: ['rsa', 'rsa'],
  RSA_FIPS: ['rsa', 'rsa'],
  DH_DSS: ['dh', 'dss'],
  DH_RSA: ['dh', 'rsa'],
  DHE_DSS: ['dhe', 'dss'],
  DHE_RSA: ['dhe', 'rsa'],
  DH_anon: ['dhe', 'anon'],
  ECDH_ECDSA: ['ecdh', 'ecdsa'],
  ECDH_RSA: ['ecdh', 'rsa'],
  ECDHE_ECDSA: ['ecdhe', 'ecdsa'],
  ECDHE_RSA: ['ecdhe', 'rsa'],
  ECDH_anon: ['ecdhe', 'anon'],
  PSK: ['psk', 'psk'],
  RSA_PSK: ['rsa', 'psk'],
  DHE_PSK: ['dhe', 'psk'],
  PSK_DHE: ['dhe', 'psk'],
  ECDHE_PSK: ['ecdhe', 'psk'],
  SRP_SHA: ['srp', 'srp'],
  SRP_SHA_RSA: ['srp', 'rsa'],
  SRP_SHA_DSS: ['srp', 'dss'],
  KRB5: ['krb5', 'krb5'],
  ECCPWD: ['eccpwd', 'password'],
  ECJPAKE: ['ecjpake', 'password'],
  FORTEZZA_KEA: ['fortezza', 'fortezza'],
}

const keySizes: Record<string, number> = {
  NULL: 0,
  DES: 56,
  '3DES': 168,
  IDEA: 128,
  SEED: 128,
  CHACHA20: 256,
  SM4: 128,
  FORTEZZA: 80,
  KUZNYECHIK: 256,
  MAGMA: 256,
  GOST28147: 256,
}

const hashes: Record<string, Suite['hash']> = {
  MD5: 'md5',
  SHA: 'sha1',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  SM3: 'sm3',
}

/** Suite names spell out their parts (RFC 5246 appendix C), so the classification is read from them. */
function classify(id: number, name: string): Suite {
  const suite =
    gost(id, name) ?? sm(id, name) ?? (name.includes('_WITH_') ? withParts(id, name) : tls13(id, name))
  const opensslName = opensslSuiteName(id, name)
  return opensslName === undefined ? suite : { ...suite, opensslName }
}

function withParts(id: number, name: string): Suite {
  const [left, right] = name.replace(/^(TLS|SSL)_/, '').split('_WITH_') as [string, string]
  const exportable = /_EXPORT(1024)?$/.test(left)
  const [kx, auth] = keyExchanges[left.replace(/_EXPORT(1024)?$/, '')]!
  const words = right.split('_')
  const hashWord = words.at(-1)!
  const hash = hashes[hashWord] ?? 'sha256'
  if (hashes[hashWord]) words.pop()
  const mode = modeOf(words)
  const cipher = words[0] === 'DES40' ? 'DES' : words[0]!
  const sizes = words.map(Number).filter(size => size > 8)
  const bits = words[0] === 'DES40' ? 40 : (sizes[0] ?? keySizes[cipher] ?? 0)
  return {
    id,
    name,
    kx,
    auth,
    cipher,
    bits,
    mode,
    hash,
    minVersion: oldest(kx, auth, mode, hash),
    export: exportable,
  }
}

function modeOf(words: string[]): CipherMode {
  if (words.some(word => word === 'GCM' || word === 'CCM' || word === 'POLY1305')) return 'aead'
  if (words.includes('CBC')) return 'cbc'
  return words[0] === 'NULL' ? 'null' : 'stream'
}

/**
 * AEAD and the SHA-2 MACs came with TLS 1.2 (RFC 5246, RFC 5289), except that the PSK suites with SHA-2 MACs may be used from TLS 1.0 on
 * (RFC 5487 section 3). Elliptic curves and extensions need TLS 1.0 (RFC 8422).
 */
function oldest(kx: KeyExchange, auth: Authentication, mode: CipherMode, hash: Suite['hash']): Version {
  if (mode === 'aead') return TLS_1_2
  const sha2 = hash === 'sha256' || hash === 'sha384'
  if (sha2) return auth === 'psk' ? TLS_1_0 : TLS_1_2
  return kx === 'ecdh' || kx === 'ecdhe' ? TLS_1_0 : SSL_3_0
}

/** TLS 1.3: only the cipher and the hash of the key schedule (RFC 8446 appendix B.4); RFC 9150 has two without encryption. */
function tls13(id: number, name: string): Suite {
  const words = name.replace(/^TLS_/, '').split('_')
  const hash = hashes[words.at(-1)!] ?? 'sha256'
  const integrityOnly = words.length === 2 && words[0] === words[1]
  const cipher = integrityOnly ? 'NULL' : words[0]!
  const size = Number.parseInt(words[1]!, 10) || keySizes[cipher] || 0
  const mode = integrityOnly ? 'null' : 'aead'
  return { ...any13, id, name, cipher, bits: integrityOnly ? 0 : size, mode, hash }
}

const any13 = { kx: 'any', auth: 'any', minVersion: TLS_1_3, export: false } as const

/** RFC 9189 (TLS 1.2) and RFC 9367 (TLS 1.3). */
function gost(id: number, name: string): Suite | undefined {
  if (!name.includes('GOST')) return undefined
  const word = /_WITH_([A-Z0-9]+)/.exec(name)![1]!
  const cipher = word === '28147' ? 'GOST28147' : word
  const aead = name.includes('_MGM_')
  const shared = { id, name, cipher, bits: keySizes[cipher]!, hash: 'gost' } as const
  if (aead) return { ...any13, ...shared, mode: 'aead' }
  const minVersion = name.includes('341112') ? TLS_1_2 : TLS_1_0
  return { ...shared, kx: 'gost', auth: 'gost', mode: 'stream', minVersion, export: false }
}

/** Suites of the Chinese national protocol (GB/T 38636) as OpenSSL forks send them. */
function sm(id: number, name: string): Suite | undefined {
  const match = /^(ECDHE|ECC)_SM4_(CBC|GCM)_SM3$/.exec(name)
  if (!match) return undefined
  const mode = match[2] === 'GCM' ? 'aead' : 'cbc'
  return {
    id,
    name,
    kx: match[1] === 'ECDHE' ? 'ecdhe' : 'sm2',
    auth: 'sm2',
    cipher: 'SM4',
    bits: 128,
    mode,
    hash: 'sm3',
    minVersion: TLS_1_2,
    export: false,
  }
}

const suiteNames = new Map<number, string>([...registeredSuites, ...unregisteredSuites])

/** Every suite that has a name, by number. */
export const suites: readonly Suite[] = [...suiteNames]
  .filter(([id]) => !isSignallingSuite(id))
  .map(([id, name]) => classify(id, name))
  .sort((a, b) => a.id - b.id)

const suitesById = new Map(suites.map(suite => [suite.id, suite]))

/** Registered suites come last, so that a name that a draft used under another number means the registered one. */
const suitesByName = new Map<string, Suite>()
for (const [id] of [...unregisteredSuites, ...registeredSuites]) {
  const suite = suitesById.get(id)
  if (!suite) continue
  suitesByName.set(suite.name.toUpperCase(), suite)
  if (!suite.opensslName) continue
  suitesByName.set(suite.opensslName, suite)
  suitesByName.set(suite.opensslName.replace('DHE-', 'EDH-'), suite)
}
