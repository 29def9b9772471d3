import fc from 'fast-check'
import { expect, test } from 'vitest'
import { knownHellos } from '../../src/identify/stacks/compare.ts'
import { measureNaming } from '../../src/identify/stacks/measure.ts'
import { nameStack } from '../../src/identify/stacks/name.ts'
import { engineTitles, stacks } from '../../src/identify/stacks/stacks.ts'
import { traits } from '../../src/identify/stacks/traits.ts'
import type { Offer } from '../../src/model/offer.ts'
import { offerOf } from './facts.ts'

/** The hello of a program in the table, as an offer. */
function helloOf(name: string | RegExp): Offer {
  const found = knownHellos().find(hello =>
    typeof name === 'string' ? hello.name === name : name.test(hello.name),
  )
  if (!found) throw new Error(`no hello of ${name}`)
  const { features } = found
  return offerOf({
    format: features.sslv2 ? 'sslv2' : 'tls',
    legacyVersion: features.legacyVersion,
    supportedVersions: features.versions,
    suites: features.suites,
    extensions: [0, ...features.extensions],
    groups: features.groups,
    pointFormats: features.points,
    signatureSchemes: features.schemes,
    alpn: features.alpn === '' ? [] : features.alpn.split(','),
  })
}

test('every hello of the table is of a known stack, and every stack has a title, a check and a library', () => {
  const used = new Set(knownHellos().map(hello => hello.stack))
  expect([...used].filter(id => !stacks.has(id))).toEqual([])
  for (const [id, stack] of stacks) {
    expect(stack.id).toBe(id)
    expect(stack.title, id).not.toBe('')
    expect(stack.check, id).not.toBe('')
    expect(engineTitles[stack.engine], id).toBeDefined()
  }
  expect(knownHellos().length).toBeGreaterThan(350)
})

test('the habits of libraries hold for every hello of the table', () => {
  const broken: string[] = []
  for (const trait of traits) {
    const holders = knownHellos().filter(hello => !hello.partial && trait.holds(hello.features))
    for (const hello of holders)
      if (!trait.engines.includes(stacks.get(hello.stack)!.engine))
        broken.push(`${hello.name}: ${trait.because}`)
    expect(holders.length, trait.because).toBeGreaterThan(5)
  }
  expect(broken).toEqual([])
})

test('hellos that are not in the table: mostly right, otherwise unknown, never confidently wrong', () => {
  const byEntry = measureNaming('entry')
  expect(byEntry.provenWrong, byEntry.mistakes.join('\n')).toBe(0)
  expect((byEntry.right + byEntry.sameLibrary) / byEntry.hellos).toBeGreaterThan(0.7)
  expect(byEntry.wrongLibrary / byEntry.hellos).toBeLessThan(0.03)
  const bySource = measureNaming('source')
  expect(bySource.provenWrong, bySource.mistakes.join('\n')).toBe(0)
  expect(bySource.wrongLibrary / bySource.hellos).toBeLessThan(0.1)
})

test('a library as installed is proven by its hello', () => {
  expect(nameStack(helloOf('IE 11 Win 7'))).toMatchObject({ id: 'schannel-7', strength: 'proves' })
  expect(nameStack(helloOf('Erlang/OTP 25 ssl'))).toMatchObject({ id: 'erlang', strength: 'proves' })
})

test('a hello that many programs share is only suggested, with the check that tells them apart', () => {
  const guess = nameStack(helloOf(/^Python 3\.11$/))
  expect(guess.title).toContain('OpenSSL')
  const limited = nameStack(helloOf('OpenSSL 3.0.19 -tls1'))
  expect(limited.strength).toBe('suggests')
  expect(limited.remedy).toBe('openssl-pinned')
  expect(limited.check).toContain('openssl version')
})

test('OpenSSL limited to TLS 1.2 may be of several ages, and is never proven', () => {
  const limited = nameStack(helloOf('curl 7.74 (OpenSSL 1.1) limited to TLS 1.2'))
  expect(limited.strength).toBe('suggests')
  expect(stacks.get(limited.id)!.engine).toBe('openssl')
})

test('OpenSSL 3.5 with suites of its own choice is named, although it sends no renegotiation SCSV any more', () => {
  const offer = helloOf('openssl s_client 3.5 HIGH')
  const other = { ...offer, suites: offer.suites.filter(suite => suite !== 0x0033 && suite !== 0x009e) }
  expect(nameStack(other).title).toContain('OpenSSL')
})

test('a program that a hello suggests may be another one over the same library', () => {
  expect(nameStack(helloOf('Chrome 70 Win 10')).also).toContain('another program over BoringSSL')
  expect(nameStack(helloOf('OpenSSL 3.0.19 -tls1')).also.join()).not.toContain('another program')
})

test('libraries of which one stack is listed are named by a habit alone', () => {
  const rustls = helloOf('Deno 2.9 fetch')
  const unseen = nameStack({ ...rustls, suites: [0x1303, 0xcca9], extensions: [0, 10, 13, 43] })
  expect(unseen).toMatchObject({ id: 'rustls', strength: 'suggests' })
})

test('a user agent chooses between candidates of one library, and never overrules a hello', () => {
  const ruby = nameStack(helloOf('OpenSSL 3.0.19 -tls1'), '', 'Ruby')
  expect(ruby).toMatchObject({ id: 'ruby', strength: 'suggests' })
  const lying = nameStack(helloOf('IE 11 Win 7'), '', 'Java/1.7.0_80')
  expect(lying.id).toBe('schannel-7')
})

test('without a hello a user agent suggests', () => {
  const cases: Record<string, string> = {
    'Java/1.7.0_80': 'java-7',
    'Apache-HttpClient/4.5.2 (Java/1.8.0_181)': 'java-8',
    'Java/17.0.2': 'java-11',
    'Go-http-client/1.1': 'go',
    'Python-urllib/2.7': 'python-2',
    'python-requests/2.31.0': 'python-3',
    'curl/7.19.7 (x86_64-redhat-linux-gnu) libcurl/7.19.7 NSS/3.14.0.0 zlib/1.2.3': 'nss',
    'curl/7.38.0 OpenSSL/1.0.1t': 'openssl-1.0.1',
    'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; MS Web Services Client Protocol 4.0.30319.42000)':
      'dotnet-framework',
    'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)': 'schannel-7',
    'FxVersion/4.7.3468.0 OSName/Windows OSVersion/6.3.9600 Microsoft.Azure.Batch.BatchServiceClient/9.0.1':
      'dotnet-framework',
    'Dalvik/1.6.0 (Linux; U; Android 4.2.2; GT-I9505)': 'android-4',
    'MyApp/3 CFNetwork/596.6.3 Darwin/12.5.0': 'apple-legacy',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36':
      'chrome',
  }
  for (const [agent, id] of Object.entries(cases)) {
    const guess = nameStack(null, '', agent)
    expect([agent, guess.id]).toEqual([agent, id])
    expect(guess.strength).toBe('suggests')
  }
  expect(nameStack(null).id).toBe('unknown')
})

test('any hello gets an answer', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
  fc.assert(
    fc.property(
      numbers,
      numbers,
      numbers,
      numbers,
      fc.string(),
      (suites, extensions, groups, schemes, agent) => {
        const guess = nameStack(offerOf({ suites, extensions, groups, signatureSchemes: schemes }), '', agent)
        expect(guess.title).not.toBe('')
      },
    ),
  )
})
