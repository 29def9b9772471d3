import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { Fault } from '../base/fault.ts'
import { parseAppConfig } from './config-file.ts'
import { type Assumed, type HostExport, readHostExport } from './host-export.ts'
import { linuxFileOf } from './linux-files.ts'
import { decodeText } from './reg-file.ts'

/** A file that gave no host, and why. */
export interface SkippedFile {
  file: string
  line: number
  reason: string
}

export type FleetItem = { host: HostExport } | { skip: SkippedFile }

const largestBytes = 64 << 20
/**
 * Every host below the given files and folders, one at a time. A configuration file belongs to the only export beside or above it, or to the
 * export whose name it starts with; loose Linux files of one root make one host. Throws a Fault when a path does not exist.
 */
export async function* readFleet(paths: readonly string[], assumed: Assumed = {}): AsyncGenerator<FleetItem> {
  const files = (await Promise.all(paths.map(listFiles))).flat()
  const { exports, configs, loose, skips } = sortFiles(files)
  for (const skip of skips) yield { skip }
  for (const file of exports) yield* readOne(file, configs.get(file) ?? [], assumed)
  for (const [root, members] of loose) yield { host: readLoose(root, members) }
}

async function listFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new Fault('input', 'no-such-file', `no such file or folder: ${path}`)
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? path, entry.name))
    .sort()
}

interface Sorted {
  exports: string[]
  configs: Map<string, string[]>
  loose: Map<string, string[]>
  skips: SkippedFile[]
}

function sortFiles(files: readonly string[]): Sorted {
  const sorted: Sorted = { exports: [], configs: new Map(), loose: new Map(), skips: [] }
  const apps: string[] = []
  const exportsIn = new Map<string, string[]>()
  for (const file of files) {
    if (linuxFileOf(file)) append(sorted.loose, rootOf(file), file)
    else if (/\.config$/i.test(file)) apps.push(file)
    else {
      sorted.exports.push(file)
      append(exportsIn, dirname(file), file)
    }
  }
  for (const file of apps) {
    const owner = ownerOf(file, exportsIn)
    if (owner) append(sorted.configs, owner, file)
    else
      sorted.skips.push({
        file,
        line: 0,
        reason:
          'no export beside it says which Windows it runs on; name it HOST.…config or put it into a folder with the export',
      })
  }
  return sorted
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

function ownerOf(file: string, exportsIn: Map<string, string[]>): string | undefined {
  const name = basename(file).toLowerCase()
  const beside = exportsIn.get(dirname(file)) ?? []
  const named = beside.find(other => {
    const stem = basename(other)
      .replace(/\.\w+$/, '')
      .toLowerCase()
    return name.startsWith(stem) && /^[._-]/.test(name.slice(stem.length))
  })
  if (named) return named
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const here = exportsIn.get(folder) ?? []
    if (here.length === 1) return here[0]
    if (here.length > 1 || dirname(folder) === folder) return undefined
  }
}

/** The folder that stands for the root of the machine: what comes before /etc, /usr and so on. */
function rootOf(file: string): string {
  const place = file.search(/[\\/](etc|usr|opt|lib|var)[\\/]/)
  return place >= 0 ? file.slice(0, place) || '/' : dirname(file)
}

function readOne(file: string, configs: readonly string[], assumed: Assumed): FleetItem[] {
  const bytes = readBounded(file)
  if (typeof bytes === 'string') return [{ skip: { file, line: 0, reason: bytes } }]
  const host = readHostExport(file, bytes, assumed)
  if (!host) {
    const reason =
      'no registry export: line 1 should read "Windows Registry Editor Version 5.00" or "REGEDIT4"'
    return [{ skip: { file, line: 1, reason } }]
  }
  const items: FleetItem[] = [{ host }]
  for (const config of configs) {
    const text = readBounded(config)
    if (typeof text === 'string') {
      items.push({ skip: { file: config, line: 0, reason: text } })
      continue
    }
    // Only its place beside the export is known, not where it stood on the host.
    const parsed = parseAppConfig(relative(dirname(file), config), decodeText(text))
    host.configs.push(parsed)
    for (const { line, want } of parsed.problems)
      items.push({ skip: { file: config, line, reason: `${want} is wanted` } })
  }
  return items
}

function readLoose(root: string, members: readonly string[]): HostExport {
  const host: HostExport = {
    name: basename(root) || 'this machine',
    file: root,
    registry: new Map(),
    linux: { release: 'Linux', facts: new Map(), files: [] },
    dotnet: [],
    powershell: [],
    apps: [],
    configs: [],
    problems: [],
    moreProblems: 0,
    uncovered: [],
    blind: [
      'versions of the libraries are not known from configuration files alone; host collect --for linux records them',
    ],
  }
  for (const path of members) {
    const bytes = readBounded(path)
    if (typeof bytes === 'string') host.problems.push({ line: 0, want: `${path}: ${bytes}` })
    else host.linux!.files.push({ kind: linuxFileOf(path)!, path, text: decodeText(bytes) })
  }
  return host
}

/** The bytes, or why there are none. Files are small and many: reading them one by one costs less than handing each to a thread. */
function readBounded(file: string): Uint8Array | string {
  let handle: number | undefined
  try {
    handle = openSync(file, 'r')
    const { size } = fstatSync(handle)
    if (size > largestBytes) return `larger than ${largestBytes >> 20} MiB`
    if (size === 0) return 'empty'
    const bytes = Buffer.allocUnsafe(size)
    return bytes.subarray(0, readSync(handle, bytes, 0, size, 0))
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
