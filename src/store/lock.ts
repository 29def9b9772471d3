import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'

/** Gives the lock back; a second call does nothing. */
export type Release = () => void

/**
 * Takes a directory for this process alone, by a file with its process id. A lock whose process is gone is taken over.
 * Throws an environment Fault that names the holder.
 */
export function lockDirectory(directory: string, name = 'lock'): Release {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, name)
  for (let attempt = 0; attempt < 3; attempt++) {
    const release = take(file)
    if (release) return release
    const holder = holderOf(file)
    if (holder !== undefined)
      throw new Fault('environment', 'store-locked', `${directory} is in use by process ${holder}`, {
        hint: `ask that process, or end it first: kill ${holder}`,
      })
    rmSync(file, { force: true })
  }
  throw new Fault('environment', 'store-locked', `${directory} is being taken by several processes at once`, {
    hint: 'try again',
  })
}

function take(file: string): Release | undefined {
  let handle: number
  try {
    handle = openSync(file, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw new Fault('environment', 'store-not-writable', `cannot write ${file}`, { cause: error })
  }
  writeSync(handle, `${process.pid} ${startOf(process.pid)}\n`)
  closeSync(handle)
  heldHere.add(file)
  return () => {
    if (heldHere.delete(file)) rmSync(file, { force: true })
  }
}

const heldHere = new Set<string>()

/** The process that holds the lock; undefined when it is gone. Ids are used again, in containers at once, so its start counts too. */
function holderOf(file: string): number | undefined {
  if (heldHere.has(file)) return process.pid
  let words: string[]
  try {
    words = readFileSync(file, 'utf8').trim().split(' ')
  } catch {
    return undefined
  }
  const pid = Number(words[0])
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return undefined
  return startOf(pid) === (words[1] ?? '') ? pid : undefined
}

/** A process that may not be signalled (EPERM) is alive too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process was started, in ticks since boot: field 22 of proc(5) stat. Empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
