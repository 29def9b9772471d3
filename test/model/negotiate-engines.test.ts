import { describe, expect, test } from 'vitest'
import { negotiate } from '../../src/model/negotiate.ts'
import type { CertificateKey, ServerProfile } from '../../src/model/prediction.ts'
import { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 } from '../../src/model/version.ts'
import { offerOf } from './offers.ts'

/** Each difference between engines that the lab has found, without the engines. What real ones answer is in test/lab/matrix.test.ts. */

const rsa: CertificateKey = { type: 'rsa', bits: 2048 }
const p256: CertificateKey = { type: 'ecdsa', group: 0x17 }

function server(engine: ServerProfile['engine'], more: Partial<ServerProfile> = {}): ServerProfile {
  return {
    id: 'some',
    title: 'some',
    minVersion: TLS_1_0,
    maxVersion: TLS_1_3,
    suites: [0xc02b, 0xc02f, 0xc009, 0xc013, 0x0033, 0x002f],
    suitesTls13: [0x1301],
    groups: [0x1d, 0x17],
    signatureSchemes: [0x0403, 0x0804, 0x0401],
    certificates: [rsa, p256],
    suiteChoice: 'client',
    requiresSni: false,
    engine,
    securityLevel: 0,
    ...more,
  }
}

describe('haproxy', () => {
  test('TLS 1.0 says nothing of signatures, so HAProxy takes the RSA certificate; OpenSSL takes the suite', () => {
    const offer = offerOf(TLS_1_0, { suites: [0xc009, 0xc013] })
    expect(negotiate(offer, server('openssl'))).toMatchObject({ suite: 0xc009 })
    expect(negotiate(offer, server('haproxy'))).toMatchObject({ suite: 0xc013 })
  })

  test('with a client that can do both, the ECDSA certificate rules out RSA suites', () => {
    const offer = offerOf(TLS_1_2, { suites: [0xc02f, 0xc02b] })
    expect(negotiate(offer, server('openssl'))).toMatchObject({ suite: 0xc02f })
    expect(negotiate(offer, server('haproxy'))).toMatchObject({ suite: 0xc02b })
  })

  test('without a name it is the first certificate', () => {
    const offer = offerOf(TLS_1_2, { suites: [0xc02b, 0xc02f], sni: null })
    expect(negotiate(offer, server('haproxy'))).toMatchObject({ suite: 0xc02f })
  })

  test('strict-sni comes before the version', () => {
    const offer = offerOf(TLS_1_0, { sni: null })
    const strict = { minVersion: TLS_1_2, requiresSni: true }
    expect(negotiate(offer, server('openssl', strict))).toMatchObject({ clause: 'version', alert: 70 })
    expect(negotiate(offer, server('haproxy', strict))).toMatchObject({ clause: 'sni', alert: 112 })
  })
})

describe('gnutls', () => {
  test('up to TLS 1.2 it does not read supported_versions', () => {
    const offer = offerOf(TLS_1_3)
    const old = { maxVersion: TLS_1_1 }
    expect(negotiate(offer, server('openssl', old))).toMatchObject({ clause: 'version', alert: 70 })
    expect(negotiate(offer, server('gnutls', old))).toMatchObject({ outcome: 'accepted', version: TLS_1_1 })
  })

  test('a TLS 1.2 hello at a server of TLS 1.3 only gets alert 40, an older one 70', () => {
    const new13 = { minVersion: TLS_1_3 }
    expect(negotiate(offerOf(TLS_1_2), server('gnutls', new13))).toMatchObject({
      clause: 'version',
      alert: 40,
    })
    expect(negotiate(offerOf(TLS_1_1), server('gnutls', new13))).toMatchObject({ alert: 70 })
  })

  test.each([
    ['names groups of RFC 7919 that the server lacks', [0x17, 0x0100], 2048, 'group', 40],
    ['names none, and the server has no parameters', [0x17], 0, 'suite', 80],
  ])('DHE with a client that %s', (_, groups, dhBits, clause, alert) => {
    const offer = offerOf(TLS_1_2, { suites: [0x0033], groups })
    expect(negotiate(offer, server('gnutls', { dhBits }))).toMatchObject({ clause, alert })
    expect(negotiate(offer, server('openssl', { dhBits: 2048 }))).toMatchObject({ suite: 0x0033 })
  })

  test('the favourite group is asked for although another has a share', () => {
    const offer = offerOf(TLS_1_3, { groups: [0x1d, 0x17], keyShareGroups: [0x1d] })
    const own: Partial<ServerProfile> = { suiteChoice: 'server', groups: [0x17, 0x1d] }
    expect(negotiate(offer, server('openssl', own))).toMatchObject({ group: 0x1d, helloRetryRequest: false })
    expect(negotiate(offer, server('gnutls', own))).toMatchObject({ group: 0x17, helloRetryRequest: true })
  })
})

describe('extension 50, the signatures that a client takes in certificates', () => {
  const offer = offerOf(TLS_1_2, {
    suites: [0xc02f],
    signatureSchemesCert: [0x0403],
    extensions: [0, 10, 11, 13, 50],
  })
  const signedByRsa = { certificates: [{ ...rsa, signedWith: 0x0401 }] }
  test.each([
    ['openssl', 'refused'],
    ['gnutls', 'accepted'],
    ['java', 'accepted'],
  ] as const)('%s: %s', (engine, outcome) => {
    expect(negotiate(offer, server(engine, signedByRsa))).toMatchObject({ outcome })
  })
})

describe('java', () => {
  test('the curve of the key must be among the groups, before TLS 1.3', () => {
    const offer = offerOf(TLS_1_2, { suites: [0xc02b, 0xc02f] })
    expect(negotiate(offer, server('openssl', { groups: [0x1d] }))).toMatchObject({ suite: 0xc02b })
    expect(negotiate(offer, server('java', { groups: [0x1d] }))).toMatchObject({ suite: 0xc02f })
  })

  test('it asks for the first common group of the client, and says unexpected_message without one', () => {
    const offer = offerOf(TLS_1_3, { groups: [0x1d, 0x19, 0x18], keyShareGroups: [0x1d] })
    expect(negotiate(offer, server('java', { groups: [0x18, 0x19] }))).toMatchObject({ group: 0x19 })
    expect(negotiate(offer, server('openssl', { groups: [0x18, 0x19] }))).toMatchObject({ group: 0x18 })
    expect(negotiate(offer, server('java', { groups: [0x1e] }))).toMatchObject({ clause: 'group', alert: 10 })
  })

  test('without a common scheme even static RSA is refused', () => {
    const offer = offerOf(TLS_1_2, { suites: [0x002f], signatureSchemes: [0x0201] })
    expect(negotiate(offer, server('java'))).toMatchObject({ clause: 'signature', alert: 40 })
    expect(negotiate(offer, server('standard'))).toMatchObject({ outcome: 'accepted', suite: 0x002f })
  })

  test('it does not know TLS_FALLBACK_SCSV', () => {
    const offer = offerOf(TLS_1_1, { suites: [0xc013, 0x5600] })
    expect(negotiate(offer, server('openssl'))).toMatchObject({ clause: 'fallback', alert: 86 })
    expect(negotiate(offer, server('java'))).toMatchObject({ outcome: 'accepted', version: TLS_1_1 })
  })

  test('it does not read the framing of SSL 2.0', () => {
    const offer = offerOf(TLS_1_0, { format: 'sslv2', extensions: [], groups: [], sni: null })
    expect(negotiate(offer, server('openssl'))).toMatchObject({ outcome: 'accepted', version: TLS_1_0 })
    expect(negotiate(offer, server('java'))).toMatchObject({ clause: 'version', alert: 40 })
  })

  test('it finds out too late that nobody takes its Ed25519', () => {
    const only = { certificates: [{ type: 'ed25519' }] } satisfies Partial<ServerProfile>
    for (const max of [TLS_1_2, TLS_1_3])
      expect(negotiate(offerOf(max), server('java', only))).toMatchObject({
        clause: 'signature',
        alert: 80,
      })
  })
})
