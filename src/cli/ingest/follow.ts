import { readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../base/fault.ts'
import { plural, printable } from '../../base/text.ts'
import { secondMs } from '../../base/time.ts'
import type { FileAnswer } from '../../server/take-in-any.ts'
import type { IntakeOptions } from '../../store/log-intake.ts'
import type { Io } from '../command.ts'
import type { Told } from './run.ts'

const everyMs = secondMs
/** Rotation may pack what it moved away, and takes its time; so long its traces are looked for. */
const rotationMs = 60 * secondMs

type Mode = Pick<IntakeOptions, 'live' | 'onlyGrown'>

interface Followed {
  inode: number
  size: number
  /** Until then the rest of what was rotated away is looked for. */
  restUntilMs: number
}

/**
 * Takes in what is added to logs until Ctrl-C, whole lines only. Where it stands is in the store: a run after this one, or after a crash, goes
 * on at the same line. When a log is rotated away or cut, the rest of it is looked for beside it, by its file number and by names that begin
 * with its name, packed or not; content that is no continuation of what was read is left alone.
 */
export async function follow(
  paths: readonly string[],
  io: Io,
  take: (path: string, mode: Mode) => Promise<FileAnswer | Fault>,
): Promise<Told> {
  const answers = new Map<string, FileAnswer | Fault>()
  const seen = new Map<string, Followed>()
  const looked = new Map<string, string>()
  io.stderr.write(`tlsunset: following ${plural(paths.length, 'log')}; Ctrl-C ends\n`)
  for (;;) {
    for (const path of paths) {
      if (io.signal.aborted) break
      try {
        await look(path)
      } catch (error) {
        if (!io.signal.aborted) throw error
      }
    }
    if (io.signal.aborted) return { answers: [...answers.values()], left: [] }
    await sleep(everyMs, undefined, { signal: io.signal }).catch(() => {})
  }

  async function look(path: string): Promise<void> {
    const before = seen.get(path)
    const now = statSync(path, { throwIfNoEntry: false })
    const isOther = before === undefined || !now || now.ino !== before.inode || now.size < before.size
    const restUntilMs = isOther ? io.now() + rotationMs : before.restUntilMs
    // First the rest of the old log, then the new one: that is the order in which they were written.
    if (io.now() < restUntilMs) await takeRest(path, before?.inode, now)
    if (!now) {
      if (before) seen.set(path, { ...before, restUntilMs })
      return
    }
    if (!isOther && now.size === before.size) {
      seen.set(path, { ...before, restUntilMs })
      return
    }
    seen.set(path, { inode: now.ino, size: now.size, restUntilMs })
    if (now.size > 0) add(path, await take(path, { live: true }))
  }

  /** What lies beside the log and goes on from what was read of it. */
  async function takeRest(path: string, inode: number | undefined, now: Stats | undefined): Promise<void> {
    const [directory, name] = [dirname(path), basename(path)]
    const names = statSync(directory, { throwIfNoEntry: false }) ? readdirSync(directory) : []
    for (const other of names) {
      const beside = join(directory, other)
      const stat = statSync(beside, { throwIfNoEntry: false })
      if (!stat?.isFile() || stat.size === 0 || beside === path || paths.includes(beside)) continue
      if (stat.ino !== inode && !other.startsWith(name)) continue
      if (stat.ino === now?.ino) continue
      const state = `${stat.ino} ${stat.size} ${stat.mtimeMs}`
      if (looked.get(beside) === state) continue
      looked.set(beside, state)
      const answer = await take(beside, { live: true, onlyGrown: true })
      // What is packed at this moment cannot be read to its end yet; it is looked at again as it changes.
      if (!(answer instanceof Fault) && answer.part === 'grown') add(path, answer)
    }
  }

  function add(path: string, answer: FileAnswer | Fault): void {
    const known = answers.get(path)
    if (answer instanceof Fault) {
      if (!(known instanceof Fault) || known.message !== answer.message)
        io.stderr.write(`tlsunset: warning: ${printable(answer.message)}\n`)
      if (known === undefined) answers.set(path, answer)
      return
    }
    if (answer.part === 'known' || answer.part === 'apart') return
    io.stderr.write(`${printable(answer.name)}: ${plural(answer.observations, 'observation')} more\n`)
    for (const note of answer.notes)
      io.stderr.write(`tlsunset: note: ${printable(`${answer.name} ${note}`)}\n`)
    if (known === undefined || known instanceof Fault) answers.set(path, { ...answer, name: path })
    else
      answers.set(path, {
        ...known,
        observations: known.observations + answer.observations,
        skipped: known.skipped + answer.skipped,
        skips: sumOf(known.skips, answer.skips),
      })
  }
}

function sumOf(a: FileAnswer['skips'], b: FileAnswer['skips']): FileAnswer['skips'] {
  const sum = { ...a }
  for (const [why, skip] of Object.entries(b)) {
    const known = sum[why]
    sum[why] = known ? { ...known, lines: known.lines + skip.lines } : skip
  }
  return sum
}
