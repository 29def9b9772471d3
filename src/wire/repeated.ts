/**
 * What hellos repeat. There are few kinds of clients and hundreds of thousands of hellos in a capture, so that nearly every list and every name was
 * met before: it is found by its bytes and given again, instead of being made, kept and collected once more. Nobody may change what is given.
 */

/** How many lists and texts are remembered, one for each hash; a power of two. */
const remembered = 2 ** 12
/** Longer ones are rare, and would make the memory that is held depend on who sends them. */
const longestRemembered = 2 ** 8

const lists = new Array<number[]>(remembered).fill([])
const texts = new Array<string>(remembered).fill('')

/** The numbers of `size` bytes each that stand from `from` to `to`, in network order. */
export function listOf(bytes: Uint8Array, from: number, to: number, size: 1 | 2): number[] {
  const slot = slotOf(bytes, from, to)
  const known = lists[slot]!
  if (isList(known, bytes, from, to, size)) return known
  const list = new Array<number>((to - from) / size)
  for (let i = 0; i < list.length; i++) list[i] = numberAt(bytes, from + i * size, size)
  if (list.length <= longestRemembered) lists[slot] = list
  return list
}

/** The first `count` numbers of 16 bits each. */
export function firstOf(numbers: Uint16Array, count: number): number[] {
  let hash = count
  for (let i = 0; i < count; i++) hash = Math.imul(hash ^ numbers[i]!, 0x0100_0193)
  const slot = (hash ^ (hash >>> 15)) & (remembered - 1)
  const known = lists[slot]!
  let isKnown = known.length === count
  for (let i = 0; isKnown && i < count; i++) isKnown = known[i] === numbers[i]
  if (isKnown) return known
  const list = Array.from(numbers.subarray(0, count))
  if (count <= longestRemembered) lists[slot] = list
  return list
}

/** The text of bytes, each a character, so that nothing is lost of names that are not ASCII. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  const slot = slotOf(bytes, from, to)
  const known = texts[slot]!
  if (isText(known, bytes, from, to)) return known
  if (to - from <= longestRemembered) {
    // At once, for one that is put together of many is slow to compare.
    const text = String.fromCharCode(...bytes.subarray(from, to))
    texts[slot] = text
    return text
  }
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!)
  return text
}

function slotOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193)
  return (hash ^ (hash >>> 15)) & (remembered - 1)
}

function isList(list: readonly number[], bytes: Uint8Array, from: number, to: number, size: 1 | 2): boolean {
  if (list.length * size !== to - from) return false
  for (let i = 0; i < list.length; i++) if (list[i] !== numberAt(bytes, from + i * size, size)) return false
  return true
}

function isText(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}

function numberAt(bytes: Uint8Array, at: number, size: 1 | 2): number {
  return size === 1 ? bytes[at]! : (bytes[at]! << 8) | bytes[at + 1]!
}
