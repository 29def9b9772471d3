import { groups } from './iana/groups.ts'
import { schemes } from './iana/schemes.ts'
import { suites } from './iana/suites.ts'
import { emptyOffer, type Offer } from './offer.ts'
import { knownVersions, SSL_3_0, TLS_1_2, TLS_1_3, type Version } from './version.ts'

/**
 * The offer of a client that goes up to this version and could do everything else: all suites, groups and signatures of that version, and a
 * name. What a floor refuses of it, it refuses for the version alone.
 */
export function plainOffer(max: Version): Offer {
  const extended = max > SSL_3_0
  const hasSchemes = max >= TLS_1_2
  const shares = max >= TLS_1_3
  const present: [number, boolean][] = [
    [0, extended],
    [10, extended],
    [11, extended],
    [13, hasSchemes],
    [43, shares],
    [51, shares],
  ]
  return {
    ...emptyOffer(),
    recordVersion: Math.min(max, 0x0301),
    legacyVersion: Math.min(max, TLS_1_2),
    supportedVersions: shares ? knownVersions.filter(version => version > SSL_3_0 && version <= max) : [],
    suites: suites.filter(suite => suite.minVersion <= max && !suite.export).map(suite => suite.id),
    compression: [0],
    extensions: present.filter(([, sent]) => sent).map(([type]) => type),
    withoutExtensions: !extended,
    groups: extended ? groups.map(group => group.id) : [],
    pointFormats: extended ? [0] : [],
    signatureSchemes: hasSchemes ? schemes.map(scheme => scheme.id) : [],
    keyShareGroups: shares ? groups.map(group => group.id) : [],
    extendedMasterSecret: extended,
    sessionTicket: extended,
  }
}
