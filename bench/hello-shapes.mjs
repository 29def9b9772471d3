// Made-up hello shapes for benches, the same ones each time.
import { knownHellos } from '../dist/identify/stacks/compare.js'

/** Numbers from 0 to 1, the same row of them each time. */
export function seeded() {
  let state = 7
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** The hellos of the table of stacks over and over, most with some suites left out. */
export function helloShapes(count, random) {
  const known = knownHellos().filter(hello => !hello.features.sslv2)
  return Array.from({ length: count }, (_, i) => {
    const { features } = known[i % known.length]
    return {
      id: `s${i}`,
      ja3: '',
      ja4: '',
      ja4r: '',
      offer: {
        format: 'tls',
        recordVersion: 0x0301,
        legacyVersion: features.legacyVersion,
        supportedVersions: features.versions,
        suites: features.suites.filter(() => i < known.length || random() > 0.1),
        sslv2Specs: [],
        compression: [0],
        extensions: [0, ...features.extensions],
        withoutExtensions: false,
        sni: null,
        groups: features.groups,
        pointFormats: features.points,
        signatureSchemes: features.schemes,
        signatureSchemesCert: [],
        alpn: [],
        keyShareGroups: features.groups.slice(0, 1),
        pskModes: [1],
        offersPsk: false,
        extendedMasterSecret: true,
        sessionTicket: true,
        ech: false,
      },
    }
  })
}
