import type { Features } from './compare.ts'
import type { Engine } from './stacks.ts'

/**
 * Libraries that can have made a hello, by habits that few of them have; null when no habit shows, or when those that show contradict each
 * other. Habits were read off the hellos of the table and hold for all of them (a test says so); they outlive versions, so they also judge
 * hellos that nobody has listed.
 */
export function traitsOf(features: Features): ReadonlySet<Engine> | null {
  let found: Engine[] | null = null
  for (const trait of traits) {
    if (!trait.holds(features)) continue
    found = found === null ? [...trait.engines] : found.filter(engine => trait.engines.includes(engine))
  }
  return found === null || found.length === 0 ? null : new Set(found)
}

export interface Trait {
  because: string
  engines: readonly Engine[]
  holds(features: Features): boolean
}

const renegotiationScsv = 0x00ff

/**
 * Orders that are written into a library and stay when a program changes its suites: the lists of groups and of signature schemes begin like this.
 */
const orders: readonly {
  engines: readonly Engine[]
  groups?: readonly number[]
  schemes?: readonly number[]
}[] = [
  { engines: ['jsse'], groups: [0x17, 0x01, 0x03, 0x13] },
  { engines: ['jsse'], groups: [0x17, 0x18, 0x19, 0x09] },
  { engines: ['jsse'], groups: [0x1d, 0x17, 0x18, 0x19, 0x1e] },
  { engines: ['openssl'], groups: [0x17, 0x19, 0x1c, 0x1b] },
  { engines: ['openssl'], groups: [0x1d, 0x17, 0x1e, 0x19, 0x18] },
  { engines: ['openssl', 'nss', 'erlang'], groups: [0x0e, 0x0d, 0x19] },
  { engines: ['gnutls'], groups: [0x17, 0x18, 0x19, 0x1d, 0x1e] },
  { engines: ['nss'], groups: [0x1d, 0x17, 0x18, 0x19, 0x100] },
  { engines: ['openssl', 'nss'], schemes: [0x0601, 0x0602, 0x0603] },
  { engines: ['go'], schemes: [0x0804] },
  { engines: ['apple'], schemes: [0x0501, 0x0401] },
  { engines: ['boringssl', 'apple'], schemes: [0x0403, 0x0804] },
  { engines: ['rustls'], schemes: [0x0503, 0x0403] },
  { engines: ['wolfssl'], schemes: [0x0603, 0x0503, 0x0403, 0x0203] },
  { engines: ['botan'], schemes: [0x0805, 0x0804, 0x0806] },
]

function beginsLike(list: readonly number[], start: readonly number[] | undefined): boolean {
  return start?.every((value, i) => list[i] === value) ?? true
}

export const traits: readonly Trait[] = [
  ...orders.map(
    ({ engines, groups, schemes }): Trait => ({
      because: `${groups ? 'groups' : 'signature schemes'} begin in an order that is written into ${engines.join(' and ')}`,
      engines,
      holds: features => beginsLike(features.groups, groups) && beginsLike(features.schemes, schemes),
    }),
  ),
  {
    because:
      'certificate timestamps (RFC 6962) are asked for by browsers, Go and rustls before 0.22: by Schannel, OpenSSL, Java and GnuTLS never',
    engines: ['boringssl', 'nss', 'apple', 'go', 'rustls'],
    holds: ({ extensions }) => extensions.includes(0x0012),
  },
  {
    because: 'channel ids were in Chrome only, first over NSS, then over BoringSSL',
    engines: ['boringssl', 'nss'],
    holds: ({ extensions }) => extensions.includes(0x7550) || extensions.includes(0x754f),
  },
  {
    because: 'ChaCha20-Poly1305 by its draft numbers was in Chrome, Android and LibreSSL, and is in wolfSSL',
    engines: ['boringssl', 'nss', 'openssl', 'wolfssl'],
    holds: ({ suites }) => suites.some(suite => suite >= 0xcc13 && suite <= 0xcc15),
  },
  {
    because: 'record size limit (RFC 8449) is in NSS, GnuTLS and Mbed TLS',
    engines: ['nss', 'gnutls', 'mbedtls'],
    holds: ({ extensions }) => extensions.includes(0x001c),
  },
  {
    because:
      'signature schemes for certificates (extension 50) are sent by Java, by Erlang since OTP 26 and by Go since 1.27',
    engines: ['jsse', 'erlang', 'go'],
    holds: ({ extensions }) => extensions.includes(0x0032),
  },
  {
    because: 'authentication after the handshake (extension 49) is offered by OpenSSL, GnuTLS and Haskell',
    engines: ['openssl', 'gnutls', 'haskell'],
    holds: ({ extensions }) => extensions.includes(0x0031),
  },
  {
    because: 'CBC with SHA-384 over ECDHE was never in NSS, Go or Opera',
    engines: [
      'schannel',
      'apple',
      'jsse',
      'openssl',
      'gnutls',
      'mbedtls',
      'wolfssl',
      'botan',
      'haskell',
      'erlang',
      'boringssl',
    ],
    holds: ({ suites }) => suites.includes(0xc024) || suites.includes(0xc028),
  },
  {
    because:
      'DSS with SHA-256, no renegotiation SCSV and no encrypt-then-MAC: OpenSSL sends one of them, and browsers had no DSS by then',
    engines: ['schannel', 'jsse', 'gnutls', 'presto'],
    holds: ({ suites, extensions }) =>
      suites.includes(0x0040) && !suites.includes(renegotiationScsv) && !extensions.includes(0x0016),
  },
  {
    because: 'Camellia was never in Schannel, Java, Apple, BoringSSL or Go',
    engines: ['openssl', 'nss', 'gnutls', 'mbedtls'],
    holds: ({ suites }) => suites.includes(0x0041) || suites.includes(0x0084),
  },
  {
    because: 'GREASE (RFC 8701) is sent by BoringSSL, and by Apple since macOS 12',
    engines: ['boringssl', 'apple'],
    holds: ({ grease }) => grease,
  },
  {
    because: 'encrypt-then-MAC (RFC 7366) is not in Schannel, Java, NSS, Apple, BoringSSL, Go or rustls',
    engines: ['openssl', 'gnutls', 'mbedtls', 'wolfssl', 'botan'],
    holds: ({ extensions }) => extensions.includes(0x0016),
  },
  {
    because: 'encrypt-then-MAC together with record size limit (RFC 8449) is a habit of GnuTLS 3',
    engines: ['gnutls'],
    holds: ({ extensions }) => extensions.includes(0x0016) && extensions.includes(0x001c),
  },
  {
    because: 'certificate status version 2 (RFC 6961) is only asked for by Java',
    engines: ['jsse'],
    holds: ({ extensions }) => extensions.includes(0x0011),
  },
  {
    because: 'compressed point formats are only offered by OpenSSL and by programs built like it',
    engines: ['openssl', 'nss'],
    holds: ({ points }) => points.join('.') === '0.1.2',
  },
  {
    because: 'the renegotiation SCSV comes first in SecureTransport, old NSS, Opera and Erlang',
    engines: ['apple', 'nss', 'presto', 'erlang'],
    holds: ({ suites }) => suites[0] === renegotiationScsv,
  },
  {
    because: 'heartbeat (RFC 6520) was built into OpenSSL 1.0.1 and 1.0.2 and what came from them',
    engines: ['openssl', 'nss'],
    holds: ({ extensions }) => extensions.includes(0x000f),
  },
  {
    because: 'certificate timestamps without session tickets are asked for by Apple, Go and Firefox of late',
    engines: ['apple', 'go', 'nss'],
    holds: ({ extensions }) => extensions.includes(0x0012) && !extensions.includes(0x0023),
  },
]
