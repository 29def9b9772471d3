import fc from 'fast-check'
import { emptyOffer, type Offer } from '../../src/model/offer.ts'

/** A TLS 1.0 hello that offers nothing. */
export const bareOffer: Offer = {
  ...emptyOffer(),
  recordVersion: 0x0301,
  legacyVersion: 0x0301,
  compression: [0],
}

const u16 = fc.integer({ min: 0, max: 0xffff })
const u8 = fc.integer({ min: 0, max: 0xff })
const latin1 = fc.string({ unit: u8.map(code => String.fromCharCode(code)), minLength: 1, maxLength: 20 })
const hostName = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 60,
})

/** Any offer whose lists and extension types agree with each other, as a ClientHello can carry it. */
export const anyOffer: fc.Arbitrary<Offer> = fc
  .record({
    recordVersion: fc.integer({ min: 0x0300, max: 0x03ff }),
    legacyVersion: u16,
    suites: fc.array(u16, { maxLength: 120 }),
    compression: fc.array(u8, { maxLength: 4 }),
    others: fc.uniqueArray(fc.integer({ min: 100, max: 0xfe00 }), { maxLength: 6 }),
    sni: fc.option(hostName),
    groups: fc.option(fc.array(u16, { maxLength: 12 })),
    pointFormats: fc.option(fc.array(u8, { maxLength: 3 })),
    signatureSchemes: fc.option(fc.array(u16, { maxLength: 20 })),
    signatureSchemesCert: fc.option(fc.array(u16, { maxLength: 5 })),
    alpn: fc.option(fc.array(latin1, { maxLength: 4 })),
    supportedVersions: fc.option(fc.array(u16, { maxLength: 6 })),
    keyShareGroups: fc.option(fc.array(u16, { maxLength: 4 })),
    pskModes: fc.option(fc.array(u8, { maxLength: 2 })),
    extendedMasterSecret: fc.boolean(),
    sessionTicket: fc.boolean(),
    ech: fc.boolean(),
    offersPsk: fc.boolean(),
    withoutExtensions: fc.boolean(),
    order: fc.integer(),
  })
  .map(({ others, order, withoutExtensions, ...draft }) => {
    const present: [number, boolean][] = [
      [0, draft.sni !== null],
      [10, draft.groups !== null],
      [11, draft.pointFormats !== null],
      [13, draft.signatureSchemes !== null],
      [16, draft.alpn !== null],
      [23, draft.extendedMasterSecret],
      [35, draft.sessionTicket],
      [43, draft.supportedVersions !== null],
      [45, draft.pskModes !== null],
      [50, draft.signatureSchemesCert !== null],
      [51, draft.keyShareGroups !== null],
      [0xfe0d, draft.ech],
    ]
    const known = present.filter(([, is]) => is).map(([type]) => type)
    const extensions = [...others, ...known].sort((a, b) => ((a ^ order) % 97) - ((b ^ order) % 97) || a - b)
    if (draft.offersPsk) extensions.push(41)
    const fields = Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, value ?? []]))
    if (withoutExtensions)
      return {
        ...bareOffer,
        recordVersion: draft.recordVersion,
        legacyVersion: draft.legacyVersion,
        suites: draft.suites,
        compression: draft.compression,
        withoutExtensions,
      }
    return { ...bareOffer, ...fields, sni: draft.sni, extensions } as Offer
  })
