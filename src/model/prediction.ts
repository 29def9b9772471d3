import type { Version } from './version.ts'

/**
 * What a server is ready to agree to. A list that is absent is not constrained: the profile says nothing about it, and no client is
 * refused for it.
 */
export interface ServerProfile {
  id: string
  title: string
  minVersion: Version
  maxVersion: Version
  /** Suites for TLS 1.2 and older, in the server's order. */
  suites?: number[]
  /** Suites for TLS 1.3, in the server's order. */
  suitesTls13?: number[]
  groups?: number[]
  signatureSchemes?: number[]
  /** Absent: the server has a certificate for every suite. */
  certificates?: CertificateKey[]
  /** Protocols on top (ALPN); a client that offers others only is refused. Absent: the server ignores what it does not know. */
  alpn?: string[]
  /** Who decides between several common suites. */
  suiteChoice: 'client' | 'server'
  requiresSni: boolean
  /** Named differences between server implementations; absent means `openssl`. `standard`: what the RFCs say and nothing more. */
  engine?: 'standard' | 'openssl' | 'haproxy' | 'gnutls' | 'java' | 'go' | 'schannel' | 'boringssl' | 'nss'
  /** OpenSSL security level (SSL_CTX_set_security_level); absent means 1. */
  securityLevel?: number
  /** Size of the server's DHE parameters in bits; absent: DHE suites work without a statement about size; 0: it has none. */
  dhBits?: number
  /** True: nothing is known of the server's highest version, so a fallback (RFC 7507) is no reason to refuse. Absent: false. */
  ignoresFallback?: boolean
}

/** The key of a server certificate. `signedWith`: the scheme of the issuer's signature; absent: not compared with what a client takes. */
export type CertificateKey = (
  | { type: 'rsa'; bits: number }
  | { type: 'rsa-pss'; bits: number }
  | { type: 'ecdsa'; group: number }
  | { type: 'ed25519' }
  | { type: 'ed448' }
  | { type: 'dsa'; bits: number }
) & { signedWith?: number }

/** The part of a policy that an offer fails. One name everywhere: gateway, replay, rehearsal, evidence. */
export type Clause = 'version' | 'fallback' | 'suite' | 'group' | 'signature' | 'certificate' | 'sni' | 'alpn'

export type Prediction =
  | {
      outcome: 'accepted'
      version: Version
      suite: number
      /** 0 when no group takes part (static RSA) or it is not constrained. */
      group: number
      /** The client sent no key share for `group`: the server asks again (RFC 8446 section 4.1.4). */
      helloRetryRequest: boolean
    }
  | {
      outcome: 'refused'
      clause: Clause
      /** Alert description that the server sends (RFC 8446 section 6). */
      alert: number
      /** One sentence: what was wanted, what was offered. */
      because: string
    }
