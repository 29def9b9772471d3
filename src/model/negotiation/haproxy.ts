import { suiteOf } from '../iana/suites.ts'
import type { Offer } from '../offer.ts'
import type { CertificateKey, ServerProfile } from '../prediction.ts'
import { isInOpenSsl } from './openssl.ts'
import { isForeignName } from './server-name.ts'
import { sendsSchemes } from './signing.ts'

const RSA = 1
const ECDSA = 3

/**
 * HAProxy settles on one certificate when the hello arrives, before OpenSSL chooses version and suite; what OpenSSL then lacks is refused,
 * although another certificate would have done. Found by trying HAProxy 2.6 in the lab (190 cells of 1620 differed from plain OpenSSL); the
 * order is that of ssl_sock_switchctx_cbk: ECDSA when the client says that it can, else RSA when it says so or says nothing, else any.
 */
export function withOneCertificate(offer: Offer, profile: ServerProfile): ServerProfile {
  const { certificates } = profile
  if (certificates === undefined || certificates.length < 2) return profile
  const chosen = choose(offer, certificates)
  return { ...profile, certificates: [chosen] }
}

function choose(offer: Offer, certificates: readonly CertificateKey[]): CertificateKey {
  // Without a name (or with another) the first certificate of the line is taken.
  const first = certificates[0]!
  if (!offer.extensions.includes(0) || isForeignName(offer.sni)) return first
  const ecdsa = certificates.find(key => key.type === 'ecdsa')
  const rsa = certificates.find(key => key.type === 'rsa' || key.type === 'rsa-pss')
  const other = certificates.find(key => key !== ecdsa && key !== rsa)
  if (ecdsa && names(offer, ECDSA) && offersSuiteForEcdsa(offer)) return ecdsa
  if (rsa && (!sendsSchemes(offer) || names(offer, RSA))) return rsa
  return other ?? ecdsa ?? rsa ?? first
}

/** It looks at the second byte only, as TLS 1.2 numbers them: PSS, Ed25519 and the like are neither RSA nor ECDSA to it. */
function names(offer: Offer, kind: number): boolean {
  return sendsSchemes(offer) && offer.signatureSchemes.some(scheme => (scheme & 0xff) === kind)
}

/** Suites of TLS 1.3, which say nothing of the key, do not count: made-up hellos of the lab. */
function offersSuiteForEcdsa(offer: Offer): boolean {
  return offer.suites.some(id => {
    const suite = suiteOf(id)
    return suite?.auth === 'ecdsa' && isInOpenSsl(suite)
  })
}

/**
 * Where the server's order decides, HAProxy switches SSL_OP_PRIORITIZE_CHACHA on: a client whose first suite (of those that OpenSSL knows) is ChaCha20
 * has no AES in hardware, and gets the server's suites of ChaCha20 before all others. Case: Botan and Mbed TLS in the lab.
 */
export function chachaFirst(offer: Offer, profile: ServerProfile): ServerProfile {
  if (profile.suiteChoice !== 'server') return profile
  const first = offer.suites.map(id => suiteOf(id)).find(suite => suite !== undefined && isInOpenSsl(suite))
  if (first?.cipher !== 'CHACHA20') return profile
  const prefer = (ids: readonly number[]) => [...ids.filter(isChacha), ...ids.filter(id => !isChacha(id))]
  return {
    ...profile,
    ...(profile.suites && { suites: prefer(profile.suites) }),
    ...(profile.suitesTls13 && { suitesTls13: prefer(profile.suitesTls13) }),
  }
}

function isChacha(id: number): boolean {
  return suiteOf(id)?.cipher === 'CHACHA20'
}
