/** Bits of an address as it is compared: IPv4 stands in IPv6 as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
const allBits = 128
const ipv4Prefix = 96

/** An address as 32 hex digits in upper case, IPv4 mapped into IPv6; undefined for what is none. A port or zone is not part of one. */
export function addressKey(text: string): string | undefined {
  return text.includes(':') ? ipv6Key(text) : ipv4Key(text)
}

export interface Network {
  /** Bits that addresses have in common, of 128; 10.0.0.0/8 has 104. */
  prefix: number
  /** The first address, as `addressKey` gives it. */
  key: string
}

/** `10.0.0.0/8`, `2001:db8::/32`, or an address alone; undefined for what is none, `loose` when bits beyond the prefix are set. */
export function parseNetwork(text: string): Network | 'loose' | undefined {
  const [address = '', bits, more] = text.split('/')
  const key = addressKey(address)
  if (key === undefined || more !== undefined) return undefined
  if (bits === undefined) return { prefix: allBits, key }
  if (!/^\d{1,3}$/.test(bits)) return undefined
  const prefix = Number(bits) + (address.includes(':') ? 0 : ipv4Prefix)
  if (prefix > allBits) return undefined
  return networkKey(key, prefix) === key ? { prefix, key } : 'loose'
}

/** The first address of the network of `prefix` bits in which an address lies. */
export function networkKey(key: string, prefix: number): string {
  const whole = prefix >> 2
  const rest = prefix & 3
  if (whole >= key.length) return key
  const partial = rest === 0 ? '' : hexDigit(Number.parseInt(key[whole]!, 16) & (0xf << (4 - rest)) & 0xf)
  return (key.slice(0, whole) + partial).padEnd(key.length, '0')
}

/** The networks that together hold every address from `first` to `last`; undefined when it is no such span. */
export function networksBetween(first: string, last: string): Network[] | undefined {
  const [from, to] = [addressKey(first), addressKey(last)]
  if (from === undefined || to === undefined || from > to || first.includes(':') !== last.includes(':'))
    return undefined
  const found: Network[] = []
  const end = BigInt(`0x${to}`)
  for (let at = BigInt(`0x${from}`); at <= end; ) {
    let bits = 0n
    while (bits < allBits && (at & (1n << bits)) === 0n && at + (2n << bits) - 1n <= end) bits++
    found.push({ prefix: allBits - Number(bits), key: at.toString(16).toUpperCase().padStart(32, '0') })
    at += 1n << bits
  }
  return found
}

function ipv4Key(text: string): string | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let hex = `${'0'.repeat(20)}FFFF`
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255 || (part.length > 1 && part[0] === '0'))
      return undefined
    hex += hexDigit(Number(part) >> 4) + hexDigit(Number(part) & 15)
  }
  return hex
}

function ipv6Key(text: string): string | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (tail) {
    const v4 = ipv4Key(tail[2]!)
    return v4 && ipv6Key(`${tail[1]}${v4.slice(24, 28)}:${v4.slice(28)}`)
  }
  const [head = '', rest, more] = text.split('::')
  if (more !== undefined) return undefined
  const before = wordsOf(head)
  const after = rest === undefined ? [] : wordsOf(rest)
  if (before === undefined || after === undefined) return undefined
  const missing = 8 - before.length - after.length
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined
  return [...before, ...Array<string>(missing).fill('0000'), ...after].join('').toUpperCase()
}

function wordsOf(text: string): string[] | undefined {
  if (text === '') return []
  const words = text.split(':')
  return words.every(word => /^[0-9a-fA-F]{1,4}$/.test(word))
    ? words.map(word => word.padStart(4, '0'))
    : undefined
}

function hexDigit(value: number): string {
  return value.toString(16).toUpperCase()
}
