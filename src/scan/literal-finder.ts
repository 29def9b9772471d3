import { readFileSync } from 'node:fs'
import { startProgram } from '../base/wasm.ts'

/** What literals.c exports; addresses are of its memory. */
interface Literals {
  memory: { buffer: ArrayBuffer }
  text(): number
  textBytes(): number
  tables(): number
  found(): number
  wanted(): number
  find(length: number, set: number): number
}

// The layout of literals.c.
const windowBytes = 4
const hashBits = 12
const highAt = windowBytes * 16
const firstAt = 2 * highAt
const pieceAt = firstAt + 2 * (1 << hashBits)
const pieceBytes = 12
const pieceCount = 512
const patternsAt = pieceAt + pieceCount * pieceBytes
const patternsBytes = 8192
const literalCount = 256
const setCount = 128

/**
 * Looks for many literals at once, ASCII case aside. Each is known by four of its bytes; sixteen places of a text are held against all of them by a
 * few vector instructions, and only where they agree with some group of literals is a place looked up by the hash of its bytes.
 */
export class LiteralFinder {
  /** Where a text is put that is to be searched; a file is read right into it. */
  readonly text: Buffer
  readonly #literals: Literals
  readonly #memory: Buffer
  readonly #found: Buffer
  #sets = 1

  /** Lower case, four bytes or more each. */
  constructor(literals: readonly string[]) {
    this.#literals = startProgram<Literals>(readFileSync(new URL('./literals.wasm', import.meta.url)))
    this.#memory = Buffer.from(this.#literals.memory.buffer)
    const part = (from: number, length: number) => this.#memory.subarray(from, from + length)
    this.text = part(this.#literals.text(), this.#literals.textBytes())
    this.#found = part(this.#literals.found(), literalCount)
    if (literals.length > literalCount) throw new RangeError(`${literals.length} literals do not fit a byte`)
    fillTables(part(this.#literals.tables(), patternsAt + patternsBytes), literals)
  }

  /** A set of literals by their numbers, at the first of which a search may end. */
  setOf(numbers: Iterable<number>): number {
    if (this.#sets === setCount) throw new RangeError('too many sets of literals')
    const at = this.#literals.wanted() + this.#sets * literalCount
    for (const number of numbers) this.#memory[at + number] = 1
    return this.#sets++
  }

  /** Whether the first bytes of `text` hold a literal of the set. */
  holds(length: number, set: number): boolean {
    return this.#literals.find(length, set) === 1
  }

  /** For each literal, by its number, whether the first bytes of `text` hold it. */
  all(length: number): Uint8Array {
    this.#literals.find(length, 0)
    return this.#found
  }
}

function fillTables(tables: Buffer, literals: readonly string[]) {
  const windows = literals.map(windowOf)
  const buckets = bucketsOf(windows.map(({ bytes }) => bytes))
  let pattern = 0
  for (const [k, { bytes, offset }] of windows.entries()) {
    const bit = 1 << buckets[k]!
    for (let place = 0; place < windowBytes; place++)
      for (const code of casesOf(bytes.charCodeAt(place))) {
        tables[place * 16 + (code & 15)]! |= bit
        tables[highAt + place * 16 + (code >> 4)]! |= bit
      }
    const head = firstAt + 2 * hashOf(bytes)
    const at = pieceAt + (k + 1) * pieceBytes
    tables.writeUInt16LE(tables.readUInt16LE(head), at)
    tables.writeUInt16LE(k + 1, head)
    tables.set([k, offset, literals[k]!.length], at + 2)
    tables.writeUInt32LE(pattern, at + 8)
    pattern += tables.write(literals[k]!, patternsAt + pattern, 'latin1')
  }
}

/** Bit 5 tells upper from lower case in ASCII letters; it is left out. */
function hashOf(window: string): number {
  const word = Buffer.from(window, 'latin1').readInt32LE() & 0xdfdfdfdf
  return Math.imul(word, 0x9e3779b1) >>> (32 - hashBits)
}

function casesOf(code: number): number[] {
  return code >= 97 && code <= 122 ? [code, code - 32] : [code]
}

/** How often a byte stands in programs, by and large; other bytes are rare. */
const frequency = new Map([...' etaoinrsclpudmfghyb.vw_xk-('].map((letter, rank) => [letter, 30 - rank]))

const often = (letter: string) => frequency.get(letter) ?? 2

/** The four bytes of a literal that are the rarest in programs. */
function windowOf(literal: string): { bytes: string; offset: number } {
  let best = { bytes: '', offset: 0 }
  let least = Number.POSITIVE_INFINITY
  for (let offset = 0; offset + windowBytes <= literal.length; offset++) {
    const bytes = literal.slice(offset, offset + windowBytes)
    // Most literals name TLS or SSL, which share a bucket.
    const cost = /tls|ssl/.test(bytes)
      ? 0
      : [...bytes].reduce((product, letter) => product * often(letter), 1)
    if (cost >= least) continue
    least = cost
    best = { bytes, offset }
  }
  return best
}

/** Shares windows out among eight buckets, so that few other texts agree with a bucket in all places. */
function bucketsOf(windows: readonly string[]): number[] {
  const bucket = new Map<string, number>()
  const letters = Array.from({ length: 8 }, () =>
    Array.from({ length: windowBytes }, () => new Set<string>()),
  )
  const cost = (sets: readonly ReadonlySet<string>[], added = '') =>
    sets.reduce((product, set, place) => {
      let sum = added && !set.has(added[place]!) ? often(added[place]!) : 0
      for (const letter of set) sum += often(letter)
      return product * sum
    }, 1)
  for (const window of [...new Set(windows)].sort((a, b) => (a < b ? -1 : 1))) {
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (const [k, sets] of letters.entries()) {
      const grows = cost(sets, window) - cost(sets)
      if (grows >= least) continue
      least = grows
      best = k
    }
    bucket.set(window, best)
    for (const [place, set] of letters[best]!.entries()) set.add(window[place]!)
  }
  return windows.map(window => bucket.get(window)!)
}
