/** One rule of a .gitignore, ready to match paths relative to the file's folder. */
interface Rule {
  pattern: RegExp
  /** The pattern has no slash: it is matched against the last name alone. */
  byName: boolean
  negated: boolean
  foldersOnly: boolean
}

/** Rules of one folder; the last that matches decides, the deepest folder first. */
export interface IgnoreFile {
  /** Match whenever one of the rules does: most paths are told apart by these alone. */
  anyName: RegExp | undefined
  anyPath: RegExp | undefined
  /** Path of the folder from the scanned root, empty or ending with a slash. */
  base: string
  rules: readonly Rule[]
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
    const body = globSource(line)
    if (body === undefined) continue
    rules.push({ pattern: new RegExp(`^${body}$`), byName: !anchored, negated, foldersOnly })
  }
  if (rules.length === 0) return undefined
  const union = (some: readonly Rule[]) =>
    some.length > 0 ? new RegExp(some.map(rule => rule.pattern.source).join('|')) : undefined
  return {
    base,
    rules,
    anyName: union(rules.filter(rule => rule.byName)),
    anyPath: union(rules.filter(rule => !rule.byName)),
  }
}

/** Whether a path (from the root, folders without trailing slash) is ignored under the files that apply to it, outermost first. */
export function isIgnoredPath(path: string, isFolder: boolean, files: readonly IgnoreFile[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  for (let k = files.length - 1; k >= 0; k--) {
    const { base, rules, anyName, anyPath } = files[k]!
    if (!path.startsWith(base)) continue
    const relative = path.slice(base.length)
    if (!anyName?.test(name) && !anyPath?.test(relative)) continue
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
