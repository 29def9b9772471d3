import { readFileSync } from 'node:fs'
import { LiteralFinder } from './literal-finder.ts'
import { fits, tablesOf } from './literal-tables.ts'
import type { Format, Recipe } from './recipe.ts'
import { recipes } from './recipes/index.ts'

/**
 * Literals of the recipes, without those that hold another one. Lower case. Recipes for defaults count when defaults are asked for.
 */
export function literalsOf(inherits = true): string[] {
  const all = distinctLiterals(recipes.filter(recipe => inherits || !recipe.onlyInherits))
  return all.filter(literal => !all.some(other => other !== literal && literal.includes(other))).sort()
}

/** The literals that the finder looks for, in the order of its tables. */
export function literalsOfAll(): string[] {
  return distinctLiterals(recipes)
}

/** The tables that were made when this was built. Where nothing was built, tables that are made in less time and let more through. */
function tablesFor(literals: readonly string[]): Buffer {
  try {
    const built = readFileSync(new URL('./literals.tables', import.meta.url))
    if (fits(built, literals)) return built
  } catch {
    // Run from the sources.
  }
  return tablesOf(literals, 0)
}

/** One for all recipes: its memory holds the text that is looked at. */
let shared: { finder: LiteralFinder; literals: readonly string[] } | undefined

function finderOfAll() {
  if (!shared) {
    const literals = literalsOfAll()
    shared = { finder: new LiteralFinder(tablesFor(literals)), literals }
  }
  return shared
}

/** Whether bytes hold a literal of a recipe that reads one of the formats; of any recipe when the formats are not known. */
export interface Prefilter {
  /** Files are read into this. */
  room: Buffer
  /** About the first bytes of the room. */
  passes(length: number, formats?: readonly Format[]): boolean
}

/** Recipes for defaults count when defaults are asked for. All of a kind share one. */
export function prefilterOf(inherits = true): Prefilter {
  const known = prefilters.get(inherits) ?? makePrefilter(inherits)
  prefilters.set(inherits, known)
  return known
}

const prefilters = new Map<boolean, Prefilter>()

function makePrefilter(inherits: boolean): Prefilter {
  const wanted = recipes.filter(recipe => inherits || !recipe.onlyInherits)
  const { finder, literals } = finderOfAll()
  const setOf = (list: readonly Recipe[]) => {
    const read = new Set(distinctLiterals(list))
    return finder.setOf([...literals.keys()].filter(number => read.has(literals[number]!)))
  }
  const any = setOf(wanted)
  const sets = new Map<readonly Format[], number>()
  const ofFormats = (formats: readonly Format[]) => {
    const set = setOf(wanted.filter(recipe => recipe.formats.some(format => formats.includes(format))))
    sets.set(formats, set)
    return set
  }
  return {
    room: finder.text,
    passes: (length, formats) =>
      finder.holds(length, formats === undefined ? any : (sets.get(formats) ?? ofFormats(formats))),
  }
}

function distinctLiterals(list: readonly Recipe[]): string[] {
  return [...new Set(list.flatMap(recipe => recipe.literals))]
}

/** Which recipes a text holds a literal of, by their number in the list, in one pass. The room of the prefilter holds something else afterwards. */
export function recipesIn(text: string): Uint8Array {
  const { finder, literals } = finderOfAll()
  recipesOf ??= literals.map(literal =>
    [...recipes.keys()].filter(number => recipes[number]!.literals.includes(literal)),
  )
  const found = new Uint8Array(recipes.length)
  const there = finder.all(finder.text.write(text, 'latin1'))
  for (const [literal, numbers] of recipesOf.entries())
    if (there[literal] === 1) for (const number of numbers) found[number] = 1
  return found
}

let recipesOf: number[][] | undefined
