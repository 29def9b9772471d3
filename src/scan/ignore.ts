/** One rule of a .gitignore, ready to match paths relative to the file's folder. */
interface Rule {
  glob: string
  /** Made when a text has all of those, which for most rules is never; null for what is no pattern. */
  pattern: RegExp | null | undefined
  /** What a match begins with, ends with and holds in any case: letters between the signs of the pattern. */
  head: string
  tail: string
  longest: string
  /** The pattern has no slash: it is matched against the last name alone. */
  byName: boolean
  negated: boolean
  foldersOnly: boolean
}

/** Rules of one folder; the last that matches decides, the deepest folder first. */
export interface IgnoreFile {
  /** Path of the folder from the scanned root, empty or ending with a slash. */
  base: string
  rules: readonly Rule[]
  /** The rules that may match names with an ending, last first: of files and of folders. Most names are told apart by this alone. */
  forFiles: Map<string, readonly Rule[]>
  forFolders: Map<string, readonly Rule[]>
}

/** Reads a .gitignore text (gitignore(5)); lines that are no pattern are passed over. */
export function readIgnore(text: string, base: string): IgnoreFile | undefined {
  const rules: Rule[] = []
  for (let line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    line = line.replace(/(?<!\\)\s+$/, '')
    const negated = line.startsWith('!')
    if (negated) line = line.slice(1)
    const foldersOnly = line.endsWith('/')
    if (foldersOnly) line = line.slice(0, -1)
    if (line === '') continue
    const anchored = line.includes('/')
    if (line.startsWith('/')) line = line.slice(1)
    const pieces = line.replace(/^(?:\*\*\/)+/, '**').split(/[*?\\]|\[[^\]]*\]?/)
    rules.push({
      glob: line,
      pattern: undefined,
      head: pieces[0]!,
      tail: pieces.at(-1)!,
      longest: [...pieces].sort((a, b) => b.length - a.length)[0]!,
      byName: !anchored,
      negated,
      foldersOnly,
    })
  }
  return rules.length === 0 ? undefined : { base, rules, forFiles: new Map(), forFolders: new Map() }
}

/**
 * Whether a name in a folder (from the root, empty or ending with a slash) is ignored under the files that apply to the folder, outermost first.
 */
export function isIgnored(
  folder: string,
  name: string,
  isFolder: boolean,
  files: readonly IgnoreFile[],
): boolean {
  const dot = name.lastIndexOf('.')
  const ending = name.slice(dot > 0 ? dot : -1)
  for (let k = files.length - 1; k >= 0; k--) {
    const file = files[k]!
    let path: string | undefined
    for (const rule of rulesFor(ending, isFolder, file)) {
      if (!rule.byName) path ??= folder.slice(file.base.length) + name
      const text = rule.byName ? name : path!
      if (text.startsWith(rule.head) && text.includes(rule.longest) && matches(rule, text))
        return !rule.negated
    }
  }
  return false
}

/** Names of some trees all end differently; their rules are not kept. */
const mostEndings = 1000

/** The rules of which a name with this ending (from its last full stop, or its last letter) may be a match, last first. */
function rulesFor(ending: string, isFolder: boolean, file: IgnoreFile): readonly Rule[] {
  const known = isFolder ? file.forFolders : file.forFiles
  let rules = known.get(ending)
  if (!rules) {
    rules = file.rules
      .filter(
        ({ tail, foldersOnly }) =>
          (isFolder || !foldersOnly) && (ending.endsWith(tail) || tail.endsWith(ending)),
      )
      .reverse()
    if (known.size < mostEndings) known.set(ending, rules)
  }
  return rules
}

function matches(rule: Rule, text: string): boolean {
  if (rule.pattern === undefined) rule.pattern = patternOf(rule.glob)
  return rule.pattern?.test(text) ?? false
}

function patternOf(glob: string): RegExp | null {
  let source = ''
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!
    if (c === '*') {
      if (glob[i + 1] === '*') {
        const leading = i === 0 || glob[i - 1] === '/'
        if (leading && glob[i + 2] === '/') {
          source += '(?:.*/)?'
          i += 2
        } else {
          source += '.*'
          i++
        }
      } else source += '[^/]*'
    } else if (c === '?') source += '[^/]'
    else if (c === '[') {
      const end = glob.indexOf(']', i + 2)
      if (end < 0) return null
      // No list matches a slash (fnmatch(3), FNM_PATHNAME).
      source += `(?!/)[${glob
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`
      i = end
    } else if (c === '\\') {
      i++
      source += quoted(glob[i] ?? '')
    } else source += quoted(c)
  }
  try {
    return new RegExp(`^${source}$`)
  } catch {
    return null
  }
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
