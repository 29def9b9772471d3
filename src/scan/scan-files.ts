import type { Helper, Helpers } from './helpers.ts'
import { prefilterOf } from './prefilter.ts'
import { type Batch, type FileReader, fileReader } from './read-files.ts'
import type { ScanOptions, ScanResult } from './scan.ts'
import { Skips, walk } from './walk.ts'

/** What `scanTree` does once it is loaded. */
export async function scanFiles(root: string, options: ScanOptions, helpers: Helpers): Promise<ScanResult> {
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
  const read = fileReader(root, options, prefilterOf(options.inherits === true))
  if (options.named) take(read(options.only ?? [], 'named'))
  else await shareOut(batches, read, helpers, take, options.signal)
  result.findings.sort((a, b) =>
    a.place.path < b.place.path ? -1 : a.place.path > b.place.path ? 1 : a.place.start - b.place.start,
  )
  result.skips = [...skips.byReason.values()].sort((a, b) => b.count - a.count)
  return result
}

/** How many messages a helper has at hand: it answers several while this thread is busy with one batch. */
const atHand = 3

/** How many of the files that passed are handed over at a time, to save messages. */
const portion = 8

/**
 * This thread walks, reads and filters; the helpers parse what passes, and do all of it when they have nothing to parse. So the parser is loaded and
 * compiled by those who use it most, no processor waits for another, and at the end everyone parses.
 */
async function shareOut(
  batches: Iterable<readonly string[]>,
  read: FileReader,
  helpers: Helpers,
  take: (batch: Batch) => void,
  signal: AbortSignal | undefined,
) {
  const source = batches[Symbol.iterator]()
  let isWalked = false
  const next = () => {
    const { value, done } = source.next()
    isWalked = done === true
    return value as readonly string[] | undefined
  }
  const candidates: string[] = []
  const supply = (helper: Helper) => {
    while (helper.waiting < atHand) {
      // Single ones when few are left, so that all end together.
      const sifted = candidates.splice(
        0,
        isWalked ? Math.min(portion, (candidates.length >> 4) + 1) : portion,
      )
      const paths = sifted.length > 0 ? sifted : next()
      if (!paths) return
      helper.give(paths, sifted.length > 0 ? 'scan' : 'both')
    }
  }
  helpers.answerTo(take)
  for (let files = 0; !signal?.aborted; ) {
    helpers.check()
    helpers.start(files)
    for (const helper of helpers.all) supply(helper)
    const batch = next()
    if (batch) {
      files += batch.length
      const sifted = read(batch, 'sift')
      take(sifted)
      candidates.push(...sifted.candidates)
    } else if (candidates.length > 0) take(read(candidates.splice(0, 1), 'scan'))
    else if (helpers.areBusy) await helpers.answer()
    else return
    if (helpers.all.length > 0) await new Promise(resolve => setImmediate(resolve))
  }
}
