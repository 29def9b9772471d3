import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isGrease } from '../../src/model/version.ts'
import { shapeKey } from '../../src/wire/fingerprint.ts'
import { offerCache } from '../../src/wire/offer-cache.ts'
import { anyOffer } from './offers.ts'

/** Makes a number for each kind of offer. */
function numbered(inOrder: boolean, most?: number) {
  let made = 0
  return offerCache(() => ++made, { inOrder, ...(most !== undefined && { most }) })
}

test('offers have the same value when their shapes are the same, and only then', () => {
  fc.assert(
    fc.property(fc.array(anyOffer, { minLength: 2, maxLength: 6 }), offers => {
      const kind = numbered(false)
      // Twice, so that some are found again.
      const kinds = [...offers, ...offers].map(offer => [shapeKey(offer), kind(offer)] as const)
      for (const [key, one] of kinds)
        for (const [other, two] of kinds) if (one === two) expect(key).toBe(other)
    }),
    { numRuns: 50 },
  )
})

test('the name and the values of GREASE do not matter, the order of extensions only where it is asked for', () => {
  fc.assert(
    fc.property(anyOffer, offer => {
      const grease = (values: readonly number[]) => values.map(value => (isGrease(value) ? 0x7a7a : value))
      const renamed = { ...offer, sni: 'other.example', suites: [0x0a0a, ...offer.suites] }
      const again = { ...renamed, sni: null, suites: grease(renamed.suites), groups: grease(offer.groups) }
      const turned = { ...again, extensions: again.extensions.toReversed() }
      for (const inOrder of [true, false]) {
        const kind = numbered(inOrder)
        expect(kind(renamed)).toBe(1)
        expect(kind(again)).toBe(1)
        const isOther = inOrder && turned.extensions.join() !== again.extensions.join()
        expect(kind(turned)).toBe(isOther ? 2 : 1)
        expect(kind({ ...turned, ech: !turned.ech })).toBe(isOther ? 3 : 2)
      }
    }),
    { numRuns: 50 },
  )
})

test('what is kept is bounded', () => {
  const kind = numbered(true, 4)
  const [offer] = fc.sample(anyOffer, { numRuns: 1, seed: 7 })
  const offers = [1, 2, 3, 4, 5, 6].map(suite => ({ ...offer!, suites: [suite] }))
  expect(offers.map(kind)).toEqual([1, 2, 3, 4, 5, 6])
  expect(kind(offers[5]!)).toBe(6)
  expect(kind(offers[0]!)).toBe(7)
})
