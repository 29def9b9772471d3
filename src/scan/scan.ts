import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Finding } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import { compileLess } from './compile-less.ts'
import { prefilterOf } from './prefilter.ts'
import { type Batch, type FileReader, fileReader } from './read-files.ts'
import { type Skip, Skips, type WalkOptions, walk } from './walk.ts'

export interface ScanOptions extends WalkOptions {
  floor: Version
  /** Look for places that rest on a default too. */
  inherits?: boolean
  /** Only these paths (from the root), without walking. */
  only?: readonly string[]
  /** The one path of `only` was named by a person: why it could not be read is told. */
  named?: boolean
  /** 0 scans in this thread. Default: as many as help. */
  workers?: number
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
  const skips = new Skips()
  const result: ScanResult = { findings: [], ignored: 0, files: 0, bytes: 0, parsed: 0, skips: [] }
  const take = (batch: Batch) => {
    result.findings.push(...batch.findings)
    result.ignored += batch.ignored
    result.files += batch.files
    result.bytes += batch.bytes
    result.parsed += batch.parsed
    for (const skip of batch.skips)
      for (const [k, path] of skip.samples.entries())
        skips.add(skip.reason, path, k === 0 ? skip.count - skip.samples.length + 1 : 1)
  }
  const batches = options.only ? [options.only] : walk(root, options, skips)
  const read = fileReader(root, options.floor, prefilterOf(options.inherits === true))
  if (options.named) take(read(options.only ?? [], 'named'))
  else await shareOut(root, options, batches, read, take)
  result.findings.sort((a, b) =>
    a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : a.place.start - b.place.start,
  )
  result.skips = [...skips.byReason.values()].sort((a, b) => b.count - a.count)
  return result
}

/** Workers load the built JavaScript; under a test runner that compiles on the fly the scan stays in this thread. */
const runsBuilt = import.meta.url.endsWith('.js')

/** Fewer files are read sooner than a worker is ready. */
const worthHelp = 1000

/** How many of the files that passed are handed over at a time, to save messages. */
const portion = 8

interface Helper {
  worker: Worker
  /** Messages without an answer yet. */
  waiting: number
}

/**
 * This thread walks, reads and filters; workers parse what passes, and do all of it when they have nothing to parse. So the parser is loaded and
 * compiled by those who use it most, no processor waits for another, and at the end everyone parses.
 */
async function shareOut(
  root: string,
  options: ScanOptions,
  batches: Iterable<readonly string[]>,
  read: FileReader,
  take: (batch: Batch) => void,
) {
  const source = batches[Symbol.iterator]()
  let isWalked = false
  const next = () => {
    const { value, done } = source.next()
    isWalked = done === true
    return value as readonly string[] | undefined
  }
  const candidates: string[] = []
  const helpers: Helper[] = []
  const count = options.workers ?? (runsBuilt ? Math.min(3, availableParallelism() - 1) : 0)
  let failure: Error | undefined
  let wake = () => {}
  const start = () => {
    const worker = new Worker(new URL('./scan-worker.js', import.meta.url), {
      workerData: { root, floor: options.floor, inherits: options.inherits === true },
    })
    const helper: Helper = { worker, waiting: 0 }
    worker.on('message', (batch: Batch) => {
      helper.waiting--
      take(batch)
      wake()
    })
    worker.on('error', error => {
      failure = error
      wake()
    })
    helpers.push(helper)
  }
  const give = (helper: Helper) => {
    while (helper.waiting < 2) {
      // Single ones when few are left, so that all end together.
      const sifted = candidates.splice(
        0,
        isWalked ? Math.min(portion, (candidates.length >> 4) + 1) : portion,
      )
      const paths = sifted.length > 0 ? sifted : next()
      if (!paths) return
      helper.waiting++
      helper.worker.postMessage({ paths, step: sifted.length > 0 ? 'scan' : 'both' })
    }
  }
  try {
    for (let files = 0; !options.signal?.aborted; ) {
      if (failure) throw failure
      if (files > worthHelp) while (helpers.length < count) start()
      for (const helper of helpers) give(helper)
      const batch = next()
      if (batch) {
        files += batch.length
        const sifted = read(batch, 'sift')
        take(sifted)
        candidates.push(...sifted.candidates)
      } else if (candidates.length > 0) take(read(candidates.splice(0, 1), 'scan'))
      else if (helpers.some(helper => helper.waiting > 0))
        await new Promise<void>(resolve => {
          wake = resolve
        })
      else return
      if (helpers.length > 0) await new Promise(resolve => setImmediate(resolve))
    }
  } finally {
    await Promise.all(helpers.map(({ worker }) => worker.terminate()))
  }
}
