import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { negotiate } from '../../src/model/negotiate.ts'
import type { Offer } from '../../src/model/offer.ts'
import { plainOffer } from '../../src/model/plain-offer.ts'
import type { ServerProfile } from '../../src/model/prediction.ts'
import { readProfile } from '../../src/model/profile.ts'
import {
  knownVersions,
  SSL_2_0,
  SSL_3_0,
  TLS_1_0,
  TLS_1_1,
  TLS_1_2,
  TLS_1_3,
} from '../../src/model/version.ts'
import { runs } from '../runs.ts'
import { offerOf } from './offers.ts'

const file = fileURLToPath(new URL('../../cases/negotiate/real-handshakes.json', import.meta.url))

interface Recorded {
  policies: { id: string }[]
  clients: Record<
    string,
    { client: string; hello: Record<string, string[]>; answers: Record<string, string> }
  >
}

describe('recorded handshakes', () => {
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded
  const hex = (words: string[] | undefined) => (words ?? []).map(word => Number.parseInt(String(word), 16))

  test.each(Object.entries(recorded.clients))('%s', (_, { hello, answers }) => {
    const offer = offerOf(TLS_1_2, {
      legacyVersion: hex([String(hello.legacy_version)])[0]!,
      supportedVersions: hex(hello.supported_versions),
      suites: hex(hello.ciphers),
      extensions: hex(hello.extensions),
      groups: hex(hello.groups),
      pointFormats: (hello.ec_point_formats ?? []).map(Number),
      signatureSchemes: hex(hello.sigalgs),
      keyShareGroups: hex(hello.key_share_groups),
    })
    for (const [policy, answer] of Object.entries(answers)) {
      const read = readProfile(recorded.policies.find(known => known.id === policy))
      expect(read, policy).toMatchObject({ ok: true })
      const said = negotiate(offer, (read as { profile: ServerProfile }).profile)
      const word = (value: number) => value.toString(16).padStart(4, '0')
      const sentence =
        said.outcome === 'accepted'
          ? `${word(said.version)} ${word(said.suite)}${said.helloRetryRequest ? ' retry' : ''}`
          : `alert ${said.alert}`
      expect(sentence, policy).toBe(answer)
    }
    expect(Object.keys(answers).length).toBeGreaterThan(0)
  })
})

const open: ServerProfile = {
  id: 'open',
  title: 'everything',
  minVersion: TLS_1_0,
  maxVersion: TLS_1_3,
  suiteChoice: 'client',
  requiresSni: false,
  securityLevel: 0,
}
const refusal = (offer: Offer, profile: ServerProfile) => {
  const said = negotiate(offer, profile)
  return said.outcome === 'refused'
    ? `${said.clause} ${said.alert}`
    : `accepted ${said.version.toString(16)} ${said.suite.toString(16)}`
}

describe('negotiate', () => {
  test('a fallback is refused where the server can do better, and not below its floor', () => {
    const retry = offerOf(TLS_1_1, { suites: [0xc013, 0x5600] })
    expect(refusal(retry, open)).toBe('fallback 86')
    expect(refusal(retry, { ...open, minVersion: TLS_1_2 })).toBe('version 70')
    expect(refusal(retry, { ...open, maxVersion: TLS_1_1 })).toBe('accepted 302 c013')
    expect(refusal(retry, { ...open, ignoresFallback: true })).toBe('accepted 302 c013')
  })

  test('a hello of SSL 3.0 gets the alert that it knows', () => {
    expect(refusal(offerOf(SSL_3_0, { suites: [0x0035] }), open)).toBe('version 40')
  })

  test('a hello of SSL 2.0 alone gets the alert of TLS, and none of Java', () => {
    const old = offerOf(SSL_2_0, { format: 'sslv2', suites: [0x0700c0], extensions: [] })
    expect(refusal(old, open)).toBe('version 70')
    expect(refusal(old, { ...open, engine: 'gnutls' })).toBe('version 70')
    expect(refusal(old, { ...open, engine: 'java' })).toBe('version 40')
  })

  test('names that no host can have: read and refused by GnuTLS and Java, the default certificate at HAProxy', () => {
    const odd = offerOf(TLS_1_2, { sni: 'localhost:443', suites: [0xc02b, 0xc02f] })
    const gnutls: ServerProfile = { ...open, engine: 'gnutls' }
    const java: ServerProfile = { ...open, engine: 'java' }
    expect(refusal(odd, open)).toBe('accepted 303 c02b')
    expect(refusal(odd, gnutls)).toBe('sni 47')
    expect(refusal(odd, java)).toBe('sni 47')
    expect(refusal({ ...odd, sni: '' }, java)).toBe('sni 50')
    expect(refusal({ ...odd, sni: 'a..b' }, gnutls)).toBe('accepted 303 c02b')
    expect(refusal({ ...odd, sni: 'a..b' }, java)).toBe('sni 47')
    const haproxy: ServerProfile = {
      ...open,
      engine: 'haproxy',
      certificates: [
        { type: 'rsa', bits: 2048 },
        { type: 'ecdsa', group: 0x17 },
      ],
    }
    expect(refusal({ ...odd, sni: 'localhost' }, haproxy)).toBe('accepted 303 c02b')
    expect(refusal(odd, haproxy)).toBe('accepted 303 c02f')
    expect(refusal({ ...odd, sni: '127.0.0.1' }, haproxy)).toBe('accepted 303 c02f')
    expect(refusal(odd, { ...haproxy, requiresSni: true })).toBe('sni 112')
    expect(refusal(odd, { ...open, requiresSni: true })).toBe('accepted 303 c02b')
    expect(refusal({ ...odd, sni: '127.0.0.1' }, { ...open, requiresSni: true })).toBe('sni 112')
    expect(refusal(odd, { ...java, minVersion: TLS_1_3 })).toBe('version 70')
    expect(refusal(odd, { ...gnutls, minVersion: TLS_1_3 })).toBe('sni 47')
    expect(refusal({ ...odd, legacyVersion: TLS_1_1 }, { ...gnutls, minVersion: TLS_1_2 })).toBe('version 70')
  })

  test('HAProxy puts ChaCha20 first for a client that does', () => {
    const haproxy: ServerProfile = {
      ...open,
      engine: 'haproxy',
      suites: [0xc02f, 0xcca8],
      suiteChoice: 'server',
    }
    const mobile = offerOf(TLS_1_2, { suites: [0x16b8, 0xcca8, 0xc02f] })
    expect(refusal(mobile, haproxy)).toBe('accepted 303 cca8')
    expect(refusal(mobile, { ...haproxy, engine: 'openssl' })).toBe('accepted 303 c02f')
    expect(refusal(offerOf(TLS_1_2, { suites: [0xc02f, 0xcca8] }), haproxy)).toBe('accepted 303 c02f')
  })

  test('the brainpool numbers of TLS 1.2 are no groups of TLS 1.3', () => {
    const profile: ServerProfile = { ...open, groups: [0x1c] }
    expect(refusal(offerOf(TLS_1_3, { groups: [0x1c, 0x17] }), profile)).toBe('group 40')
    expect(refusal(offerOf(TLS_1_2, { groups: [0x1c, 0x17] }), profile)).toBe('accepted 303 c02f')
  })

  test('a server that insists on its protocols (ALPN)', () => {
    const nginx: ServerProfile = { ...open, alpn: ['http/1.1'] }
    const chat = offerOf(TLS_1_2, { alpn: ['postgresql'] })
    expect(refusal(chat, nginx)).toBe('alpn 120')
    expect(refusal(offerOf(TLS_1_3, { alpn: ['ntske/1'] }), nginx)).toBe('alpn 120')
    expect(refusal({ ...chat, alpn: [] }, nginx)).toBe('accepted 303 c02f')
    expect(refusal({ ...chat, alpn: ['h2', 'http/1.1'] }, nginx)).toBe('accepted 303 c02f')
    expect(refusal(chat, open)).toBe('accepted 303 c02f')
    expect(refusal({ ...chat, suites: [0x1301] }, { ...nginx, suites: [0xc02f] })).toBe('suite 40')
  })

  test('drafts and GREASE are no versions', () => {
    expect(refusal(offerOf(TLS_1_2, { supportedVersions: [0x7a7a, 0x7f17] }), open)).toBe('version 70')
  })

  test('a server that wants a name', () => {
    const named = { ...open, requiresSni: true }
    expect(refusal(offerOf(TLS_1_2, { sni: null }), named)).toBe('sni 112')
    // The dictionary of shapes does not keep names; the extension tells that one was sent.
    expect(refusal({ ...offerOf(TLS_1_2), sni: null }, named)).toBe('accepted 303 c02f')
  })

  test('TLS 1.2 without groups: OpenSSL and Go leave ECDHE out, others take P-256', () => {
    const offer = offerOf(TLS_1_2, { groups: [], keyShareGroups: [] })
    const profile: ServerProfile = { ...open, groups: [0x17, 0x1d], suites: [0xc02f] }
    expect(refusal(offer, profile)).toBe('group 40')
    expect(refusal(offer, { ...profile, engine: 'go' })).toBe('group 40')
    expect(negotiate(offer, { ...profile, engine: 'java' })).toMatchObject({
      outcome: 'accepted',
      group: 0x17,
    })
  })

  test('hybrids and finite fields are no curves of TLS 1.2', () => {
    const profile: ServerProfile = {
      ...open,
      maxVersion: TLS_1_2,
      groups: [0x11ec, 0x0100],
      suites: [0xc02f],
    }
    expect(refusal(offerOf(TLS_1_2, { groups: [0x11ec, 0x0100] }), profile)).toBe('group 40')
  })

  test('TLS 1.2 without signature_algorithms means SHA-1', () => {
    const silent = offerOf(TLS_1_2, { signatureSchemes: [] })
    const rsa: ServerProfile = { ...open, certificates: [{ type: 'rsa', bits: 2048 }] }
    expect(refusal(silent, rsa)).toBe('accepted 303 c02f')
    expect(refusal(silent, { ...rsa, securityLevel: 2 })).toBe('signature 40')
    expect(refusal(silent, { ...rsa, engine: 'standard', signatureSchemes: [0x0804] })).toBe(
      'accepted 303 2f',
    )
  })

  test('keys stand behind their suites only', () => {
    const ecdsa: ServerProfile = { ...open, certificates: [{ type: 'ecdsa', group: 0x18 }] }
    expect(refusal(offerOf(TLS_1_2, { suites: [0xc02f, 0x002f] }), ecdsa)).toBe('certificate 40')
    expect(refusal(offerOf(TLS_1_2, { suites: [0xc02b], groups: [0x17] }), ecdsa)).toBe('certificate 40')
    expect(refusal(offerOf(TLS_1_2, { suites: [0xc02b], groups: [0x17, 0x18] }), ecdsa)).toBe(
      'accepted 303 c02b',
    )
    expect(
      refusal(offerOf(TLS_1_2, { suites: [0xc02b], groups: [0x17, 0x18], pointFormats: [1] }), ecdsa),
    ).toBe('certificate 40')
  })

  test('TLS 1.3 without key share or signatures is incomplete', () => {
    const profile: ServerProfile = { ...open, groups: [0x1d], certificates: [{ type: 'rsa', bits: 2048 }] }
    const shares = offerOf(TLS_1_3)
    expect(refusal(shares, profile)).toBe('accepted 304 1301')
    expect(refusal({ ...shares, extensions: shares.extensions.filter(type => type !== 51) }, profile)).toBe(
      'group 109',
    )
    expect(refusal({ ...shares, extensions: shares.extensions.filter(type => type !== 13) }, profile)).toBe(
      'signature 109',
    )
    expect(
      negotiate(offerOf(TLS_1_3, { groups: [0x17, 0x1d], keyShareGroups: [0x17] }), profile),
    ).toMatchObject({
      group: 0x1d,
      helloRetryRequest: true,
    })
  })

  test('RSA keys too short for the digest do not sign with PSS', () => {
    const short: ServerProfile = { ...open, certificates: [{ type: 'rsa', bits: 1024 }] }
    expect(refusal(offerOf(TLS_1_3, { signatureSchemes: [0x0806] }), short)).toBe('signature 40')
    expect(refusal(offerOf(TLS_1_3, { signatureSchemes: [0x0806, 0x0805] }), short)).toBe('accepted 304 1301')
  })

  test('weak suites by security level', () => {
    const at = (level: number, suite: number) =>
      refusal(offerOf(TLS_1_2, { suites: [suite] }), {
        ...open,
        suites: [0x0004, 0x0005, 0x000a, 0xc018],
        securityLevel: level,
      })
    expect([at(0, 0x0005), at(1, 0x0005), at(2, 0x0005)]).toEqual([
      'accepted 303 5',
      'accepted 303 5',
      'suite 40',
    ])
    expect([at(0, 0x0004), at(1, 0x0004)]).toEqual(['accepted 303 4', 'suite 40'])
    expect([at(2, 0x000a), at(3, 0x000a)]).toEqual(['accepted 303 a', 'suite 40'])
    expect([at(0, 0xc018), at(1, 0xc018)]).toEqual(['accepted 303 c018', 'suite 40'])
  })
})

describe('negotiate, for any offer and profile', () => {
  const u16 = fc.integer({ min: 0, max: 0xffff })
  const suites = fc.array(
    fc.oneof(
      u16,
      fc.constantFrom(
        0x1301,
        0x1302,
        0xc02f,
        0xc02b,
        0xc013,
        0x009e,
        0x0033,
        0x002f,
        0x000a,
        0x0005,
        0x00ff,
        0x5600,
      ),
    ),
    { maxLength: 8 },
  )
  const groups = fc.array(fc.oneof(u16, fc.constantFrom(0x17, 0x18, 0x19, 0x1d, 0x0100, 0x11ec)), {
    maxLength: 5,
  })
  const schemes = fc.array(
    fc.oneof(u16, fc.constantFrom(0x0201, 0x0203, 0x0401, 0x0403, 0x0503, 0x0804, 0x0807)),
    { maxLength: 5 },
  )
  const version = fc.constantFrom(...knownVersions)
  const anyOffer = fc
    .record({
      max: version,
      suites,
      groups,
      signatureSchemes: schemes,
      supportedVersions: fc.array(fc.oneof(version, u16), { maxLength: 4 }),
    })
    .map(({ max, ...more }) => offerOf(max, more))
  const anyProfile: fc.Arbitrary<ServerProfile> = fc
    .record({
      bounds: fc.tuple(version, version),
      suites: fc.option(suites, { nil: undefined }),
      suitesTls13: fc.option(suites, { nil: undefined }),
      groups: fc.option(groups, { nil: undefined }),
      signatureSchemes: fc.option(schemes, { nil: undefined }),
      certificates: fc.constantFrom<ServerProfile['certificates']>(
        undefined,
        [{ type: 'rsa', bits: 2048 }],
        [{ type: 'ecdsa', group: 0x17 }],
        [{ type: 'ed25519' }],
        [{ type: 'dsa', bits: 1024 }],
      ),
      engine: fc.constantFrom<ServerProfile['engine']>('openssl', 'standard', 'go', 'java'),
      securityLevel: fc.integer({ min: 0, max: 5 }),
      suiteChoice: fc.constantFrom<'client' | 'server'>('client', 'server'),
      requiresSni: fc.boolean(),
    })
    .map(({ bounds, suites, suitesTls13, groups, signatureSchemes, certificates, ...rest }) => ({
      id: 'any',
      title: 'any',
      minVersion: Math.min(...bounds),
      maxVersion: Math.max(...bounds),
      ...rest,
      ...(suites && { suites }),
      ...(suitesTls13 && { suitesTls13 }),
      ...(groups && { groups }),
      ...(signatureSchemes && { signatureSchemes }),
      ...(certificates && { certificates }),
    }))

  test('what is agreed was offered, and is what the server accepts', () => {
    let accepted = 0
    fc.assert(
      fc.property(anyOffer, anyProfile, (offer, profile) => {
        const said = negotiate(offer, profile)
        if (said.outcome === 'refused') {
          expect(said.because).not.toBe('')
          return
        }
        accepted++
        expect(said.version).toBeGreaterThanOrEqual(profile.minVersion)
        expect(said.version).toBeLessThanOrEqual(profile.maxVersion)
        const list = said.version >= TLS_1_3 ? profile.suitesTls13 : profile.suites
        if (said.suite !== 0) expect(offer.suites).toContain(said.suite)
        if (list) expect(list).toContain(said.suite)
        if (said.group !== 0 && profile.groups) expect(profile.groups).toContain(said.group)
      }),
      { numRuns: runs(1000) },
    )
    expect(accepted).toBeGreaterThan(0)
  })

  test('a client that can do everything is refused for its version alone by a server that has a certificate and lists', () => {
    for (const max of [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3])
      for (const min of [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]) {
        const profile: ServerProfile = {
          ...open,
          engine: 'standard',
          minVersion: min,
          suites: [0xc02f, 0xc013, 0x002f],
          suitesTls13: [0x1302],
          groups: [0x1d, 0x11ec],
          certificates: [{ type: 'rsa', bits: 2048 }],
        }
        expect(refusal(plainOffer(max), profile)).toMatch(max < min ? /^version 70$/ : /^accepted/)
      }
  })
})

describe('readProfile', () => {
  test('names each problem', () => {
    expect(
      readProfile({
        min_version: 'TLS 9',
        suites: ['ECDHE-RSA-AES128-GCM-SHA256', 'nonsense'],
        groups: 'x25519',
        certificate: 'rsa2048',
        openssl_security_level: -1,
      }),
    ).toEqual({
      ok: false,
      problems: [
        'suites: no such suite: nonsense',
        'groups: a list is wanted',
        'openssl_security_level: a whole number is wanted, not -1',
        'certificate: no such key: "rsa2048"; say rsa-2048 or ecdsa-p256',
        'min_version: no such version: TLS 9',
      ],
    })
    expect(readProfile([])).toMatchObject({ ok: false })
  })

  test('reads its own spelling back', () => {
    const profile: ServerProfile = {
      ...open,
      suites: [0xc02f],
      groups: [0x1d],
      certificates: [{ type: 'ecdsa', group: 0x17 }, { type: 'ed25519' }],
      engine: 'go',
      dhBits: 0,
    }
    expect(readProfile(JSON.parse(JSON.stringify(profile)))).toEqual({ ok: true, profile })
  })
})
