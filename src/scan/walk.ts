import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cwd } from 'node:process'
import { type IgnoreFile, isIgnored, readIgnore } from './ignore.ts'
import { isProgram, isProse } from './language.ts'

/** Why a file or folder was not read. */
export type SkipReason =
  | 'ignored'
  | 'vendored'
  | 'symlink'
  | 'unreadable'
  | 'special'
  | 'binary'
  | 'too large'
  | 'minified'
  | 'document'

export interface Skip {
  reason: SkipReason
  count: number
  /** The first few, for the reader. */
  samples: string[]
}

export class Skips {
  readonly byReason = new Map<SkipReason, Skip>()
  add(reason: SkipReason, path: string, count = 1) {
    const skip = this.byReason.get(reason)
    if (!skip) this.byReason.set(reason, { reason, count, samples: [path] })
    else {
      skip.count += count
      if (skip.samples.length < 5) skip.samples.push(path)
    }
  }
}

const vendored = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'third_party',
  'third-party',
  'thirdparty',
  'site-packages',
  '.venv',
  'venv',
  '.tox',
  'Pods',
  'Carthage',
  '.gradle',
  '.terraform',
  'jspm_packages',
])
const internal = new Set(['.git', '.hg', '.svn', '.jj'])
const binaryName =
  /\.(?:png|jpe?g|gif|bmp|ico|icns|webp|avif|tiff?|psd|ai|pdf|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|ear|class|dll|exe|so|dylib|a|o|obj|lib|pdb|wasm|nupkg|snk|ttf|otf|woff2?|eot|mp[34]|m4[av]|mov|avi|mkv|webm|ogg|wav|flac|docx?|xlsx?|pptx?|odt|pyc|pyo|mo|node|bin|dat|db|sqlite3?|mdb|pfx|p12|jks|keystore|parquet|avro|onnx|pb|pcap|pcapng|swf|apk|ipa|dmg|iso|img|deb|rpm|msi|cab)$/i

export interface WalkOptions {
  /** Read folders of other people's code too. */
  vendored?: boolean
  /** Leave .gitignore aside. */
  noIgnore?: boolean
}

/**
 * Paths of the files worth reading under a folder, with forward slashes, in batches, level by level: so what is worth parsing turns up all along
 * rather than where one folder is full of it. Symbolic links are never followed; what is passed over is counted with its reason.
 */
export function* walk(root: string, options: WalkOptions, skips: Skips, batchSize = 128): Iterable<string[]> {
  let batch: string[] = []
  const folders: { path: string; ignores: readonly IgnoreFile[] }[] = [
    { path: '', ignores: options.noIgnore ? [] : rootIgnores(root) },
  ]
  const folder = folderOf(root)
  for (const { path, ignores } of folders) {
    let entries: Dirent[]
    try {
      entries = readdirSync(folder + path || '.', { withFileTypes: true })
    } catch {
      skips.add('unreadable', path || '.')
      continue
    }
    let own = ignores
    if (
      !options.noIgnore &&
      path !== '' &&
      entries.some(entry => entry.name === '.gitignore' && entry.isFile())
    )
      own = withIgnore(root, path, ignores)
    for (const entry of entries) {
      const name = entry.name
      const full = path + name
      if (entry.isDirectory()) {
        if (internal.has(name)) continue
        if (!options.vendored && vendored.has(name)) skips.add('vendored', `${full}/`)
        else if (own.length > 0 && isIgnored(path, name, true, own)) skips.add('ignored', `${full}/`)
        else folders.push({ path: `${full}/`, ignores: own })
      } else if (entry.isFile()) {
        const skip = own.length > 0 && isIgnored(path, name, false, own) ? 'ignored' : unreadByName(name)
        if (skip) skips.add(skip, full)
        else {
          batch.push(full)
          if (batch.length >= batchSize) {
            yield batch
            batch = []
          }
        }
      } else skips.add(entry.isSymbolicLink() ? 'symlink' : 'special', full)
    }
  }
  if (batch.length > 0) yield batch
}

/** What a path from the root is put behind to open it: nothing where the root is the folder that this process runs in, which is looked up faster. */
export function folderOf(root: string): string {
  return root === cwd() ? '' : join(root, '/')
}

/** Why a file of this name is not even read. */
function unreadByName(name: string): SkipReason | undefined {
  if (isProgram(name)) return undefined
  if (binaryName.test(name)) return 'binary'
  return isProse(name.toLowerCase()) ? 'document' : undefined
}

function rootIgnores(root: string): IgnoreFile[] {
  const files: IgnoreFile[] = []
  for (const name of ['.git/info/exclude', '.gitignore']) {
    const file = ignoreFile(join(root, name), '')
    if (file) files.push(file)
  }
  return files
}

function withIgnore(root: string, path: string, ignores: readonly IgnoreFile[]): readonly IgnoreFile[] {
  const file = ignoreFile(join(root, path, '.gitignore'), path)
  return file ? [...ignores, file] : ignores
}

function ignoreFile(path: string, base: string): IgnoreFile | undefined {
  try {
    return readIgnore(readFileSync(path, 'utf8'), base)
  } catch {
    return undefined
  }
}
