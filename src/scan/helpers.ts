import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Version } from '../model/version.ts'
import type { Batch, Step } from './read-files.ts'

/** Fewer files are read sooner than a worker is ready. */
const worthHelp = 1000

/** A tree is taken for large if so many of its first folders hold `worthHelp` names. */
const foldersLookedAt = 60

interface HelperOptions {
  floor: Version
  inherits?: boolean
  prefix?: string
}

/** Another thread that reads, filters and parses files. */
export interface Helper {
  /** Messages without an answer yet. */
  waiting: number
  give(paths: readonly string[], step: Step): void
}

/** The threads that share the work of a scan. They are started once, as soon as there is enough to do, and ended with the scan. */
export class Helpers {
  readonly all: Helper[] = []
  readonly #root: string
  readonly #options: HelperOptions
  readonly #count: number
  readonly #workers: Worker[] = []
  #take: (batch: Batch) => void = () => {}
  #wake = () => {}
  #failure: Error | undefined

  constructor(root: string, options: HelperOptions, count: number) {
    this.#root = root
    this.#options = options
    this.#count = count
  }

  /** A thread takes as long to start as this one takes to load what it reads files with; a look at the first folders says whether it is worth it. */
  startIfLarge(): void {
    if (this.#count > 0 && looksLarge(this.#root)) this.start(worthHelp)
  }

  /** Starts the threads, once, when so many files are known. */
  start(files: number): void {
    if (files < worthHelp) return
    while (this.all.length < this.#count) this.#startOne()
  }

  #startOne() {
    const worker = new Worker(new URL('./scan-worker.js', import.meta.url), {
      workerData: {
        root: this.#root,
        floor: this.#options.floor,
        inherits: this.#options.inherits === true,
        prefix: this.#options.prefix ?? '',
      },
    })
    const helper: Helper = {
      waiting: 0,
      give: (paths, step) => {
        helper.waiting++
        worker.postMessage({ paths, step })
      },
    }
    worker.on('message', (batch: Batch) => {
      helper.waiting--
      this.#take(batch)
      this.#wake()
    })
    worker.on('error', error => {
      this.#failure = error
      this.#wake()
    })
    this.#workers.push(worker)
    this.all.push(helper)
  }

  /** Who gets the answers. To be named before anything is given to a helper. */
  answerTo(take: (batch: Batch) => void): void {
    this.#take = take
  }

  /** Throws what ended a thread. */
  check(): void {
    if (this.#failure) throw this.#failure
  }

  get areBusy(): boolean {
    return this.all.some(helper => helper.waiting > 0)
  }

  /** Until the next answer or failure. */
  answer(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()))
  }
}

/** Whether the first folders of a tree hold many names. No means that it is not known yet. */
function looksLarge(root: string): boolean {
  const folders = [root]
  let names = 0
  for (const folder of folders.values()) {
    let entries: Dirent[]
    try {
      entries = readdirSync(folder, { withFileTypes: true })
    } catch {
      continue // The walk tells of it.
    }
    names += entries.length
    if (names >= worthHelp) return true
    for (const entry of entries)
      if (folders.length < foldersLookedAt && entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
        folders.push(join(folder, entry.name))
  }
  return false
}
