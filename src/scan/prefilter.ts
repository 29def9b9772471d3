import type { Recipe } from './recipe.ts'
import { recipes } from './recipes/index.ts'

/** Literals of the recipes, without those that hold another one. Lower case. */
export function literalsOf(list: readonly Recipe[] = recipes): string[] {
  const all = [...new Set(list.flatMap(recipe => recipe.literals))]
  return all.filter(literal => !all.some(other => other !== literal && literal.includes(other))).sort()
}

/** Whether bytes hold one of the literals, ASCII case aside. */
export type Prefilter = (bytes: Uint8Array, length: number) => boolean

/**
 * Wu-Manber over bytes: a window as long as the shortest literal slides over the text; the pair of bytes at its end tells how far it may jump, and
 * only where it may not are literals compared. ASCII letters are folded on the way.
 */
export function prefilterOf(literals: readonly string[]): Prefilter {
  const patterns = literals.map(literal => Buffer.from(literal, 'latin1'))
  const window = Math.min(...patterns.map(pattern => pattern.length))
  const fold = foldTable()
  const jump = window - 1
  const shifts = new Uint8Array(0x10000).fill(jump)
  const heads: number[][] = []
  for (const [k, pattern] of patterns.entries())
    for (let i = 0; i < jump; i++) {
      const pair = (pattern[i]! << 8) | pattern[i + 1]!
      const distance = jump - 1 - i
      if (distance < shifts[pair]!) shifts[pair] = distance
      if (distance === 0) heads[pair] = [...(heads[pair] ?? []), k]
    }
  return (bytes, length) => {
    let at = jump
    while (at < length) {
      const pair = (fold[bytes[at - 1]!]! << 8) | fold[bytes[at]!]!
      const shift = shifts[pair]!
      if (shift > 0) {
        at += shift
        continue
      }
      const start = at - jump
      for (const k of heads[pair]!) if (matchesAt(bytes, start, length, patterns[k]!, fold)) return true
      at++
    }
    return false
  }
}

function matchesAt(
  bytes: Uint8Array,
  start: number,
  length: number,
  pattern: Uint8Array,
  fold: Uint8Array,
): boolean {
  if (start + pattern.length > length) return false
  for (let i = 0; i < pattern.length; i++) if (fold[bytes[start + i]!] !== pattern[i]) return false
  return true
}

function foldTable(): Uint8Array {
  const table = new Uint8Array(256)
  for (let code = 0; code < 256; code++) table[code] = code >= 65 && code <= 90 ? code + 32 : code
  return table
}
