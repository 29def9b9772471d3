import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Ran {
  /** Null when it was ended by us for taking too long. */
  exit: number | null
  stdout: string
  stderr: string
}

export interface Invocation {
  file: string
  args: string[]
  env?: Record<string, string | undefined>
  cwd?: string
  /** Written to standard input; absent: closed at once. */
  input?: string
  /** Absent: 30 seconds. */
  timeoutMs?: number
}

/**
 * Runs a program to its end, or ends its process group when that takes too long. Output goes through files, not pipes: Wine's services inherit
 * standard output and would keep a pipe open.
 */
export async function run({ file, args, env, cwd, input, timeoutMs = 30_000 }: Invocation): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'tlsunset-run-'))
  const outPath = join(folder, 'out')
  const errPath = join(folder, 'err')
  const out = openSync(outPath, 'w')
  const err = openSync(errPath, 'w')
  const child = spawn(file, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', out, err],
    detached: true,
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  })
  closeSync(out)
  closeSync(err)
  if (input !== undefined) child.stdin!.on('error', () => {}).end(input)
  const timer = setTimeout(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {}
  }, timeoutMs)
  const exit = await new Promise<number | null>(resolve => {
    child.once('error', () => resolve(127))
    child.once('exit', code => resolve(code))
  })
  clearTimeout(timer)
  const ran = { exit, stdout: readFileSync(outPath, 'utf8'), stderr: readFileSync(errPath, 'utf8') }
  rmSync(folder, { recursive: true, force: true })
  return ran
}
