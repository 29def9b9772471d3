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

/** Plain names and `*.ext` are looked up; what is left of the rules is one pattern. */
function screenOf(rules: readonly Rule[]): Screen {
  const isPlain = (glob: string) => !/[*?[\\]/.test(glob)
  const isEnding = (glob: string) => glob.startsWith('*.') && isPlain(glob.slice(1))
  const names = new Set<string>()
  const endings = new Set<string>()
  const byName: string[] = []
  const byPath: string[] = []
  for (const { glob, byName: isName, pattern } of rules)
    if (isName && isPlain(glob)) names.add(glob)
    else if (isName && isEnding(glob)) endings.add(glob.slice(1))
    else if (isName) byName.push(pattern.source)
    else byPath.push(pattern.source)
  const name = byName.length > 0 ? new RegExp(byName.join('|')) : undefined
  const path = byPath.length > 0 ? new RegExp(byPath.join('|')) : undefined
  return (last, relative) => {
    if (names.has(last)) return true
    if (endings.size > 0)
      for (let at = last.indexOf('.'); at >= 0; at = last.indexOf('.', at + 1))
        if (endings.has(last.slice(at))) return true
    return (name?.test(last) ?? false) || (path?.test(relative) ?? false)
  }
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
      source += `[${glob
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
