/** One rule of a .gitignore, ready to match paths relative to the file's folder. */
interface Rule {
  glob: string
  pattern: RegExp
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
  mayMatchFile: Screen
  mayMatchFolder: Screen
}

/** Whether one of many rules matches: most paths are told apart by this alone. */
type Screen = (name: string, relative: string) => boolean

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
    const body = globSource(line)
    if (body === undefined) continue
    rules.push({ glob: line, pattern: new RegExp(`^${body}$`), byName: !anchored, negated, foldersOnly })
  }
  if (rules.length === 0) return undefined
  return {
    base,
    rules,
    mayMatchFile: screenOf(rules.filter(rule => !rule.foldersOnly)),
    mayMatchFolder: screenOf(rules),
  }
}

/** Plain names and `*.ext` are looked up; the other rules are patterns. */
function screenOf(rules: readonly Rule[]): Screen {
  const names = new Set<string>()
  const endings = new Set<string>()
  const byName: Rule[] = []
  const byPath: Rule[] = []
  const byLastName = new Map<string, Rule[]>()
  for (const rule of rules) {
    const lastName = rule.glob.slice(rule.glob.lastIndexOf('/') + 1)
    if (rule.byName && isPlain(rule.glob)) names.add(rule.glob)
    else if (rule.byName && /^\*\.[^.*?[\\]+$/.test(rule.glob)) endings.add(rule.glob.slice(1))
    else if (rule.byName) byName.push(rule)
    else if (isPlain(lastName)) push(byLastName, lastName, rule)
    else byPath.push(rule)
  }
  const nameMatches = anyOf(byName)
  const pathMatches = anyOf(byPath)
  return (last, relative) =>
    names.has(last) ||
    endings.has(last.slice(last.lastIndexOf('.'))) ||
    (byLastName.get(last)?.some(({ pattern }) => pattern.test(relative)) ?? false) ||
    nameMatches(last) ||
    pathMatches(relative)
}

function isPlain(glob: string): boolean {
  return !/[*?[\\]/.test(glob)
}

/** Whether a text matches one of the rules. Most texts do not begin like one, or lack what it says without stars: patterns are dearer than that. */
function anyOf(rules: readonly Rule[]): (text: string) => boolean {
  const byFirst = new Map<string, Probe[]>()
  const byLast = new Map<string, Probe[]>()
  const others: Probe[] = []
  for (const { glob, pattern } of rules) {
    const literals = glob.replace(/^(?:\*\*\/)+/, '').split(/[*?\\]|\[[^\]]*\]?/)
    const probe = { literal: literals.sort((a, b) => b.length - a.length)[0]!, pattern }
    const first = /^\[([\w.]+)\]/.exec(glob)?.[1] ?? (isPlain(glob[0]!) ? glob[0]! : '')
    const last = isPlain(glob.at(-1)!) && glob.at(-1) !== ']' ? glob.at(-1)! : ''
    if (first !== '') for (const letter of first) push(byFirst, letter, probe)
    else if (last !== '') push(byLast, last, probe)
    else others.push(probe)
  }
  const matches = (text: string, probes: readonly Probe[] | undefined) =>
    probes?.some(({ literal, pattern }) => text.includes(literal) && pattern.test(text)) ?? false
  return text =>
    matches(text, byFirst.get(text[0]!)) ||
    matches(text, byLast.get(text[text.length - 1]!)) ||
    matches(text, others)
}

/** What a match of a pattern holds in any case. */
interface Probe {
  literal: string
  pattern: RegExp
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value) {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** Whether a path (from the root, folders without trailing slash) is ignored under the files that apply to it, outermost first. */
export function isIgnoredPath(path: string, isFolder: boolean, files: readonly IgnoreFile[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  for (let k = files.length - 1; k >= 0; k--) {
    const { base, rules, mayMatchFile, mayMatchFolder } = files[k]!
    if (!path.startsWith(base)) continue
    const relative = path.slice(base.length)
    if (!(isFolder ? mayMatchFolder : mayMatchFile)(name, relative)) continue
    for (let i = rules.length - 1; i >= 0; i--) {
      const rule = rules[i]!
      if (rule.foldersOnly && !isFolder) continue
      if (rule.pattern.test(rule.byName ? name : relative)) return !rule.negated
    }
  }
  return false
}

function globSource(glob: string): string | undefined {
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
      if (end < 0) return undefined
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
    new RegExp(source)
    return source
  } catch {
    return undefined
  }
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
