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

export const traits: readonly Trait[] = [
  {
    because: 'GREASE (RFC 8701) is sent by BoringSSL, and by Apple since macOS 12',
    engines: ['boringssl', 'apple'],
    holds: ({ grease }) => grease,
  },
  {
    because: 'encrypt-then-MAC (RFC 7366) is not in Schannel, Java, NSS, Apple, BoringSSL or Go',
    engines: ['openssl', 'gnutls', 'mbedtls'],
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
    because: 'certificate timestamps without session tickets are asked for by Apple and Go',
    engines: ['apple', 'go'],
    holds: ({ extensions }) => extensions.includes(0x0012) && !extensions.includes(0x0023),
  },
]
