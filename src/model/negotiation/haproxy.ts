import { suiteOf } from '../iana/suites.ts'
import type { Offer } from '../offer.ts'
import type { CertificateKey, ServerProfile } from '../prediction.ts'
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
  if (!offer.extensions.includes(0)) return first
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

/** Ciphers that OpenSSL 3 is built without unless it is told otherwise (enable-weak-ssl-ciphers). Static ECDH it has not had since 1.1. */
const leftOut = ['RC4', '3DES', 'DES']

/** Suites of TLS 1.3, which say nothing of the key, do not count: made-up hellos of the lab. */
function offersSuiteForEcdsa(offer: Offer): boolean {
  return offer.suites.some(id => {
    const suite = suiteOf(id)
    if (suite?.auth !== 'ecdsa' || suite.opensslName === undefined) return false
    return suite.kx !== 'ecdh' && !leftOut.includes(suite.cipher)
  })
}
