import { availableParallelism } from 'node:os'
import type { Finding } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import { compileLess } from './compile-less.ts'
import { Helpers } from './helpers.ts'
import type { Skip, WalkOptions } from './walk.ts'

export interface ScanOptions extends WalkOptions {
  floor: Version
  /** Look for places that rest on a default too. */
  inherits?: boolean
  /** Only these paths (from the root), without walking. */
  only?: readonly string[]
  /** The one path of `only` was named by a person: why it could not be read is told. */
  named?: boolean
  /** Where the root lies in the project: fingerprints hold paths from there. Empty or ending with a slash. */
  prefix?: string
  signal?: AbortSignal
}

export interface ScanResult {
  findings: Finding[]
  /** Findings set aside by an inline comment. */
  ignored: number
  files: number
  bytes: number
  parsed: number
  skips: Skip[]
}

/** Scans a folder. Findings come in order of path and place, whatever the number of workers. */
export async function scanTree(root: string, options: ScanOptions): Promise<ScanResult> {
  if (runsBuilt) compileLess()
  const helpers = new Helpers(root, options, runsBuilt ? Math.min(3, availableParallelism() - 1) : 0)
  try {
    if (!options.only) helpers.startIfLarge()
    // While this thread loads all the rest, the others do so too.
    const { scanFiles } = await import('./scan-files.ts')
    return await scanFiles(root, options, helpers)
  } finally {
    await helpers.end()
  }
}

/** Workers load the built JavaScript; under a test runner that compiles on the fly the scan stays in this thread. */
const runsBuilt = import.meta.url.endsWith('.js')
