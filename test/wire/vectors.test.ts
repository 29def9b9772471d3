import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { md5, sha256 } from '../../src/base/hash.ts'
import type { Offer } from '../../src/model/offer.ts'
import { ja3, ja3Text, ja4, shapeKey, shapeOf } from '../../src/wire/fingerprint.ts'
import { bareOffer } from './offers.ts'

test('md5 and sha256 agree with OpenSSL', () => {
  const ascii = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)),
    maxLength: 300,
  })
  fc.assert(
    fc.property(ascii, text => {
      const bytes = Buffer.from(text, 'latin1')
      expect(md5(text)).toBe(createHash('md5').update(bytes).digest('hex'))
      expect(sha256(text)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }),
  )
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const text = 'x'.repeat(size)
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
    expect(md5(text)).toBe(createHash('md5').update(text).digest('hex'))
  }
})

/** The reverse of `ja3Text`: enough of an offer for both fingerprints, given the rest. */
function offerOf(ja3: string, more: Partial<Offer> = {}): Offer {
  const [version, suites, extensions, groups, pointFormats] = ja3
    .split(',')
    .map(field => (field === '' ? [] : field.split('-').map(Number))) as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ]
  return { ...bareOffer, legacyVersion: version[0]!, suites, extensions, groups, pointFormats, ...more }
}

const hex = (list: string) => list.split(',').map(value => Number.parseInt(value, 16))

test.each([
  [
    'salesforce 1',
    '769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0',
    'ada70206e40642a3e4461f35503241d5',
    undefined,
  ],
  ['salesforce 2', '769,4-5-10-9-100-98-3-6-19-18-99,,,', 'de350869b8c85de67a350c8d186f11e6', undefined],
  [
    'OpenSSL 0.9.8',
    '769,57-56-53-22-19-10-51-50-47-7-5-4-21-18-9-20-17-8-6-3-255,0-35,,',
    'fd6bbdf835788b3c7d33372127470a06',
    't10d210200_e91ed181b052_e78b541c01a9',
  ],
  [
    'Android 2.3',
    '769,4-5-47-51-50-10-22-19-9-21-18-3-8-20-17-255,,,',
    'b677934e592ece9e09805bf36cd68d8a',
    't10i160000_9ee8ab185e04_000000000000',
  ],
  [
    'Schannel of XP',
    '769,4-5-10-9-100-98-3-6-19-18-99,65281,,',
    'c8a0d08d2cbee4bed7cd90e47588ab9b',
    't10i110100_3609b414f052_bc98f8e001b5',
  ],
  [
    '.NET at TLS 1.0',
    '769,49162-49161-49172-49171-53-47-10,0-10-11-35-23-65281,29-23-24,0',
    '54328bd36c14bd82ddaa0c04b25ed9ad',
    't10d070600_c50f5591e341_950472255fe9',
  ],
])('JA3 and JA4 of %s', (_, text, expectedJa3, expectedJa4) => {
  const offer = offerOf(text)
  expect(ja3Text(offer)).toBe(text)
  expect(ja3(offer)).toBe(expectedJa3)
  if (expectedJa4) expect(ja4(offer).ja4).toBe(expectedJa4)
})

test('JA4 of the published example, with and without signature algorithms', () => {
  const offer: Offer = {
    ...bareOffer,
    legacyVersion: 0x0303,
    supportedVersions: [0x0a0a, 0x0304, 0x0303],
    suites: hex('1a1a,002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9'),
    extensions: hex('2a2a,0000,0010,0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01'),
    signatureSchemes: hex('0403,0804,0401,0503,0805,0501,0806,0601'),
    alpn: ['h2', 'http/1.1'],
  }
  expect(ja4(offer).ja4).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1')
  expect(ja4({ ...offer, signatureSchemes: [] }).ja4).toBe('t13d1516h2_8daaf6152771_6d807ffa2a79')
})

test('JA4 of raw forms', () => {
  const go =
    't13d190900_000a,002f,0035,009c,009d,1301,1302,1303,c009,c00a,c012,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_0005,000a,000b,000d,0012,002b,0033,ff01_0804,0403,0807,0805,0806,0401,0501,0601,0503,0603,0201,0203'
  const [, suites, extensions, schemes] = go.split('_') as [string, string, string, string]
  const offer: Offer = {
    ...bareOffer,
    legacyVersion: 0x0303,
    supportedVersions: [0x0304, 0x0303],
    suites: hex(suites).reverse(),
    extensions: [0, ...hex(extensions)],
    signatureSchemes: hex(schemes),
  }
  expect(ja4(offer)).toEqual({ ja4: 't13d190900_9dc949149365_97f8aa674fd9', raw: go })
})

test('a client that sends supported_versions without TLS 1.3 is no TLS 1.3 client', () => {
  const offer = offerOf(
    '769,49162-49172-49161-49171-57-56-51-50-49157-49167-49156-49166-53-47-49160-49170-22-19-49155-49165-10-255,0-10-11-17-23-35-43,29-23-24-25-30,0',
    { supportedVersions: [0x0301] },
  )
  expect(ja4(offer).ja4.slice(0, 4)).toBe('t10d')
})

test.each([
  ['ab', 'ab'],
  ['20', '20'],
  ['abcd', 'ad'],
  ['2061', '21'],
  ['30ab', '3b'],
  ['6120', '60'],
  ['3031abcd', '3d'],
  ['30abcd31', '01'],
])('JA4 names a protocol of bytes %s as %s', (bytes, expected) => {
  const alpn = [Buffer.from(bytes, 'hex').toString('latin1')]
  expect(ja4({ ...bareOffer, legacyVersion: 0x0303, alpn }).ja4.slice(8, 10)).toBe(expected)
})

test('drafts have version 00, an SSLv2 hello has no fingerprint', () => {
  expect(ja4({ ...bareOffer, supportedVersions: [0x7f17, 0x0303] }).ja4.slice(1, 3)).toBe('00')
  expect(ja4({ ...bareOffer, format: 'sslv2', legacyVersion: 0x0301, suites: [4] })).toEqual({
    ja4: '',
    raw: '',
  })
  expect(ja3({ ...bareOffer, format: 'sslv2', legacyVersion: 0x0301, suites: [4] })).toBe('')
})

test('a shape forgets names, GREASE and the order of extensions, and nothing else', () => {
  const offer: Offer = {
    ...bareOffer,
    legacyVersion: 0x0303,
    suites: [0x1a1a, 0x1301],
    extensions: [0x3a3a, 0, 43, 10],
    sni: 'a.example',
    groups: [0x4a4a, 29],
    supportedVersions: [0x5a5a, 0x0304],
    alpn: ['\x6a\x6a', 'h2'],
    pskModes: [0x2a, 1],
  }
  const other: Offer = {
    ...offer,
    suites: [0xfafa, 0x1301],
    extensions: [10, 43, 0x0a0a, 0],
    sni: 'b.example',
    groups: [0x0a0a, 29],
    alpn: ['\n\n', 'h2'],
    pskModes: [0x0b, 1],
  }
  expect(shapeOf(other).id).toBe(shapeOf(offer).id)
  expect(shapeOf(offer).id).toMatch(/^[0-9a-f]{16}$/)
  expect(shapeOf(offer).offer).toMatchObject({
    sni: null,
    extensions: [0, 10, 43, 0x0a0a],
    suites: [0x0a0a, 0x1301],
  })
  for (const changed of [
    { suites: [0x1301, 0x1a1a] },
    { extensions: [0x3a3a, 43, 10] },
    { groups: [29] },
    { offersPsk: true },
    { recordVersion: 0x0303 },
    { alpn: ['h2,x'] },
  ])
    expect(shapeKey({ ...offer, ...changed })).not.toBe(shapeKey(offer))
})
