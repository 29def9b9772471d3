import { type Scheme, schemeOf } from '../iana/schemes.ts'
import type { Suite } from '../iana/suites.ts'
import type { Offer } from '../offer.ts'
import type { CertificateKey, ServerProfile } from '../prediction.ts'
import { levelAllowsScheme } from './openssl.ts'

/** What a TLS 1.2 client takes that does not send signature_algorithms: SHA-1 with each key (RFC 5246 section 7.4.1.4.1). */
export const impliedSchemes: readonly number[] = [0x0201, 0x0202, 0x0203]

export function sendsSchemes(offer: Offer): boolean {
  return offer.extensions.includes(13)
}

/** The schemes that both sides take, in the client's order. */
export function commonSchemes(profile: ServerProfile, offered: readonly number[]): Scheme[] {
  return offered.flatMap(id => {
    const scheme = schemeOf(id)
    if (scheme === undefined || profile.signatureSchemes?.includes(id) === false) return []
    return levelAllowsScheme(profile, scheme) ? [scheme] : []
  })
}

/** Whether this key can make signatures of this scheme; in TLS 1.3 curves are bound to schemes. */
export function keySigns(key: CertificateKey, scheme: Scheme, forTls13: boolean): boolean {
  if (key.type !== scheme.key) return false
  if (forTls13 && !signsInTls13(scheme)) return false
  if (key.type === 'ecdsa') return !forTls13 || tls13Curve(key.group) === scheme.curve
  if (key.type === 'rsa' || key.type === 'rsa-pss')
    return !isPss(scheme) || key.bits / 8 >= 2 * (hashBytes[scheme.hash] ?? 0) + 2
  return true
}

/** RFC 8446 section 4.2.3: PKCS#1 v1.5, SHA-1 and SHA-224 sign certificates at most; the `_legacy` schemes are for clients only. */
export function signsInTls13(scheme: Scheme): boolean {
  return scheme.tls13 && !scheme.name.endsWith('_legacy')
}

function isPss(scheme: Scheme): boolean {
  return scheme.id >> 8 === 0x08
}

/** A PSS signature needs a key of two digests and two bytes (RFC 8017 section 9.1.1). */
const hashBytes: Record<string, number> = { sha256: 32, sha384: 48, sha512: 64 }

/** Brainpool curves have other group numbers in TLS 1.3 (RFC 8734). */
function tls13Curve(group: number): number {
  return group >= 0x1a && group <= 0x1c ? group + 5 : group
}

/**
 * False when the client names the signatures it takes in certificates (extension 50) and the certificate's own is not among them; GnuTLS and
 * Java send it all the same (made-up hellos of the lab).
 */
export function certificateTaken(key: CertificateKey, offer: Offer, profile: ServerProfile): boolean {
  if (profile.engine === 'gnutls' || profile.engine === 'java') return true
  if (key.signedWith === undefined || !offer.extensions.includes(50)) return true
  return offer.signatureSchemesCert.includes(key.signedWith)
}

/** The kinds of key that may stand behind a suite of TLS 1.2 or older (RFC 5246 section 7.4.2, RFC 8422 section 2). */
export function keyTypesOf(suite: Suite): readonly CertificateKey['type'][] {
  if (suite.auth === 'rsa') return suite.kx === 'rsa' ? ['rsa'] : ['rsa', 'rsa-pss']
  if (suite.auth === 'ecdsa') return ['ecdsa', 'ed25519', 'ed448']
  return suite.auth === 'dss' ? ['dsa'] : []
}
