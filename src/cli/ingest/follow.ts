import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../base/fault.ts'
import { plural, printable } from '../../base/text.ts'
import { secondMs } from '../../base/time.ts'
import type { FileAnswer } from '../../server/take-in-any.ts'
import type { IntakeOptions } from '../../store/log-intake.ts'
import type { Io } from '../command.ts'
import type { Told } from './run.ts'

/** So often new logs are looked for that fit what was named. */
const expandEveryMs = 10 * secondMs
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
 * on at the same line. When a log is rotated away or cut, what it was is looked for beside it, by its file number and by the names that
 * rotation gives, packed or not: the rest of what was read, and whole logs that came and went unseen since.
 * `expand` tells which logs there are now.
 */
export async function follow(
  expand: () => readonly string[],
  io: Io,
  take: (path: string, mode: Mode) => Promise<FileAnswer | Fault>,
  everyMs = secondMs,
): Promise<Told> {
  const answers = new Map<string, FileAnswer | Fault>()
  const seen = new Map<string, Followed>()
  const looked = new Map<string, { state: string; isKnown: boolean }>()
  let paths = expand()
  let expandedMs = io.now()
  io.stderr.write(`tlsunset: following ${plural(paths.length, 'log')}; Ctrl-C ends\n`)
  for (;;) {
    if (io.now() - expandedMs > expandEveryMs) {
      paths = expand()
      expandedMs = io.now()
    }
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
    let now = statSync(path, { throwIfNoEntry: false })
    const isOther = before === undefined || !now || now.ino !== before.inode || now.size < before.size
    const restUntilMs = isOther ? io.now() + rotationMs : before.restUntilMs
    // First the rest of the old log, then the new one: that is the order in which they were written.
    if (io.now() < restUntilMs) {
      await takeRest(path, before?.inode)
      const then = statSync(path, { throwIfNoEntry: false })
      // Rotated again meanwhile: the next look starts there.
      if (then?.ino !== now?.ino) return
      now = then
    }
    const inode = now?.ino ?? before?.inode ?? 0
    const size = now?.size ?? before?.size ?? 0
    seen.set(path, { inode, size, restUntilMs })
    if (now && now.size > 0 && (isOther || now.size > before.size))
      add(path, await take(path, { live: true }))
  }

  /** The newest logs first, down to the one of which something was read: what is newer than that came and went unseen. */
  async function takeRest(path: string, inode: number | undefined): Promise<void> {
    const unseen: string[] = []
    for (const { beside, state } of rotatedFrom(path, inode, paths)) {
      let known = looked.get(beside)
      if (known?.state !== state) {
        const answer = await take(beside, { live: true, onlyGrown: true })
        // What is being packed cannot be read yet; it is looked at again as it changes.
        if (answer instanceof Fault) continue
        known = { state, isKnown: answer.part !== 'apart' }
        looked.set(beside, known)
        add(path, answer)
      }
      if (!known.isKnown) unseen.push(beside)
      else {
        for (const whole of unseen.reverse()) {
          looked.delete(whole)
          add(path, await take(whole, { live: true }))
        }
        return
      }
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

/** Files beside a log that it may have become, the one that was written last first. */
function rotatedFrom(
  path: string,
  inode: number | undefined,
  others: readonly string[],
): { beside: string; state: string }[] {
  const [directory, name] = [dirname(path), basename(path)]
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const stem = name.replace(/\.[^.]+$/, '')
  const number = '[.-]\\d[\\d.:_-]*'
  const packed = '(\\.(gz|zst|xz|bz2|lz4))?'
  // access.log.1, access.log-20261122.gz, access-20261122.log, access.1.log
  const rotated = new RegExp(
    `^(${escaped(name)}${number}|${escaped(stem)}${number}${escaped(name.slice(stem.length))})${packed}$`,
  )
  if (!statSync(directory, { throwIfNoEntry: false })) return []
  const found: { beside: string; state: string; writtenMs: number }[] = []
  for (const other of readdirSync(directory)) {
    const beside = join(directory, other)
    if (other === name || others.includes(beside)) continue
    const stat = statSync(beside, { throwIfNoEntry: false })
    if (!stat?.isFile() || stat.size === 0 || !(rotated.test(other) || stat.ino === inode)) continue
    found.push({ beside, state: `${stat.ino} ${stat.size}`, writtenMs: stat.mtimeMs })
  }
  return found.sort((a, b) => b.writtenMs - a.writtenMs)
}

function sumOf(a: FileAnswer['skips'], b: FileAnswer['skips']): FileAnswer['skips'] {
  const sum = { ...a }
  for (const [why, skip] of Object.entries(b)) {
    const known = sum[why]
    sum[why] = known ? { ...known, lines: known.lines + skip.lines } : skip
  }
  return sum
}
