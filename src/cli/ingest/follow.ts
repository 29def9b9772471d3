import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../base/fault.ts'
import type { FileAnswer } from '../../server/take-in-any.ts'
import type { Store } from '../../store/store.ts'
import type { Io } from '../command.ts'
import { type IngestOptions, takeIn } from './run.ts'

const everyMs = 2000

/**
 * Takes in what is added to logs until Ctrl-C. A file that was rotated away is read to its end under the name that rotation gave it
 * (`.1`), one that was cut is read from its start: both are known by content, so that nothing is counted twice.
 */
export async function follow(
  store: Store,
  paths: readonly string[],
  options: IngestOptions,
  work: string,
  io: Io,
): Promise<(FileAnswer | Fault)[]> {
  const answers = new Map<string, FileAnswer | Fault>()
  const seen = new Map<string, { inode: number; size: number }>()
  for (;;) {
    for (const path of paths) {
      const before = seen.get(path)
      const now = statSync(path, { throwIfNoEntry: false })
      if (before && now && now.ino !== before.inode) await add(`${path}.1`)
      if (!now || (before?.inode === now.ino && before.size === now.size)) continue
      seen.set(path, { inode: now.ino, size: now.size })
      await add(path)
    }
    if (io.signal.aborted) return [...answers.values()]
    await sleep(everyMs, undefined, { signal: io.signal }).catch(() => {})
  }

  async function add(path: string): Promise<void> {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return
    const answer = await takeIn(store, path, options, work, io)
    const known = answers.get(path)
    if (answer instanceof Fault || known === undefined || known instanceof Fault) answers.set(path, answer)
    else if (answer.part !== 'known')
      answers.set(path, {
        ...answer,
        observations: known.observations + answer.observations,
        skipped: known.skipped + answer.skipped,
      })
    if (!(answer instanceof Fault) && answer.part !== 'known')
      io.stderr.write(`${answer.name}: ${answer.observations} more\n`)
  }
}
