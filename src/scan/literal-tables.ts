// The tables by which literals.c looks for many literals at once, and the search for the bytes of each literal that tell it from other text best.

/** The layout of literals.c. */
export const windowBytes = 4
const groupCount = 8
const hashBits = 12
const highAt = windowBytes * 16
const firstAt = 2 * highAt
const pieceAt = firstAt + 2 * (1 << hashBits)
const pieceBytes = 12
const pieceCount = 512
const patternsAt = pieceAt + pieceCount * pieceBytes
const patternsBytes = 8192
export const literalCount = 256
export const tableBytes = patternsAt + patternsBytes

/** Four bytes of a literal, and by place which lower and higher halves of a byte they have, both cases taken together: a bit each. */
interface Window {
  bytes: string
  offset: number
  low: readonly number[]
  high: readonly number[]
}

/** Which window a literal is looked for by, and the group that it shares a bit of the tables with. */
interface Choice {
  window: Window
  group: number
}

/** After so many trials little is gained any more: a text of a program agrees with some group in one place of 220. */
export const thorough = 150_000

/**
 * The tables for these literals (lower case, four bytes or more each, at most 256). `trials` says how long to look for good windows: fewer make a
 * filter that lets the slower comparison run more often, and finds the same.
 */
export function tablesOf(literals: readonly string[], trials: number): Buffer {
  if (literals.length > literalCount) throw new RangeError(`${literals.length} literals do not fit a byte`)
  const tables = Buffer.alloc(tableBytes)
  let pattern = 0
  for (const [k, { window, group }] of chosen(literals, trials).entries()) {
    const bit = 1 << group
    for (let place = 0; place < windowBytes; place++)
      for (let half = 0; half < 16; half++) {
        if (window.low[place]! & (1 << half)) tables[place * 16 + half]! |= bit
        if (window.high[place]! & (1 << half)) tables[highAt + place * 16 + half]! |= bit
      }
    const head = firstAt + 2 * hashOf(window.bytes)
    const at = pieceAt + (k + 1) * pieceBytes
    tables.writeUInt16LE(tables.readUInt16LE(head), at)
    tables.writeUInt16LE(k + 1, head)
    tables.set([k, window.offset, literals[k]!.length], at + 2)
    tables.writeUInt32LE(pattern, at + 8)
    pattern += tables.write(literals[k]!, patternsAt + pattern, 'latin1')
  }
  return tables
}

/** Whether tables were made for these literals. */
export function fits(tables: Buffer, literals: readonly string[]): boolean {
  const joined = literals.join('')
  return (
    tables.length === tableBytes &&
    tables.toString('latin1', patternsAt, patternsAt + joined.length + 1) === `${joined}\0`
  )
}

/** Bit 5 tells upper from lower case in ASCII letters; it is left out. */
function hashOf(window: string): number {
  const word = Buffer.from(window, 'latin1').readInt32LE() & 0xdfdfdfdf
  return Math.imul(word, 0x9e3779b1) >>> (32 - hashBits)
}

/** How often a byte from the blank on stands in 10,000 of a program: 540 MB of C#, C and settings, counted in 2026-11. */
const frequencies = [
  2707, 5, 47, 7, 6, 2, 4, 8, 89, 89, 17, 7, 62, 82, 110, 125, 29, 22, 16, 10, 8, 7, 7, 5, 6, 5, 18, 67, 36,
  61, 41, 4, 1, 49, 22, 68, 38, 52, 30, 18, 13, 53, 2, 6, 26, 30, 34, 27, 36, 3, 36, 71, 69, 14, 15, 13, 7, 3,
  2, 23, 6, 23, 0, 43, 0, 367, 73, 194, 166, 697, 83, 88, 99, 366, 11, 26, 248, 150, 385, 345, 147, 11, 392,
  309, 507, 187, 57, 45, 43, 100, 9, 34, 4, 34, 0, 0,
]

/** How likely a byte has one of the lower and one of the higher halves. */
function likelihoods(): (low: number, high: number) => number {
  const known = new Map<number, number>()
  return (low, high) => {
    const key = low * 65536 + high
    let sum = known.get(key)
    if (sum === undefined) {
      sum = 0
      for (const [k, frequency] of frequencies.entries())
        if (low & (1 << (k & 15)) && high & (1 << (2 + (k >> 4)))) sum += frequency / 10_000
      known.set(key, sum)
    }
    return sum
  }
}

function windowsOf(literal: string): Window[] {
  return Array.from({ length: literal.length - windowBytes + 1 }, (_, offset) => {
    const bytes = literal.slice(offset, offset + windowBytes)
    const bits = (shift: number, mask: number) =>
      [...bytes].map(letter =>
        casesOf(letter.charCodeAt(0)).reduce((set, code) => set | (1 << ((code >> shift) & mask)), 0),
      )
    return { bytes, offset, low: bits(0, 15), high: bits(4, 15) }
  })
}

function casesOf(code: number): number[] {
  return code >= 97 && code <= 122 ? [code, code - 32] : [code]
}

/**
 * For each literal a window and a group, so that as few places as possible of other texts agree with a group in all four bytes. All literals of a
 * group share its halves of bytes, so what is alike belongs together. Simulated annealing with numbers that are the same each time.
 */
function chosen(literals: readonly string[], trials: number): Choice[] {
  const likely = likelihoods()
  const options = literals.map(windowsOf)
  const members: Choice[][] = Array.from({ length: groupCount }, () => [])
  const cost = (group: number, added?: Window) => {
    let product = added || members[group]!.length > 0 ? 1 : 0
    for (let place = 0; place < windowBytes; place++) {
      let low = added?.low[place] ?? 0
      let high = added?.high[place] ?? 0
      for (const { window } of members[group]!) {
        low |= window.low[place]!
        high |= window.high[place]!
      }
      product *= likely(low, high)
    }
    return product
  }
  const costs = members.map(() => 0)

  // One after the other to where it costs least …
  const choices = options.map(windows => {
    let best: Choice = { window: windows[0]!, group: 0 }
    let least = Number.POSITIVE_INFINITY
    for (const window of windows)
      for (let group = 0; group < groupCount; group++) {
        const more = cost(group, window) - costs[group]!
        if (more >= least) continue
        least = more
        best = { window, group }
      }
    members[best.group]!.push(best)
    costs[best.group] = cost(best.group)
    return best
  })

  // … then one at a time to another place, which may cost more at first.
  const move = (choice: Choice, window: Window, group: number) => {
    if (group !== choice.group) {
      const from = members[choice.group]!
      from[from.indexOf(choice)] = from.at(-1)!
      from.pop()
      members[group]!.push(choice)
    }
    choice.window = window
    choice.group = group
  }
  const random = numbers()
  for (let trial = 0; trial < trials; trial++) {
    const heat = 5e-6 * (1 - trial / trials)
    const k = random(literals.length)
    const choice = choices[k]!
    const { window, group } = choice
    const target = random(groupCount)
    move(choice, options[k]![random(options[k]!.length)]!, target)
    const [left, joined] = [cost(group), cost(target)]
    const more = group === target ? joined - costs[group]! : left + joined - costs[group]! - costs[target]!
    if (more <= 0 || random(1_000_000) < 1_000_000 * Math.exp(-more / heat)) {
      costs[group] = left
      costs[target] = joined
    } else move(choice, window, group)
  }
  return choices
}

/** Numbers below a bound that look random: those of a linear congruential generator. */
function numbers(): (below: number) => number {
  let state = 1
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
}
