import { createHash } from 'node:crypto'
import type { Finding, Place } from '../model/finding.ts'
import { TLS_1_2, type Version, versionName } from '../model/version.ts'
import { embeddedIn } from './embedded.ts'
import { effectOf } from './judge.ts'
import { formatOf } from './language.ts'
import { namesLegacy } from './literals.ts'
import { recipesIn } from './prefilter.ts'
import type { Format, Hit, Recipe, Signs } from './recipe.ts'
import { recipes as allRecipes } from './recipes/index.ts'
import { type Project, type Source, sourceOf } from './source.ts'
import { ignoreFor, ignoresIn } from './suppress.ts'

export interface ScanTextOptions {
  floor: Version
  recipes?: readonly Recipe[]
  project?: () => Project
  /** Stands before the path in what a finding is known by again: where the scanned folder lies in the project. Empty or ending with a slash. */
  prefix?: string
}

/** Findings of one text, in order of place. Pure. Suppressed ones are counted apart. */
export function scanText(
  path: string,
  text: string,
  options: ScanTextOptions,
): { findings: Finding[]; ignored: number } {
  const format = formatOf(path, text.slice(0, 2000))
  if (!format) return { findings: [], ignored: 0 }
  const source = sourceOf(path, format, text, options.project)
  const found = collect(source, options, 0)
  collectEmbedded(source, 0, 2, found, options)
  if (found.length === 0) return { findings: [], ignored: 0 }
  const kept = withoutDoubles(found)
  const lines = lineStarts(text)
  const ignores = ignoresIn(text)
  const secondary = secondaryKind(path, text)
  const findings: Finding[] = []
  let ignored = 0
  const seen = new Map<string, number>()
  for (const { hit, recipe } of kept) {
    const effect = effectOf(hit.shape, options.floor)
    if (!effect) continue
    const place = placeAt(path, lines, hit.start, hit.end)
    const ignore = ignoreFor(ignores, place.line, recipe.id)
    if (ignore?.reason) {
      ignored++
      continue
    }
    const shape = hit.shape
    const print = fingerprint(recipe.id, (options.prefix ?? '') + path, text.slice(hit.start, hit.end), seen)
    findings.push({
      rule: recipe.id,
      place,
      related: [
        ...(hit.related ?? []).map(other => ({
          place: placeAt(path, lines, other.start, other.end),
          message: other.message,
        })),
        ...(ignore
          ? [
              {
                place: placeAt(path, lines, lines[ignore.line - 1]!, lines[ignore.line - 1]!),
                message: 'tlsunset:ignore without a reason has no effect',
              },
            ]
          : []),
      ],
      side: hit.side,
      effect,
      certainty: hit.certainty ?? 'sure',
      versions: 'versions' in shape ? [...shape.versions].sort((a, b) => a - b) : [],
      stack: hit.stack ?? recipe.stack,
      message: underFloor(hit.message ?? recipe.title, options.floor),
      why: recipe.why,
      fix: adviceUnder(hit.fix ?? recipe.fix, options.floor),
      ...(hit.edits?.some(edit => text.slice(edit.start, edit.end) !== edit.text) &&
        !secondary &&
        options.floor <= TLS_1_2 &&
        effect !== 'note' &&
        effect !== 'inherits' && { edits: hit.edits }),
      fingerprint: print,
      ...(secondary && { secondary }),
      snippet: lineOf(text, lines, place.line),
    })
  }
  return { findings, ignored }
}

/** Recipes are worded for the floor of today, TLS 1.2, and so are their edits: under a higher one they are left to a person. */
function underFloor(message: string, floor: Version): string {
  return floor <= TLS_1_2 ? message : message.replace(/below TLS 1\.2/g, `below ${versionName(floor)}`)
}

function adviceUnder(advice: string, floor: Version): string {
  return floor <= TLS_1_2
    ? advice
    : `${advice} Where this says TLS 1.2, a floor of ${versionName(floor)} needs that version.`
}

/** Findings of texts inside the text, to a depth: a heredoc in a script in a template. */
function collectEmbedded(
  source: Source,
  offset: number,
  depth: number,
  found: Found[],
  options: ScanTextOptions,
) {
  if (depth === 0) return
  for (const part of embeddedIn(source)) {
    const inner = sourceOf(source.path, part.format, part.text, options.project)
    found.push(...collect(inner, options, offset + part.start))
    collectEmbedded(inner, offset + part.start, depth - 1, found, options)
  }
}

/** Whether a recipe reads the file for its place in the tree, whatever it holds. */
export function isReadByPath(path: string): boolean {
  return pathsRead.some(paths => paths.test(path))
}

const pathsRead = allRecipes.flatMap(recipe => recipe.paths ?? [])

interface Found {
  hit: Hit
  recipe: Recipe
  order: number
}

function collect(source: Source, options: ScanTextOptions, offset: number): Found[] {
  const found: Found[] = []
  const present = options.recipes ? undefined : recipesIn(source.text)
  const isPresent = (recipe: Recipe, order: number) =>
    present ? present[order] === 1 : recipe.literals.some(literal => source.folded.includes(literal))
  let named: boolean | undefined
  const isNamed = () => (named ??= namesLegacy(source.folded, options.floor))
  for (const [order, recipe] of recipesFor(source.format, options.recipes)) {
    if (!isPresent(recipe, order) && !recipe.paths?.test(source.path)) continue
    const { evidence } = recipe
    if (evidence && !isNamed() && (evidence === 'legacy-word' || !shows(source.folded, evidence))) continue
    const needs =
      typeof recipe.needs === 'function' ? recipe.needs(source.format, options.floor) : recipe.needs
    if (needs && !shows(source.folded, needs)) continue
    for (const hit of recipe.find(source, options.floor))
      found.push({ hit: offset ? moved(hit, offset) : hit, recipe, order })
  }
  return found
}

function shows(folded: string, signs: Signs): boolean {
  return signs instanceof RegExp ? signs.test(folded) : signs.some(sign => sign.test(folded))
}

/** Those of a list (all by default) that read a format, with their place in the list. */
function recipesFor(format: Format, list: readonly Recipe[] | undefined): readonly [number, Recipe][] {
  const those = () =>
    [...(list ?? allRecipes).entries()].filter(([, recipe]) => recipe.formats.includes(format))
  if (list) return those()
  const known = ofFormat.get(format) ?? those()
  ofFormat.set(format, known)
  return known
}

const ofFormat = new Map<Format, readonly [number, Recipe][]>()

function moved(hit: Hit, by: number): Hit {
  return {
    ...hit,
    start: hit.start + by,
    end: hit.end + by,
    ...(hit.edits && {
      edits: hit.edits.map(edit => ({ ...edit, start: edit.start + by, end: edit.end + by })),
    }),
    ...(hit.related && {
      related: hit.related.map(other => ({ ...other, start: other.start + by, end: other.end + by })),
    }),
  }
}

/** Where two recipes find the same place, the more exact one (earlier in the list) speaks; a note never silences a finding. */
function withoutDoubles(found: Found[]): Found[] {
  const weight = ({ hit, order }: Found) =>
    order + (hit.shape.kind === 'note' || hit.shape.kind === 'inherits' ? 1000 : 0)
  const kept: Found[] = []
  for (const one of [...found].sort((a, b) => weight(a) - weight(b) || a.hit.start - b.hit.start))
    if (
      !kept.some(
        other =>
          other.hit.start < Math.max(one.hit.end, one.hit.start + 1) &&
          one.hit.start < Math.max(other.hit.end, other.hit.start + 1),
      )
    )
      kept.push(one)
  return kept.sort((a, b) => a.hit.start - b.hit.start)
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function placeAt(path: string, lines: readonly number[], start: number, end: number): Place {
  const line = lineAt(lines, start)
  const endLine = lineAt(lines, end)
  return {
    path,
    start,
    end,
    line,
    column: start - lines[line - 1]! + 1,
    endLine,
    endColumn: end - lines[endLine - 1]! + 1,
  }
}

function lineAt(lines: readonly number[], offset: number): number {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lines[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

function lineOf(text: string, lines: readonly number[], line: number): string {
  const end = lines[line] === undefined ? text.length : lines[line]! - 1
  return text.slice(lines[line - 1]!, Math.min(end, lines[line - 1]! + 400)).replace(/\r$/, '')
}

/** Rule, path and text, not the line: the n-th equal place of a file is told apart by its number. */
function fingerprint(rule: string, path: string, text: string, seen: Map<string, number>): string {
  const key = `${rule}\0${path}\0${text.replace(/\s+/g, ' ')}`
  const count = seen.get(key) ?? 0
  seen.set(key, count + 1)
  return createHash('sha256').update(`${key}\0${count}`).digest('hex').slice(0, 32)
}

/** Test and generated code by path and head. */
function secondaryKind(path: string, text: string): Finding['secondary'] {
  if (
    /(?:^|\/)(?:tests?|specs?|__tests__|testdata|fixtures|testing|androidTest|unittests?)\/|(?:[._-](?:test|spec|tests)|_test|Tests?|(?:^|\/)tests?)\.\w+$/.test(
      path,
    )
  )
    return 'test'
  return /(?:@generated|Code generated .* DO NOT EDIT|<auto-generated)/.test(text.slice(0, 1500))
    ? 'generated'
    : undefined
}

export type { Format }
