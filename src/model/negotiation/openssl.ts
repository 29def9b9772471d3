import { groupOf } from '../iana/groups.ts'
import type { Scheme } from '../iana/schemes.ts'
import type { Suite } from '../iana/suites.ts'
import type { ServerProfile } from '../prediction.ts'
import { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_3, type Version } from '../version.ts'

/**
 * Security levels of OpenSSL 3: what SSL_CTX_set_security_level(3) forbids although the lists would allow it.
 * https://docs.openssl.org/3.0/man3/SSL_CTX_set_security_level/ (November 2026), and by trying with Node 20 and s_server 3.0.
 */
const bitsOfLevel = [0, 80, 112, 128, 192, 256] as const

export function isOpenSsl(profile: ServerProfile): boolean {
  return profile.engine === undefined || profile.engine === 'openssl' || profile.engine === 'haproxy'
}

/** The level that counts; engines other than OpenSSL have none. */
export function levelOf(profile: ServerProfile): number {
  if (!isOpenSsl(profile)) return 0
  return Math.min(Math.max(profile.securityLevel ?? 1, 0), 5)
}

/** Ciphers that OpenSSL 3 is built without unless it is told otherwise (enable-weak-ssl-ciphers). Export suites and static (EC)DH it has not had since 1.1. */
const leftOut = ['RC4', '3DES', 'DES']

/** Whether OpenSSL 3, as it is built, knows the suite. */
export function isInOpenSsl(suite: Suite): boolean {
  return (
    suite.opensslName !== undefined &&
    !suite.export &&
    suite.kx !== 'dh' &&
    suite.kx !== 'ecdh' &&
    !leftOut.includes(suite.cipher)
  )
}

export function levelAllowsVersion(profile: ServerProfile, version: Version): boolean {
  const level = levelOf(profile)
  if (version <= SSL_3_0) return level < 2
  if (version <= TLS_1_0) return level < 3
  if (version <= TLS_1_1) return level < 4
  return true
}

export function levelAllowsSuite(profile: ServerProfile, suite: Suite): boolean {
  const level = levelOf(profile)
  if (level === 0) return true
  if (strengthBits(suite) < bitsOfLevel[level]!) return false
  if (suite.auth === 'anon') return false
  if (suite.mode !== 'aead' && suite.hash === 'md5') return false
  if (level >= 4 && suite.mode !== 'aead' && suite.hash === 'sha1') return false
  if (level >= 2 && suite.cipher === 'RC4') return false
  return level < 3 || suite.minVersion >= TLS_1_3 || suite.kx === 'dhe' || suite.kx === 'ecdhe'
}

/** Triple DES counts for 112 bits (meet in the middle), an exported key for what is left of it. */
function strengthBits(suite: Suite): number {
  return suite.cipher === '3DES' ? 112 : suite.bits
}

export function levelAllowsGroup(profile: ServerProfile, group: number): boolean {
  return (groupBits[groupOf(group)?.name ?? ''] ?? 128) >= bitsOfLevel[levelOf(profile)]!
}

/** Security bits of groups that differ from 128, as OpenSSL counts them. */
const groupBits: Record<string, number> = {
  secp160k1: 80,
  secp160r1: 80,
  secp160r2: 80,
  sect163k1: 80,
  sect163r1: 80,
  sect163r2: 80,
  secp192k1: 80,
  secp192r1: 80,
  sect193r1: 80,
  sect193r2: 80,
  secp224k1: 112,
  secp224r1: 112,
  sect233k1: 112,
  sect233r1: 112,
  sect239k1: 112,
  secp384r1: 192,
  brainpoolP384r1: 192,
  brainpoolP384r1tls13: 192,
  sect409k1: 192,
  sect409r1: 192,
  secp521r1: 256,
  brainpoolP512r1: 256,
  brainpoolP512r1tls13: 256,
  sect571k1: 256,
  sect571r1: 256,
  x448: 224,
  ffdhe2048: 112,
  ffdhe8192: 192,
  SecP384r1MLKEM1024: 192,
}

/**
 * Half the digest, and less for hashes with known collisions: SHA-1 64, MD5 with SHA-1 (all signatures of TLS 1.0 and 1.1) 67, both under
 * the 80 bits of level 1. That is why TLS 1.0 and 1.1 need level 0 since OpenSSL 3.0.
 */
export function levelAllowsScheme(profile: ServerProfile, scheme: Scheme): boolean {
  return (
    (schemeBits[scheme.hash === 'none' ? scheme.key : scheme.hash] ?? 128) >= bitsOfLevel[levelOf(profile)]!
  )
}

const schemeBits: Record<string, number> = {
  md5: 39,
  sha1: 64,
  sha224: 112,
  sha256: 128,
  sha384: 192,
  sha512: 256,
  ed25519: 128,
  ed448: 224,
  mldsa: 128,
}

/** DHE parameters count 80 bits from 1024 on, 112 from 2048, 128 from 3072; fewer than 80 are refused at every level. */
export function levelAllowsDh(profile: ServerProfile, dhBits: number): boolean {
  const bits = dhBits >= 7680 ? 192 : dhBits >= 3072 ? 128 : dhBits >= 2048 ? 112 : dhBits >= 1024 ? 80 : 0
  return bits >= Math.max(80, bitsOfLevel[levelOf(profile)]!)
}

/**
 * OpenSSL leaves TLS 1.3 out when no certificate could sign in it: DSA keys, and curves that no scheme of the server is bound to. Servers that choose
 * certificates by name, as HAProxy does, are taken to have one that can. Case: a brainpool certificate at s_server, HAProxy, nginx and Node.
 */
export function canSignTls13(profile: ServerProfile): boolean {
  if (profile.certificates === undefined || profile.engine === 'haproxy') return true
  return profile.certificates.some(key => {
    if (key.type === 'dsa') return false
    if (key.type !== 'ecdsa') return true
    const bound = boundScheme.get(key.group)
    return bound !== undefined && (profile.signatureSchemes?.includes(bound) ?? true)
  })
}

/** The scheme that TLS 1.3 binds to a curve: RFC 8446 section 4.2.3, RFC 8734. */
const boundScheme = new Map([
  [0x0017, 0x0403],
  [0x0018, 0x0503],
  [0x0019, 0x0603],
  [0x001a, 0x081a],
  [0x001b, 0x081b],
  [0x001c, 0x081c],
])
