import type { CertificateKey, ServerProfile } from '../prediction.ts'
import { alerts } from './answer.ts'

/** Where the TLS of OpenJDK (SunJSSE) does otherwise than OpenSSL. All found by trying SSLServerSocket 17.0.15 in the lab. */

export function isJava(profile: ServerProfile): boolean {
  return profile.engine === 'java'
}

/** Before TLS 1.3 a key on a curve that is not among jdk.tls.namedGroups is left out, though the curve is not used to exchange keys. */
export function usesCurveOfKey(profile: ServerProfile, group: number): boolean {
  return !isJava(profile) || (profile.groups?.includes(group) ?? true)
}

/** Without a common group of TLS 1.3 it answers unexpected_message. Case: NSS at a server with X448 only. */
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
