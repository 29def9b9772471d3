import type { Format, Recipe } from './recipe.ts'
import { recipes } from './recipes/index.ts'

/**
 * Literals of the recipes, without those that hold another one. Lower case. Recipes for defaults count when defaults are asked for.
 */
export function literalsOf(inherits = true, list: readonly Recipe[] = recipes): string[] {
  const all = distinctLiterals(list.filter(recipe => inherits || !recipe.onlyInherits))
  return all.filter(literal => !all.some(other => other !== literal && literal.includes(other))).sort()
}

/** Says of each literal in the bytes, by its number, that it is there; stops at the first `true`. ASCII case aside. */
type Visit = (literal: number) => boolean

interface Piece {
  literal: number
  pattern: Uint8Array
  /** Where in the literal the three bytes stand that the table knows. */
  offset: number
}

interface Tables {
  /** By hash of three bytes: 0, or the number of a group of pieces. */
  groupOf: Uint8Array
  groups: Piece[][]
}

/**
 * Every literal has four bytes or more, so that each place where one stands holds three known bytes at an even offset: these are looked up, two
 * bytes at a time, in a table of hashes that take no notice of case. A step does not depend on what the last one found, which lets a processor
 * take several at once; jumping as far as the text allows, as Wu and Manber do, took twice the time.
 */
function tablesOf(literals: readonly string[]): Tables {
  const groupOf = new Uint8Array(1 << 16)
  const groups: Piece[][] = [[]]
  const add = (at: number, piece: Piece) => {
    if (groupOf[at] === 0) groupOf[at] = groups.push([]) - 1
    groups[groupOf[at]!]!.push(piece)
  }
  const patterns = literals.map(literal => Buffer.from(literal, 'latin1'))
  // Short ones first: they have no choice, and what they put in the table is free for longer ones.
  for (const [literal, pattern] of [...patterns.entries()].sort((a, b) => a[1].length - b[1].length)) {
    let offset = 0
    let least = Number.POSITIVE_INFINITY
    for (let at = 0; at + 4 <= pattern.length; at++) {
      const cost = costAt(groupOf, pattern, at) + costAt(groupOf, pattern, at + 1)
      if (cost > least) continue
      least = cost
      offset = at
    }
    add(hashAt(pattern, offset), { literal, pattern, offset })
    add(hashAt(pattern, offset + 1), { literal, pattern, offset: offset + 1 })
  }
  if (groups.length > 256) throw new RangeError(`${groups.length} groups of literals do not fit a byte`)
  return { groupOf, groups }
}

/** Frequent in source code: better not what a literal is known by. */
const common = new Set(
  'abl ble cha com con ent ers eve ext for han ing int ion lic min mum ont pro ran rot ser str tex ter tio typ ver'.split(
    ' ',
  ),
)

function costAt(groupOf: Uint8Array, pattern: Buffer, at: number): number {
  if (groupOf[hashAt(pattern, at)] !== 0) return 0
  return common.has(pattern.toString('latin1', at, at + 3)) ? 10 : 1
}

/** Bit 5 tells upper from lower case in ASCII letters; it is left out. */
const hashOf = (word: number) => Math.imul(word & 0xdfdfdf, 0x9e3779b1) >>> 16

const hashAt = (bytes: Uint8Array, at: number) =>
  hashOf(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16))

function scanOf(literals: readonly string[]) {
  const { groupOf, groups } = tablesOf(literals)
  return (bytes: Uint8Array, length: number, visit: Visit): boolean => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    // Four places by one branch, which is hardly ever taken.
    for (; at + 10 <= length; at += 8) {
      const a = groupOf[hashOf(view.getInt32(at, true))]!
      const b = groupOf[hashOf(view.getInt32(at + 2, true))]!
      const c = groupOf[hashOf(view.getInt32(at + 4, true))]!
      const d = groupOf[hashOf(view.getInt32(at + 6, true))]!
      if ((a | b | c | d) === 0) continue
      if (a !== 0 && visitGroup(groups[a]!, bytes, length, at, visit)) return true
      if (b !== 0 && visitGroup(groups[b]!, bytes, length, at + 2, visit)) return true
      if (c !== 0 && visitGroup(groups[c]!, bytes, length, at + 4, visit)) return true
      if (d !== 0 && visitGroup(groups[d]!, bytes, length, at + 6, visit)) return true
    }
    for (; at + 3 <= length; at += 2) {
      const group = groupOf[hashAt(bytes, at)]!
      if (group !== 0 && visitGroup(groups[group]!, bytes, length, at, visit)) return true
    }
    return false
  }
}

function visitGroup(
  group: readonly Piece[],
  bytes: Uint8Array,
  length: number,
  at: number,
  visit: Visit,
): boolean {
  for (const { literal, pattern, offset } of group)
    if (matchesAt(bytes, at - offset, length, pattern) && visit(literal)) return true
  return false
}

const fold = foldTable()

function matchesAt(bytes: Uint8Array, start: number, length: number, pattern: Uint8Array): boolean {
  if (start < 0 || start + pattern.length > length) return false
  for (let i = 0; i < pattern.length; i++) if (fold[bytes[start + i]!] !== pattern[i]) return false
  return true
}

function foldTable(): Uint8Array {
  const table = new Uint8Array(256)
  for (let code = 0; code < 256; code++) table[code] = code >= 65 && code <= 90 ? code + 32 : code
  return table
}

/** Whether bytes hold a literal of a recipe that reads one of the formats; of any recipe when the formats are not known. */
export type Prefilter = (bytes: Uint8Array, length: number, formats?: readonly Format[]) => boolean

/** Recipes for defaults count when defaults are asked for. */
export function prefilterOf(inherits = true, list: readonly Recipe[] = recipes): Prefilter {
  const wanted = list.filter(recipe => inherits || !recipe.onlyInherits)
  const literals = distinctLiterals(wanted)
  const scan = scanOf(literals)
  const visitOf = (formats: readonly Format[]): Visit => {
    const read = new Set(
      distinctLiterals(wanted.filter(recipe => recipe.formats.some(format => formats.includes(format)))),
    )
    const reads = Uint8Array.from(literals, literal => Number(read.has(literal)))
    return literal => reads[literal] === 1
  }
  const any: Visit = () => true
  const visits = new Map<readonly Format[], Visit>()
  return (bytes, length, formats) => {
    if (formats === undefined) return scan(bytes, length, any)
    const visit = visits.get(formats) ?? visitOf(formats)
    visits.set(formats, visit)
    return scan(bytes, length, visit)
  }
}

function distinctLiterals(list: readonly Recipe[]): string[] {
  return [...new Set(list.flatMap(recipe => recipe.literals))]
}

/** Which recipes a text holds a literal of, by their number in the list, in one pass. */
export function recipeFinder(list: readonly Recipe[]): (text: string) => Uint8Array {
  const literals = distinctLiterals(list)
  const recipesOf = literals.map(literal =>
    [...list.keys()].filter(number => list[number]!.literals.includes(literal)),
  )
  const scan = scanOf(literals)
  return text => {
    const found = new Uint8Array(list.length)
    const bytes = Buffer.from(text, 'latin1')
    scan(bytes, bytes.length, literal => {
      for (const number of recipesOf[literal]!) found[number] = 1
      return false
    })
    return found
  }
}
