import { groupOf } from '../iana/groups.ts'
import type { Offer } from '../offer.ts'
import type { CertificateKey, Prediction, ServerProfile } from '../prediction.ts'
import { alerts, refuse } from './answer.ts'

/** Where the TLS of OpenJDK (SunJSSE) does otherwise than OpenSSL. All found by trying SSLServerSocket 17.0.15 in the lab. */

export function isJava(profile: ServerProfile): boolean {
  return profile.engine === 'java'
}

/** The framing of SSL 2.0, in which clients of Java 6 and OpenSSL 0.9.8 begin, is a protocol of its own to Java (SSLv2Hello), off by default. */
export function refuseFormat(offer: Offer, profile: ServerProfile): Prediction | undefined {
  if (!isJava(profile) || offer.format !== 'sslv2') return undefined
  return refuse(
    'version',
    alerts.handshakeFailure,
    'the client begins in the framing of SSL 2.0, which the server does not read (SSLv2Hello is off)',
  )
}

/** Before TLS 1.3 a key on a curve that is not among jdk.tls.namedGroups is left out, though the curve is not used to exchange keys. */
export function usesCurveOfKey(profile: ServerProfile, group: number): boolean {
  return !isJava(profile) || (profile.groups?.includes(group) ?? true)
}

/** Groups that Java does not know (brainpool, hybrids) it does not read; when that leaves none, it is as if the client had named none. */
export function knowsNoGroup(offer: Offer, profile: ServerProfile): boolean {
  if (!isJava(profile)) return false
  return !offer.groups.some(id => /^(sec|x25519$|x448$|ffdhe)/i.test(groupOf(id)?.name ?? ''))
}

/** Without a common group of TLS 1.3, or without any named, it answers unexpected_message. Case: NSS at a server with X448 only. */
export function alertWithoutGroup(profile: ServerProfile): number {
  return isJava(profile) ? alerts.unexpectedMessage : alerts.handshakeFailure
}

/**
 * It does not look for Ed25519 and Ed448 among the client's schemes before it has sent its ServerHello, and then has an internal error (which
 * TLS 1.3 has encrypted by then).
 */
export function alertWithoutSignature(profile: ServerProfile): number {
  const isLate = (key: CertificateKey) => key.type === 'ed25519' || key.type === 'ed448'
  return isJava(profile) && profile.certificates?.every(isLate)
    ? alerts.internalError
    : alerts.handshakeFailure
}
