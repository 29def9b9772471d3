import { execFileSync } from 'node:child_process'
import { Fault } from '../base/fault.ts'

/** Lines changed since a revision, by path from the scanned folder: files that are new or untracked count whole. */
export function changedSince(root: string, revision: string): Map<string, [from: number, to: number][]> {
  if (revision.startsWith('-'))
    throw new Fault('usage', 'not-a-revision', `not a revision: ${revision}`, { hint: '--since main' })
  const diff = git(
    root,
    [
      'diff',
      '--no-color',
      '--no-ext-diff',
      '--unified=0',
      '--relative',
      '--diff-filter=d',
      revision,
      '--',
      '.',
    ],
    revision,
  )
  const changed = new Map<string, [number, number][]>()
  let path = ''
  for (const line of diff.split('\n')) {
    const file = /^\+\+\+ b\/(.*?)\t?$/.exec(line)
    if (file) path = unquote(file[1]!)
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (!hunk) continue
    const from = Number(hunk[1])
    const size = hunk[2] === undefined ? 1 : Number(hunk[2])
    if (size > 0) changed.set(path, [...(changed.get(path) ?? []), [from, from + size - 1]])
    else if (!changed.has(path)) changed.set(path, [])
  }
  for (const name of git(root, ['ls-files', '--others', '--exclude-standard', '-z'], revision).split('\0'))
    if (name !== '') changed.set(name, [[1, Number.MAX_SAFE_INTEGER]])
  return changed
}

function unquote(path: string): string {
  return path.startsWith('"') ? (JSON.parse(path) as string) : path
}

function git(root: string, args: string[], revision: string): string {
  try {
    return execFileSync('git', ['-c', 'core.quotepath=off', ...args], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Fault('environment', 'no-git', '--since needs git, which is not installed', {
        hint: 'scan without --since',
        cause: error,
      })
    // Git's own word: a revision that is none, a folder that is no repository or belongs to somebody else.
    const said = String((error as { stderr?: string }).stderr ?? '')
      .split('\n')[0]!
      .replace(/^fatal: /, '')
    throw new Fault(
      'usage',
      'not-a-revision',
      `git cannot tell what changed since ${revision} in ${root}: ${said}`,
      {
        hint: 'git log --oneline',
        cause: error,
      },
    )
  }
}
