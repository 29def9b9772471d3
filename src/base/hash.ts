/** MD5 (RFC 1321) as lower-case hex; only for fingerprints that are defined by it. */
export function md5(text: string): string {
  const words = paddedWords(text, true)
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476]
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = [a0, b0, c0, d0]
    for (let i = 0; i < 64; i++) {
      let f: number
      let g: number
      if (i < 16) {
        f = (b & c) | (~b & d)
        g = i
      } else if (i < 32) {
        f = (d & b) | (~d & c)
        g = (5 * i + 1) & 15
      } else if (i < 48) {
        f = b ^ c ^ d
        g = (3 * i + 5) & 15
      } else {
        f = c ^ (b | ~d)
        g = (7 * i) & 15
      }
      const sum = (a + f + md5Sines[i]! + words[block + g]!) | 0
      const turn = md5Turns[((i >> 4) << 2) | (i & 3)]!
      a = d
      d = c
      c = b
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0
    }
    a0 = (a0 + a) | 0
    b0 = (b0 + b) | 0
    c0 = (c0 + c) | 0
    d0 = (d0 + d) | 0
  }
  return hexOfWords([a0, b0, c0, d0], true)
}

/** The message schedule; used anew by every call. */
const w = new Int32Array(64)

/** SHA-256 (FIPS 180-4) as lower-case hex. */
export function sha256(text: string): string {
  const words = paddedWords(text, false)
  const state = sha256Start.slice()
  for (let block = 0; block < words.length; block += 16) {
    for (let i = 0; i < 16; i++) w[i] = words[block + i]!
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    let f = state[5]!
    let g = state[6]!
    let h = state[7]!
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + sha256Primes[i]! + w[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    state[0] = (state[0]! + a) | 0
    state[1] = (state[1]! + b) | 0
    state[2] = (state[2]! + c) | 0
    state[3] = (state[3]! + d) | 0
    state[4] = (state[4]! + e) | 0
    state[5] = (state[5]! + f) | 0
    state[6] = (state[6]! + g) | 0
    state[7] = (state[7]! + h) | 0
  }
  return hexOfWords(state, false)
}

/**
 * The message with its padding and bit length, as 32-bit words (RFC 1321 sections 3.1 and 3.2, FIPS 180-4 section 5.1.1). What is hashed here is ASCII by
 * construction, or has bytes for characters.
 */
function paddedWords(text: string, littleEndian: boolean): Int32Array {
  const size = text.length
  const words = new Int32Array((((size + 8) >> 6) + 1) << 4)
  for (let at = 0; at < size; at++) {
    const shift = (littleEndian ? at & 3 : 3 - (at & 3)) << 3
    words[at >> 2]! |= (text.charCodeAt(at) & 0xff) << shift
  }
  words[size >> 2]! |= 0x80 << ((littleEndian ? size & 3 : 3 - (size & 3)) << 3)
  const [high, low] = [Math.floor(size / 2 ** 29), size << 3]
  words[words.length - 2] = littleEndian ? low : high
  words[words.length - 1] = littleEndian ? high : low
  return words
}

function hexOfWords(words: ArrayLike<number>, littleEndian: boolean): string {
  let hex = ''
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const turned = littleEndian
      ? (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
      : word
    hex += (turned >>> 0).toString(16).padStart(8, '0')
  }
  return hex
}

/** RFC 1321 section 3.4: the integer part of 2^32 times |sin(i + 1)|. */
const md5Sines = Int32Array.from(
  { length: 64 },
  (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))) | 0,
)
const md5Turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

/** FIPS 180-4 sections 4.2.2 and 5.3.3: the first 32 bits of the fractional parts of cube and square roots of the first primes. */
const primes = Array.from({ length: 312 }, (_, i) => i).filter(
  n => n > 1 && Array.from({ length: n }, (_, d) => d).every(d => d < 2 || n % d !== 0),
)
const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0
const sha256Primes = Int32Array.from(primes.slice(0, 64), prime => fraction(Math.cbrt(prime)))
const sha256Start = Int32Array.from(primes.slice(0, 8), prime => fraction(Math.sqrt(prime)))
