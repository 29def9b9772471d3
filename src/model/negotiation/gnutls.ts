import type { Suite } from '../iana/suites.ts'
import type { Offer } from '../offer.ts'
import type { ServerProfile } from '../prediction.ts'
import { TLS_1_2, TLS_1_3, type Version } from '../version.ts'
import { alerts, inDecidingOrder } from './answer.ts'

/** Where GnuTLS does otherwise than OpenSSL. All found by trying gnutls-serv 3.7.9 in the lab, with the hellos of real clients. */

export function isGnuTls(profile: ServerProfile): boolean {
  return profile.engine === 'gnutls'
}

/**
 * With TLS 1.3 switched off GnuTLS does not read supported_versions, so it agrees on TLS 1.1 or 1.0 with clients that named 1.3 and 1.2 only;
 * they end the handshake then. Case: Node's hello at a server of TLS 1.0 only.
 */
export function offerAsRead(offer: Offer, profile: ServerProfile): Offer {
  if (!isGnuTls(profile) || profile.maxVersion >= TLS_1_3) return offer
  return { ...offer, supportedVersions: [] }
}

/**
 * A TLS 1.2 hello without supported_versions gets past the version of a server of TLS 1.3 only and fails at its suites: alert 40 and not 70.
 * Case: OpenSSL capped at TLS 1.2.
 */
export function missesVersionLate(offer: Offer, profile: ServerProfile): boolean {
  return (
    isGnuTls(profile) &&
    profile.minVersion >= TLS_1_3 &&
    offer.supportedVersions.length === 0 &&
    offer.legacyVersion >= TLS_1_2
  )
}

/** A hello of TLS 1.3 without signature_algorithms has nothing in common with the key; to others an extension is missing. */
export function alertWithoutSchemes(profile: ServerProfile): number {
  return isGnuTls(profile) ? alerts.handshakeFailure : alerts.missingExtension
}

/** Finite-field groups of RFC 7919. */
function isFiniteField(group: number): boolean {
  return group >= 0x0100 && group <= 0x01ff
}

/**
 * What becomes of a DHE suite. RFC 7919 section 4: a client that names finite-field groups gets one of them or no DHE; other servers use their
 * own parameters all the same. A client that names none gets the server's parameters or groups, and where there are none GnuTLS chooses the
 * suite and then fails with alert 80.
 */
export function finiteFieldOf(offer: Offer, profile: ServerProfile): 'fits' | 'no group' | 'no parameters' {
  const wanted = offer.groups.filter(isFiniteField)
  if (wanted.length > 0)
    return profile.groups === undefined || wanted.some(group => profile.groups!.includes(group))
      ? 'fits'
      : 'no group'
  return profile.dhBits === 0 && profile.groups?.some(isFiniteField) === false ? 'no parameters' : 'fits'
}

/**
 * After a hello in SSLv2 framing, before TLS 1.2, a DHE suite is chosen with an RSA-PSS key too: the server then fails for want of parameters
 * (alert 80), before there is anything to sign. Case: made-up hellos of the lab; hellos of real clients in TLS framing do not get so far.
 */
export function takesPssForDhe(
  suite: Suite,
  offer: Offer,
  profile: ServerProfile,
  version: Version,
): boolean {
  return (
    isGnuTls(profile) &&
    offer.format === 'sslv2' &&
    suite.kx === 'dhe' &&
    version < TLS_1_2 &&
    finiteFieldOf(offer, profile) === 'no parameters'
  )
}

/** The group is chosen first and the key shares looked at afterwards; other servers take a share that is there. */
export function favouriteGroup(
  wanted: readonly number[],
  accepted: readonly number[],
  profile: ServerProfile,
): number | undefined {
  return inDecidingOrder(wanted, accepted, profile.suiteChoice)[0]
}
