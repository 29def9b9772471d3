import type { Recipe } from './recipe.ts'
import { recipes } from './recipes/index.ts'

/**
 * Literals of the recipes, without those that hold another one. Lower case. Recipes for defaults count when defaults are asked for.
 */
export function literalsOf(inherits = true, list: readonly Recipe[] = recipes): string[] {
  const wanted = list.filter(recipe => inherits || !recipe.onlyInherits)
  const all = [...new Set(wanted.flatMap(recipe => recipe.literals))]
  return all.filter(literal => !all.some(other => other !== literal && literal.includes(other))).sort()
}

/** Whether bytes hold one of the literals, ASCII case aside. */
export type Prefilter = (bytes: Uint8Array, length: number) => boolean

interface Tables {
  patterns: Uint8Array[]
  jump: number
  shifts: Uint8Array
  heads: number[][]
}

/**
 * Wu-Manber over bytes: a window as long as the shortest literal slides over the text; the pair of bytes at its end tells how far it may jump, and
 * only where it may not are literals compared. The tables hold a pair in every case, so that nothing is folded on the way.
 */
function tablesOf(literals: readonly string[]): Tables {
  const patterns = literals.map(literal => Buffer.from(literal, 'latin1'))
  const jump = Math.min(...patterns.map(pattern => pattern.length)) - 1
  const shifts = new Uint8Array(0x10000).fill(jump)
  const heads: number[][] = []
  for (const [k, pattern] of patterns.entries())
    for (let i = 0; i < jump; i++) {
      const distance = jump - 1 - i
      for (const pair of spellings(pattern[i]!, pattern[i + 1]!)) {
        if (distance < shifts[pair]!) shifts[pair] = distance
        if (distance === 0) heads[pair] = [...(heads[pair] ?? []), k]
      }
    }
  return { patterns, jump, shifts, heads }
}

/** A pair of bytes in lower and upper case. */
function spellings(first: number, second: number): number[] {
  const cases = (code: number) => (code >= 97 && code <= 122 ? [code, code - 32] : [code])
  return cases(first).flatMap(a => cases(second).map(b => (a << 8) | b))
}

/** Stops at the first literal. */
export function prefilterOf(literals: readonly string[]): Prefilter {
  const { patterns, jump, shifts, heads } = tablesOf(literals)
  return (bytes, length) => {
    let at = jump
    while (at < length) {
      const pair = (bytes[at - 1]! << 8) | bytes[at]!
      const shift = shifts[pair]!
      if (shift > 0) {
        at += shift
        continue
      }
      const start = at - jump
      for (const k of heads[pair]!) if (matchesAt(bytes, start, length, patterns[k]!)) return true
      at++
    }
    return false
  }
}

/** Every literal that a text holds, in one pass. */
export function literalFinder(literals: readonly string[]): (text: string) => Set<string> {
  const { patterns, jump, shifts, heads } = tablesOf(literals)
  return text => {
    const bytes = Buffer.from(text, 'latin1')
    const found = new Set<string>()
    let at = jump
    while (at < bytes.length) {
      const pair = (bytes[at - 1]! << 8) | bytes[at]!
      const shift = shifts[pair]!
      if (shift > 0) {
        at += shift
        continue
      }
      for (const k of heads[pair]!)
        if (!found.has(literals[k]!) && matchesAt(bytes, at - jump, bytes.length, patterns[k]!))
          found.add(literals[k]!)
      at++
    }
    return found
  }
}

const fold = foldTable()

function matchesAt(bytes: Uint8Array, start: number, length: number, pattern: Uint8Array): boolean {
  if (start + pattern.length > length) return false
  for (let i = 0; i < pattern.length; i++) if (fold[bytes[start + i]!] !== pattern[i]) return false
  return true
}

function foldTable(): Uint8Array {
  const table = new Uint8Array(256)
  for (let code = 0; code < 256; code++) table[code] = code >= 65 && code <= 90 ? code + 32 : code
  return table
}
