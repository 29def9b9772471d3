import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peekAnswer } from '../../src/enforce/gateway/answer.ts'
import { helloKey } from '../../src/enforce/gateway/hello-key.ts'
import { proxyHeader } from '../../src/enforce/gateway/proxy-v2.ts'
import { alertForBroken, refusal } from '../../src/enforce/gateway/refusal.ts'
import { openSightings } from '../../src/enforce/gateway/sightings.ts'
import type { Offer } from '../../src/model/offer.ts'
import { readRetirement } from '../../src/model/retirement.ts'
import { shapeKey } from '../../src/wire/fingerprint.ts'
import { peekHello } from '../../src/wire/peek.ts'
import { runs } from '../runs.ts'
import { hello, helloNames, serverAnswer } from './setup.ts'

function offerOf(bytes: Uint8Array): Offer | undefined {
  const seen = peekHello().push(bytes)
  return seen.kind === 'client-hello' ? seen.hello.offer : undefined
}

const keyed = helloNames.filter(name => helloKey(hello(name)) !== undefined)

test('hellos in one record have a key', () => {
  expect(keyed.length).toBeGreaterThan(8)
  expect(helloKey(hello('sslv2-framing-tls10'))).toBeUndefined()
})

test('random and session id do not change the key, and nothing shorter than the hello has one', () => {
  for (const name of keyed) {
    const bytes = hello(name)
    const other = Buffer.from(bytes)
    other.fill(0x77, 11, 43)
    other.fill(0x66, 44, 44 + bytes[43]!)
    expect(helloKey(other), name).toBe(helloKey(bytes))
    for (let cut = 0; cut < bytes.length; cut++) expect(helloKey(bytes.subarray(0, cut))).toBeUndefined()
    expect(helloKey(Buffer.concat([bytes, Buffer.from('early data')]))).toBe(helloKey(bytes))
  }
})

test('hellos with the same key offer the same and ask for the same name', () => {
  let alike = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...keyed),
      fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (name, changes) => {
        const bytes = hello(name)
        const changed = Buffer.from(bytes)
        for (const [at, value] of changes) changed[at % bytes.length] = value
        const offer = offerOf(changed)
        if (offer === undefined || helloKey(changed) !== helloKey(bytes)) return
        alike++
        const known = offerOf(bytes)!
        expect(shapeKey(offer)).toBe(shapeKey(known))
        expect(offer.sni).toBe(known.sni)
      },
    ),
    { numRuns: runs(3000) },
  )
  expect(alike).toBeGreaterThan(50)
})

test('any bytes have a key or none, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      helloKey(bytes)
      helloKey(Buffer.concat([Buffer.from([22, 3, 1, 0, bytes.length & 0xff, 1, 0, 0, bytes.length]), bytes]))
    }),
  )
})

test('a refusal comes in the version of the client', () => {
  const offer = (legacyVersion: number, format: Offer['format'] = 'tls') =>
    ({ legacyVersion, format }) as Offer
  const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')
  expect(hex(refusal(offer(0x0301), 70))).toBe('15030100020246')
  expect(hex(refusal(offer(0x0302), 70))).toBe('15030200020246')
  expect(hex(refusal(offer(0x0303), 40))).toBe('15030300020228')
  expect(hex(refusal(offer(0x0301, 'sslv2'), 70))).toBe('15030100020246')
  // SSL 3.0 does not know protocol_version.
  expect(hex(refusal(offer(0x0300), 70))).toBe('15030000020228')
  expect(hex(refusal(offer(0x0002, 'sslv2'), 70))).toBe('8003000001')
  expect(hex(refusal(offer(0x0399), 70))).toBe('15030300020246')
  expect(hex(alertForBroken(Buffer.from('1603010005', 'hex')))).toBe('15030100020232')
  expect(alertForBroken(Buffer.from('GET / HTTP'))).toBeUndefined()
})

test('the PROXY header carries both addresses and the name', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const client = { address: '192.0.2.1', port: 1000 }
  const signature = '0d0a0d0a000d0a515549540a'
  expect(hex(proxyHeader(client, { address: '198.51.100.2', port: 443 }, null))).toBe(
    `${signature}2111000cc0000201c633640203e801bb`,
  )
  expect(hex(proxyHeader(client, { address: '::ffff:198.51.100.2', port: 443 }, 'a.test'))).toBe(
    `${signature}21110015c0000201c633640203e801bb020006${Buffer.from('a.test').toString('hex')}`,
  )
  expect(hex(proxyHeader({ address: '2001:db8::1', port: 1 }, { address: '::1', port: 2 }, null))).toBe(
    `${signature}2121002420010db8000000000000000000000001${'0'.repeat(31)}100010002`,
  )
  expect(hex(proxyHeader(client, { address: 'fe80::1%eth0', port: 2 }, null))).toContain(
    `00000000000000000000ffffc0000201fe80${'0'.repeat(27)}1`,
  )
})

test('an answer is read the same in pieces of any size', () => {
  for (const [version, suite] of [
    [0x0301, 0x002f],
    [0x0303, 0xc02f],
    [0x0304, 0x1301],
  ] as const) {
    const bytes = serverAnswer(version, suite)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), cuts => {
        const peeker = peekAnswer()
        let seen = peeker.push(new Uint8Array(0))
        const ends = [...cuts.sort((a, b) => a - b), bytes.length]
        ends.forEach((end, i) => {
          seen = peeker.push(bytes.subarray(ends[i - 1] ?? 0, end))
        })
        expect(seen).toMatchObject({ kind: 'answer', answer: { version, suite } })
      }),
      { numRuns: runs(50) },
    )
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      peekAnswer().push(bytes)
    }),
  )
})

test('one hello from networks of two owners is of two accounts, and of none from elsewhere', () => {
  const read = readRetirement(
    'retirement: r\nservice: { names: [a.example], owner: o }\nfloor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }\n' +
      'accounts: [{ sni: "{account}.named.example" }, { address: owners.csv, confidence: guessed }]\n',
    { readTable: () => ({ ok: true, text: '10.0.0.0/8,wide\n10.1.0.0/16,narrow\n' }) },
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const sightings = openSightings(read.policy, () => null)
  const bytes = hello(keyed[0]!)
  const key = helloKey(bytes)!
  const who = (address: string) => {
    const { attribution, fragment } =
      sightings.find(key, 0, address) ?? sightings.see(offerOf(bytes)!, 0, address, key)
    expect(fragment).toContain(`"account":"${attribution.account}"`)
    return Object.values(attribution)
  }
  for (let round = 0; round < 2; round++) {
    expect(who('10.1.2.3')).toEqual(['narrow', 'address', 'guessed'])
    expect(who('10.2.2.3')).toEqual(['wide', 'address', 'guessed'])
    expect(who('192.0.2.1')).toEqual(['', '', 'none'])
  }
})
