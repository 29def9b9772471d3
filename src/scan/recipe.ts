import type { Certainty, Edit, Side } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import type { Shape } from './judge.ts'
import type { CodeLanguage } from './lex/syntax.ts'
import type { Source } from './source.ts'

/** Languages and formats that recipes read. */
export type Format =
  | CodeLanguage
  | 'yaml'
  | 'xml'
  | 'plist'
  | 'ini' // key and value by line: properties, .cnf, .conf with `=`
  | 'directives' // name and words by line: nginx, Apache, HAProxy, OpenVPN
  | 'registry'
  | 'shell'
  | 'dockerfile'

/** One place that a recipe found, before a floor says what it means. */
export interface Hit {
  start: number
  end: number
  shape: Shape
  side: Side
  certainty?: Certainty
  /** Replaces the recipe's own words where a place needs more exact ones. */
  stack?: string
  message?: string
  fix?: string
  edits?: Edit[] | undefined
  related?: { start: number; end: number; message: string }[]
}

/** What a text is asked for before it is parsed: one of them will do, the cheaper first. */
export type Signs = RegExp | readonly RegExp[]

/** How one kind of place is found and changed. */
export interface Recipe {
  id: string
  title: string
  formats: readonly Format[]
  /** Lower case; a text without any of them is not read at all. The prefilter is made of these. */
  literals: readonly string[]
  /** Files that are read for their place in the tree, whatever they hold. */
  paths?: RegExp
  /**
   * More exact than the literals, and dearer: what the text (in lower case) must hold besides. `legacy-word` is a version below the floor by name,
   * so that a text which names only newer ones is not parsed.
   */
  evidence?: 'legacy-word' | Signs
  /**
   * What the text (in lower case) must hold in any case, beside literals and evidence: what every place that is found is written with. It spares most
   * texts from being parsed. Where that depends on the language or the floor, by those.
   */
  needs?: Signs | ((format: Format, floor: Version) => Signs | undefined)
  /** Finds defaults only; its literals are looked for when defaults are asked for. */
  onlyInherits?: true
  /** What makes the TLS on the wire. */
  stack: string
  why: string
  /** What to do, in words; the canonical replacement. */
  fix: string
  sources: readonly string[]
  find(source: Source, floor: Version): Iterable<Hit>
}
