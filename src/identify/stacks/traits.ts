import type { Features } from './compare.ts'
import type { Engine } from './stacks.ts'

/**
 * Libraries that can have made a hello, by habits that none of the others has; null when no habit shows. Habits were read off the hellos of the
 * table and hold for all of them; they outlive versions, so they also judge hellos that nobody has listed.
 */
export function traitsOf(features: Features): ReadonlySet<Engine> | null {
  for (const trait of traits) if (trait.holds(features)) return trait.engines
  return null
}

interface Trait {
  because: string
  engines: ReadonlySet<Engine>
  holds(features: Features): boolean
}

const renegotiationScsv = 0x00ff

const traits: readonly Trait[] = [
  {
    because: 'GREASE (RFC 8701) is sent by BoringSSL, and by Apple since macOS 12',
    engines: new Set(['boringssl', 'apple']),
    holds: ({ grease }) => grease,
  },
  {
    because: 'encrypt-then-MAC together with record size limit is a habit of GnuTLS 3',
    engines: new Set(['gnutls']),
    holds: ({ extensions }) => extensions.includes(0x0016) && extensions.includes(0x001c),
  },
  {
    because: 'certificate status v2 and signature_algorithms_cert together are a habit of Java 11 and newer',
    engines: new Set(['jsse']),
    holds: ({ extensions }) => extensions.includes(0x0011) && extensions.includes(0x0032),
  },
  {
    because: 'the renegotiation SCSV comes first in SecureTransport',
    engines: new Set(['apple', 'nss']),
    holds: ({ suites }) => suites[0] === renegotiationScsv,
  },
  {
    because: 'heartbeat (RFC 6520) was only built into OpenSSL 1.0.1 and 1.0.2 and their users',
    engines: new Set(['openssl', 'boringssl']),
    holds: ({ extensions }) => extensions.includes(0x000f),
  },
]
