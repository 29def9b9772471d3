import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid, kill, pid } from 'node:process'
import { dayMs } from '../base/time.ts'

/** A process number may belong to another container that shares the folder: only what nobody touched for a day is taken for abandoned. */
const abandonedAfterMs = dayMs

/**
 * A folder in the system's temporary folder for what this process works with; the caller removes it. What processes left behind that were killed
 * before they could is removed here.
 */
export function workFolder(purpose: 'demo' | 'ingest' | 'links' | 'report', nowMs = Date.now()): string {
  removeAbandoned(nowMs)
  return mkdtempSync(join(tmpdir(), `tlsunset-${purpose}-${pid}-`))
}

function removeAbandoned(nowMs: number) {
  for (const name of readdirSync(tmpdir())) {
    const owner = /^tlsunset-[a-z]+-(\d+)-\w{6}$/.exec(name)?.[1]
    if (owner === undefined || isRunning(Number(owner))) continue
    const path = join(tmpdir(), name)
    try {
      const { mtimeMs, uid } = lstatSync(path)
      if (nowMs - mtimeMs > abandonedAfterMs && uid === (getuid?.() ?? uid))
        rmSync(path, { recursive: true, force: true })
    } catch {
      // Gone meanwhile, or not ours to remove.
    }
  }
}

function isRunning(process: number): boolean {
  try {
    kill(process, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
