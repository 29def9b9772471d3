import type { Offer } from '../../src/model/offer.ts'
import { TLS_1_2, TLS_1_3, type Version } from '../../src/model/version.ts'

/** An offer as a plain client of this version would make it; fields that are given replace those. */
export function offerOf(max: Version, more: Partial<Offer> = {}): Offer {
  const groups = more.groups ?? [0x1d, 0x17]
  const offer: Offer = {
    format: 'tls',
    recordVersion: 0x0301,
    legacyVersion: Math.min(max, TLS_1_2),
    supportedVersions: max >= TLS_1_3 ? [0x0304, 0x0303] : [],
    suites:
      max >= TLS_1_3
        ? [0x1301, 0xc02f, 0xc02b, 0x002f]
        : max >= TLS_1_2
          ? [0xc02f, 0xc02b, 0x002f]
          : [0xc013, 0x002f],
    sslv2Specs: [],
    compression: [0],
    extensions: [],
    withoutExtensions: false,
    sni: 'contoso.westeurope.batch.azure.com',
    groups,
    pointFormats: [0],
    signatureSchemes: [0x0403, 0x0804, 0x0401],
    signatureSchemesCert: [],
    alpn: [],
    keyShareGroups: groups.slice(0, 1),
    pskModes: [],
    offersPsk: false,
    extendedMasterSecret: true,
    sessionTicket: true,
    ech: false,
    ...more,
  }
  const present: [number, boolean][] = [
    [0, offer.sni !== null],
    [10, offer.groups.length > 0],
    [11, offer.pointFormats.length > 0],
    [13, offer.signatureSchemes.length > 0 && max >= TLS_1_2],
    [43, offer.supportedVersions.length > 0],
    [51, offer.keyShareGroups.length > 0 && max >= TLS_1_3],
  ]
  return { ...offer, extensions: more.extensions ?? present.filter(([, sent]) => sent).map(([type]) => type) }
}
