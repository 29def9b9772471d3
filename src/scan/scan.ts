import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Finding } from '../model/finding.ts'
import type { Version } from '../model/version.ts'
import { prefilterOf } from './prefilter.ts'
import { type Batch, fileReader } from './read-files.ts'
import { type Skip, Skips, type WalkOptions, walk } from './walk.ts'

export interface ScanOptions extends WalkOptions {
  floor: Version
  /** Look for places that rest on a default too. */
  inherits?: boolean
  /** Only these paths (from the root), without walking. */
  only?: readonly string[]
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
  const batches = options.only ? [[...options.only]] : walk(root, options, skips)
  const workers =
    options.workers ?? (runsBuilt && !options.only ? Math.min(4, Math.max(2, availableParallelism())) : 0)
  if (workers === 0) {
    const read = fileReader(root, options.floor, prefilterOf(options.inherits === true))
    for (const batch of batches) {
      if (options.signal?.aborted) break
      take(read(batch))
    }
  } else await inWorkers(root, options, batches, workers, take)
  result.findings.sort((a, b) =>
    a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : a.place.start - b.place.start,
  )
  result.skips = [...skips.byReason.values()].sort((a, b) => b.count - a.count)
  return result
}

/** Workers load the built JavaScript; under a test runner that compiles on the fly the scan stays in this thread. */
const runsBuilt = import.meta.url.endsWith('.js')

/** Hands batches of paths to workers, a few ahead, and takes their findings. */
async function inWorkers(
  root: string,
  options: ScanOptions,
  batches: Iterable<string[]>,
  count: number,
  take: (batch: Batch) => void,
) {
  const source = batches[Symbol.iterator]()
  let ended = false
  const next = (): string[] | undefined => {
    if (ended || options.signal?.aborted) return undefined
    const step = source.next()
    if (step.done) {
      ended = true
      return undefined
    }
    return step.value
  }
  await Promise.all(
    Array.from({ length: count }, () => {
      const worker = new Worker(new URL('./scan-worker.js', import.meta.url), {
        workerData: { root, floor: options.floor, inherits: options.inherits === true },
      })
      return new Promise<void>((resolve, reject) => {
        let waiting = 0
        const feed = () => {
          while (waiting < 3) {
            const batch = next()
            if (!batch) break
            waiting++
            worker.postMessage(batch)
          }
          if (waiting === 0) worker.terminate().then(() => resolve(), reject)
        }
        worker.on('message', (batch: Batch) => {
          waiting--
          take(batch)
          feed()
        })
        worker.on('error', reject)
        worker.once('online', feed)
      })
    }),
  )
}
