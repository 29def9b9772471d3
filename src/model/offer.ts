import { isGrease, knownVersions, SSL_2_0, type Version } from './version.ts'

/**
 * What a client proposes in its ClientHello, without what differs from connection to connection (random, session id, key bytes).
 * Lists are in wire order and keep GREASE. An absent extension gives an empty list; `extensions` tells absent from empty.
 */
export interface Offer {
  /** `sslv2`: the SSLv2-compatible framing of RFC 5246 appendix E.2; such a hello has no extensions. */
  format: 'tls' | 'sslv2'
  /** Version of the first record; 0 for sslv2 framing. */
  recordVersion: Version
  /** `client_version` / `legacy_version` of the hello. */
  legacyVersion: Version
  /** Extension 43 as sent; empty when absent. */
  supportedVersions: Version[]
  suites: number[]
  /** SSLv2 cipher specs whose first byte is not zero (RC4, 3DES …), as 24-bit numbers; only in sslv2 framing. */
  sslv2Specs: number[]
  compression: number[]
  /** Extension types in wire order. */
  extensions: number[]
  /** True when the hello ends after the compression methods, without even an empty block. */
  withoutExtensions: boolean
  /** Host name of extension 0; null when absent, or when its bytes are not printable ASCII. */
  sni: string | null
  groups: number[]
  pointFormats: number[]
  /** Extension 13. */
  signatureSchemes: number[]
  /** Extension 50. */
  signatureSchemesCert: number[]
  alpn: string[]
  /** Groups of the key shares (extension 51). */
  keyShareGroups: number[]
  pskModes: number[]
  /** Extension 41 is present: the client tries to resume or uses an external key. */
  offersPsk: boolean
  extendedMasterSecret: boolean
  sessionTicket: boolean
  /** Extension 0xfe0d with an outer hello: `sni` may be a public name (or GREASE: the two look alike). */
  ech: boolean
}

/** An offer with nothing in it, to start from: what a hello leaves out stays so. Its lists are new each time. */
export function emptyOffer(): Offer {
  return {
    format: 'tls',
    recordVersion: 0,
    legacyVersion: 0,
    supportedVersions: [],
    suites: [],
    sslv2Specs: [],
    compression: [],
    extensions: [],
    withoutExtensions: false,
    sni: null,
    groups: [],
    pointFormats: [],
    signatureSchemes: [],
    signatureSchemesCert: [],
    alpn: [],
    keyShareGroups: [],
    pskModes: [],
    offersPsk: false,
    extendedMasterSecret: false,
    sessionTicket: false,
    ech: false,
  }
}

/**
 * The versions that the client is known to offer, oldest first. With supported_versions exactly those (RFC 8446 section 4.2.1), GREASE
 * and drafts left out; without it everything from SSL 3.0 up to legacy_version, since the floor is not on the wire.
 */
export function offeredVersions(offer: Offer): Version[] {
  if (offer.supportedVersions.length > 0)
    return knownVersions.filter(version => offer.supportedVersions.includes(version))
  if (offer.format === 'sslv2' && offer.legacyVersion === SSL_2_0) return [SSL_2_0]
  const highest = Math.min(offer.legacyVersion, 0x0303)
  return knownVersions.filter(version => version !== SSL_2_0 && version <= highest)
}

/** The highest version offered; 0 when the hello names none that is known (only drafts, say). */
export function highestOffered(offer: Offer): Version {
  const { supportedVersions, format, legacyVersion } = offer
  let highest = 0
  for (const version of supportedVersions)
    if (version > highest && knownVersions.includes(version)) highest = version
  if (supportedVersions.length > 0) return highest
  if (format === 'sslv2' && legacyVersion === SSL_2_0) return SSL_2_0
  for (const version of knownVersions)
    if (version !== SSL_2_0 && version <= Math.min(legacyVersion, 0x0303)) highest = version
  return highest
}

/** A list without its GREASE values (RFC 8701). */
export function withoutGrease(values: readonly number[]): number[] {
  return values.filter(value => !isGrease(value))
}
