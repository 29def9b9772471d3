import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from './source.ts'

/** Facts of the project files in the folder of a file or above it, up to the root. Folders are remembered in `known`. */
export function projectOf(root: string, path: string, known: Map<string, Project>): Project {
  if (!/\.(?:cs|vb|fs)$/i.test(path)) return {}
  return folderFacts(root, path.slice(0, path.lastIndexOf('/') + 1), known)
}

function folderFacts(root: string, folder: string, known: Map<string, Project>): Project {
  const before = known.get(folder)
  if (before) return before
  let facts: Project | undefined
  try {
    const file = readdirSync(join(root, folder)).find(name => /\.(?:cs|vb|fs)proj$/i.test(name))
    if (file) facts = readTarget(readFileSync(join(root, folder, file), 'utf8'))
  } catch {
    // A folder that cannot be listed says nothing; the walk has counted it.
  }
  if (!facts)
    facts =
      folder === ''
        ? {}
        : folderFacts(root, folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1), known)
  known.set(folder, facts)
  return facts
}

/** `v4.5.2` is 4.5, `net48` is 4.8; .NET Core and later say nothing here. */
function readTarget(text: string): Project {
  const long = /<TargetFrameworkVersion>\s*v(\d+\.\d+)/i.exec(text)
  if (long) return { dotnetFramework: Number(long[1]) }
  const short = /<TargetFrameworks?>[^<]*?\bnet([1-4])(\d)\d?\b/i.exec(text)
  return short ? { dotnetFramework: Number(`${short[1]}.${short[2]}`) } : {}
}
