import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'

/**
 * The files that arguments stand for: files, all files below directories (hidden ones left out), and patterns with `*` and `?` in the last
 * part, for shells that leave them alone. In order, each once. Throws an input Fault for what is not there.
 */
export function expandPaths(args: readonly string[], cwd: string): string[] {
  const found = new Set<string>()
  for (const arg of args) {
    const path = resolve(cwd, arg)
    const stat = statSync(path, { throwIfNoEntry: false })
    const files = stat?.isDirectory() ? below(path) : stat ? [path] : matching(path)
    if (files.length === 0)
      throw new Fault('input', 'no-such-file', `${arg}: ${stat ? 'no files in there' : 'no such file'}`, {
        hint: `files, folders or patterns such as ${join(arg.replace(/[^/]*$/, ''), '*.log')}; names count from ${cwd}`,
      })
    for (const file of files) found.add(file)
  }
  return [...found]
}

function below(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(entry => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) return below(path)
      return entry.isFile() ? [path] : []
    })
}

function matching(path: string): string[] {
  const [directory, pattern] = [dirname(path), basename(path)]
  if (!/[*?]/.test(pattern)) return []
  const wanted = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
  const names = statSync(directory, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(directory) : []
  return names
    .filter(name => wanted.test(name))
    .sort()
    .map(name => join(directory, name))
    .filter(file => statSync(file, { throwIfNoEntry: false })?.isFile())
}
