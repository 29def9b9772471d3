import type { Offer } from '../model/offer.ts'
import { isGrease } from '../model/version.ts'

/**
 * `make`, done once for each kind of offer: captures and logs hold few kinds and very many hellos. Kinds differ in all but the name and the values
 * of GREASE, which `make` must not look at; without `inOrder` nor in the order of extensions, which browsers shuffle. Told apart by comparing, so that
 * no hash decides. Keeps at most `most` of them.
 */
export function offerCache<T>(
  make: (offer: Offer) => T,
  { inOrder, most = 2048 }: { inOrder: boolean; most?: number },
): (offer: Offer) => T {
  const made = new Map<number, Entry<T>>()

  return offer => {
    const hash = hashOf(offer, inOrder)
    const known = made.get(hash)
    if (known && isSameKind(known.offer, offer, inOrder)) return known.value
    if (made.size >= most) made.clear()
    const value = make(offer)
    made.set(hash, { offer, value })
    return value
  }
}

interface Entry<T> {
  offer: Offer
  value: T
}

function hashOf(offer: Offer, inOrder: boolean): number {
  let hash = hashOfList(offer.legacyVersion ^ (offer.recordVersion << 16), offer.suites)
  hash = inOrder ? hashOfList(hash, offer.extensions) : (hash + sumOf(offer.extensions)) | 0
  hash = hashOfList(hash, offer.supportedVersions)
  hash = hashOfList(hash, offer.signatureSchemes)
  return hashOfList(hash, offer.groups)
}

function hashOfList(start: number, values: readonly number[]): number {
  let hash = start
  for (let i = 0; i < values.length; i++) hash = Math.imul(hash ^ plain(values[i]!), 0x0100_0193)
  return hash ^ (hash >>> 15)
}

/** The same in any order. */
function sumOf(values: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum = (sum + Math.imul(plain(values[i]!) + 1, 0x9e37_79b1)) | 0
  return sum
}

/** GREASE is one value. */
function plain(value: number): number {
  return isGrease(value) ? 0x0a0a : value
}

function isSameKind(one: Offer, two: Offer, inOrder: boolean): boolean {
  return (
    one.format === two.format &&
    one.recordVersion === two.recordVersion &&
    one.legacyVersion === two.legacyVersion &&
    one.withoutExtensions === two.withoutExtensions &&
    one.ech === two.ech &&
    isSame(one.suites, two.suites) &&
    (isSame(one.extensions, two.extensions) || (!inOrder && isSameSet(one.extensions, two.extensions))) &&
    isSame(one.supportedVersions, two.supportedVersions) &&
    isSame(one.groups, two.groups) &&
    isSame(one.signatureSchemes, two.signatureSchemes) &&
    isSame(one.signatureSchemesCert, two.signatureSchemesCert) &&
    isSame(one.pointFormats, two.pointFormats) &&
    isSame(one.keyShareGroups, two.keyShareGroups) &&
    isSame(one.pskModes, two.pskModes, true) &&
    isSame(one.compression, two.compression, true) &&
    isSame(one.sslv2Specs, two.sslv2Specs, true) &&
    one.alpn.length === two.alpn.length &&
    one.alpn.every((protocol, i) => protocol === two.alpn[i])
  )
}

function isSame(one: readonly number[], two: readonly number[], exactly = false): boolean {
  // Hellos of a capture share their lists.
  if (one === two) return true
  if (one.length !== two.length) return false
  for (let i = 0; i < one.length; i++)
    if (one[i] !== two[i] && (exactly || plain(one[i]!) !== plain(two[i]!))) return false
  return true
}

function isSameSet(one: readonly number[], two: readonly number[]): boolean {
  return one.length === two.length && isSame(sorted(one), sorted(two))
}

function sorted(values: readonly number[]): number[] {
  return values.map(plain).sort((a, b) => a - b)
}
