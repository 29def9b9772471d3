import { type Code, readCode } from './lex/code.ts'
import { type Flow, flowOf } from './lex/flow.ts'
import { type CodeLanguage, syntaxes } from './lex/syntax.ts'
import { inlineDirectives, inlinePairs, type Line, readIni, readLines } from './read/lines.ts'
import { type Markup, markupSettings, readMarkup } from './read/markup.ts'
import type { Setting } from './read/setting.ts'
import { treeSettings } from './read/tree-settings.ts'
import { readYaml } from './read/yaml.ts'
import type { Format } from './recipe.ts'

/** A text of the tree with its parsed forms, each made once when a recipe asks for it. */
export interface Source {
  /** Path from the scanned folder, with forward slashes. */
  path: string
  /** File name in lower case. */
  name: string
  format: Format
  text: string
  /** The text in lower case, for looking up words. */
  folded: string
  flow(): Flow | undefined
  code(): Code | undefined
  settings(): readonly Setting[]
  lines(): readonly Line[]
  markup(): Markup
  /** Facts about the project around the file, for choosing a fix. Other files are read for them. */
  project(): Project
}

export interface Project {
  /** Lowest .NET Framework version that project files near the file name, such as 4.5; absent when none does. */
  dotnetFramework?: number
}

export function sourceOf(
  path: string,
  format: Format,
  text: string,
  project: () => Project = () => ({}),
): Source {
  const markup = once(() => readMarkup(text))
  const code = once(() => (format in syntaxes ? readCode(text, format as CodeLanguage) : undefined))
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1).toLowerCase(),
    format,
    text,
    folded: text.toLowerCase(),
    code,
    flow: once(() => {
      const read = code()
      return read && flowOf(read)
    }),
    settings: once(() => {
      if (format === 'yaml') return readYaml(text)
      if (format === 'xml' || format === 'plist') return markupSettings(markup())
      if (treeFormats.has(format)) return treeSettings(code()!)
      if (format === 'directives') return [...readIni(text), ...inlineDirectives(text), ...inlinePairs(text)]
      return format === 'ini' ? readIni(text) : []
    }),
    lines: once(() => readLines(text, format)),
    markup,
    project,
  }
}

const treeFormats: ReadonlySet<Format> = new Set(['json', 'hcl', 'toml', 'bicep', 'hocon'])

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
