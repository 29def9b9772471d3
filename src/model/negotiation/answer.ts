import { suiteName, suiteOf } from '../iana/suites.ts'
import type { Offer } from '../offer.ts'
import type { CertificateKey, Clause, Prediction, ServerProfile } from '../prediction.ts'
import { TLS_1_3 } from '../version.ts'

/** Alert descriptions: RFC 8446 section 6, RFC 7507 section 3, RFC 6066 section 3. */
export const alerts = {
  unexpectedMessage: 10,
  handshakeFailure: 40,
  illegalParameter: 47,
  decodeError: 50,
  protocolVersion: 70,
  internalError: 80,
  inappropriateFallback: 86,
  missingExtension: 109,
  unrecognizedName: 112,
  noApplicationProtocol: 120,
} as const

export function refuse(clause: Clause, alert: number, because: string): Prediction {
  return { outcome: 'refused', clause, alert, because }
}

/** The suites of TLS 1.3, or those of older versions, that a client offers: without GREASE, signalling values and unknown numbers. */
export function namedSuites(offer: Offer, era: 'tls13' | 'older'): number[] {
  return offer.suites.filter(id => {
    const suite = suiteOf(id)
    return suite !== undefined && suite.minVersion >= TLS_1_3 === (era === 'tls13')
  })
}

/** Common entries in the order of whoever decides; all that the client offers where the server's list is not constrained. */
export function inDecidingOrder(
  offered: readonly number[],
  accepted: readonly number[] | undefined,
  decides: ServerProfile['suiteChoice'],
): number[] {
  if (accepted === undefined) return [...offered]
  return decides === 'server'
    ? accepted.filter(id => offered.includes(id))
    : offered.filter(id => accepted.includes(id))
}

/** RFC 7301 section 3.2. Servers look at it between other things: OpenSSL once it has a suite. Case: nginx, and clients of other protocols than HTTP. */
export function refuseProtocols({ alpn }: Offer, profile: ServerProfile): Prediction | undefined {
  if (profile.alpn === undefined || alpn.length === 0) return undefined
  if (alpn.some(name => profile.alpn!.includes(name))) return undefined
  return refuse(
    'alpn',
    alerts.noApplicationProtocol,
    `no common protocol (ALPN): the client offers ${alpn.join(', ')}, and the server has ${profile.alpn.join(', ')}`,
  )
}

/** `12 suites, TLS_RSA_WITH_AES_128_CBC_SHA first`: enough to see what kind of client it is. */
export function describeSuites(ids: readonly number[]): string {
  if (ids.length === 0) return 'no suite that is known'
  if (ids.length <= 2) return `only ${ids.map(suiteName).join(' and ')}`
  return `${ids.length} suites (${suiteName(ids[0]!)} first)`
}

/** `RSA 2048`, `ECDSA on secp256r1`. */
export function describeKeys(keys: readonly CertificateKey[], groupName: (id: number) => string): string {
  return keys
    .map(key => {
      if (key.type === 'ecdsa') return `ECDSA (${groupName(key.group)})`
      if ('bits' in key) return `${key.type === 'rsa-pss' ? 'RSA-PSS' : key.type.toUpperCase()} ${key.bits}`
      return key.type === 'ed25519' ? 'Ed25519' : 'Ed448'
    })
    .join(' and ')
}
