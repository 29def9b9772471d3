/** How many addresses are remembered, a power of two: more than the clients of most captures. */
const remembered = 2 ** 15

/**
 * Writes addresses, given as one word (IPv4) or four (IPv6) from `at` on. Few addresses have most connections of a capture: their text is made
 * once, as long as no other one takes its place.
 */
export function addressWriter(): (words: Int32Array, at: number, isV6: boolean) => string {
  const texts = new Array<string>(remembered).fill('')
  const known = new Int32Array(4 * remembered)
  /** Words of each, 0 where there is none. */
  const sizes = new Uint8Array(remembered)

  return (words, at, isV6) => {
    const size = isV6 ? 4 : 1
    let hash = size
    for (let i = 0; i < size; i++) hash = Math.imul(hash ^ words[at + i]!, 0x9e37_79b1) ^ (hash >>> 15)
    const slot = (hash ^ (hash >>> 16)) & (remembered - 1)
    let isKnown = sizes[slot] === size
    for (let i = 0; i < size; i++) isKnown &&= known[4 * slot + i] === words[at + i]
    if (!isKnown) {
      sizes[slot] = size
      for (let i = 0; i < size; i++) known[4 * slot + i] = words[at + i]!
      texts[slot] = isV6 ? ipv6Text(words, at) : ipv4Text(words[at]!)
    }
    return texts[slot]!
  }
}

function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >> 16) & 255}.${(word >> 8) & 255}.${word & 255}`
}

/** As RFC 5952 writes it. */
function ipv6Text(words: Int32Array, at: number): string {
  if (words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff)
    return `::ffff:${ipv4Text(words[at + 3]!)}`
  const group = (i: number) => (words[at + (i >> 1)]! >>> (i & 1 ? 0 : 16)) & 0xffff
  let longestFrom = -1
  let longest = 1
  for (let from = 0, run = 0; from + run < 8; from += run + 1, run = 0) {
    while (from + run < 8 && group(from + run) === 0) run++
    if (run <= longest) continue
    longestFrom = from
    longest = run
  }
  let text = ''
  for (let i = 0; i < 8; i++) {
    if (i === longestFrom) {
      text += '::'
      i += longest - 1
    } else text += (text === '' || text.endsWith(':') ? '' : ':') + group(i).toString(16)
  }
  return text
}
