import { FALLBACK_SCSV } from './iana/suites.ts'
import { alerts, refuse } from './negotiation/answer.ts'
import { isGnuTls, missesVersionLate, offerAsRead } from './negotiation/gnutls.ts'
import { chachaFirst, withOneCertificate } from './negotiation/haproxy.ts'
import { isJava, refuseFormat } from './negotiation/java.ts'
import { canSignTls13, isOpenSsl, levelAllowsVersion } from './negotiation/openssl.ts'
import { refuseMalformedName, refuseWithoutName } from './negotiation/server-name.ts'
import { negotiateTls12 } from './negotiation/tls12.ts'
import { negotiateTls13 } from './negotiation/tls13.ts'
import { highestOffered, type Offer, offeredVersions } from './offer.ts'
import type { Prediction, ServerProfile } from './prediction.ts'
import { SSL_3_0, TLS_1_2, TLS_1_3, type Version, versionName } from './version.ts'

/**
 * What a server of this profile answers to a first ClientHello: the version, suite and group it picks, or the clause by which it refuses
 * and the alert it sends. Checks are made in the order of real servers: version, fallback, name, suite, group, signature. What the client
 * does with the answer (trust, host name, small DHE parameters) is not in its hello and not predicted; nor is resumption.
 */
export function negotiate(offer: Offer, profile: ServerProfile): Prediction {
  if (profile.engine !== 'haproxy') return answer(offer, profile)
  // Its strict-sni looks at the name before anybody looks at versions.
  return (
    refuseWithoutName(offer, profile) ?? answer(offer, chachaFirst(offer, withOneCertificate(offer, profile)))
  )
}

function answer(offer: Offer, profile: ServerProfile): Prediction {
  const unread = refuseFormat(offer, profile)
  if (unread) return unread
  const version = chooseVersion(offer, profile)
  if (version === undefined) {
    const late = missesVersionLate(offer, profile)
      ? (refuseMalformedName(offer, profile) ?? refuseFallback(offer, profile, TLS_1_2))
      : undefined
    return late ?? refuseVersion(offer, profile)
  }
  const contradicts = refuseLegacyVersion(offer, profile, version) ?? refuseMalformedName(offer, profile)
  if (contradicts) return contradicts
  const lower = refuseFallback(offer, profile, version)
  if (lower) return lower
  const nameless = refuseWithoutName(offer, profile)
  if (nameless) return nameless
  return version >= TLS_1_3 ? negotiateTls13(offer, profile) : negotiateTls12(offer, profile, version)
}

/** RFC 7507 section 3. Java does not know the value. */
function refuseFallback(offer: Offer, profile: ServerProfile, version: Version): Prediction | undefined {
  if (version >= profile.maxVersion || profile.ignoresFallback === true || isJava(profile)) return undefined
  if (!offer.suites.includes(FALLBACK_SCSV)) return undefined
  return refuse(
    'fallback',
    alerts.inappropriateFallback,
    `the client retries at ${versionName(version)} and says that it can do better (TLS_FALLBACK_SCSV), and the server accepts ${versionName(profile.maxVersion)}`,
  )
}

/**
 * With supported_versions the highest common value, GREASE and drafts ignored; without, the best version up to legacy_version and at most
 * TLS 1.2 (RFC 8446 section 4.2.1).
 */
function chooseVersion(offer: Offer, profile: ServerProfile): Version | undefined {
  return offeredVersions(offerAsRead(offer, profile)).findLast(version => accepts(profile, version))
}

function accepts(profile: ServerProfile, version: Version): boolean {
  if (version < profile.minVersion || version > profile.maxVersion) return false
  if (!isOpenSsl(profile)) return true
  return levelAllowsVersion(profile, version) && (version < TLS_1_3 || canSignTls13(profile))
}

/**
 * RFC 8446 section 4.1.2: with supported_versions legacy_version is 0x0303. Where it is less, Java refuses once it has chosen TLS 1.3, and GnuTLS
 * when it is under its own lowest version; OpenSSL does not look. Found by trying: made-up hellos of the lab.
 */
function refuseLegacyVersion(offer: Offer, profile: ServerProfile, version: Version): Prediction | undefined {
  if (offer.supportedVersions.length === 0 || offer.legacyVersion >= TLS_1_2) return undefined
  const insists = isGnuTls(profile)
    ? profile.maxVersion >= TLS_1_3 && offer.legacyVersion < profile.minVersion
    : isJava(profile) && version >= TLS_1_3
  if (!insists) return undefined
  return refuse(
    'version',
    alerts.protocolVersion,
    `the client lists its versions and still says ${versionName(offer.legacyVersion)} in legacy_version`,
  )
}

function refuseVersion(offer: Offer, profile: ServerProfile): Prediction {
  const offered = offeredVersions(offer)
  const best = highestOffered(offer)
  const accepted =
    profile.minVersion === profile.maxVersion
      ? `accepts only ${versionName(profile.minVersion)}`
      : `accepts ${versionName(profile.minVersion)} to ${versionName(profile.maxVersion)}`
  const said =
    best === 0
      ? 'no version that is known'
      : best < profile.minVersion
        ? `at most ${versionName(best)}`
        : `only ${offered.map(versionName).join(', ')}`
  // SSL 3.0 has no alert 70; servers send handshake_failure or close (RFC 6101 section 5.4.2). To SSL 2.0 alone they answer 70 all the same.
  const isOther = best === SSL_3_0 || missesVersionLate(offer, profile)
  const alert = isOther ? alerts.handshakeFailure : alerts.protocolVersion
  return refuse('version', alert, `the client offers ${said}, and the server ${accepted}`)
}
