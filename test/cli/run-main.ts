import { Readable, Writable } from 'node:stream'
import { main } from '../../src/cli/main.ts'

export interface Said {
  exit: number
  stdout: string
  stderr: string
}

/** Runs a command line in process, without a terminal. `nowMs` is the clock. */
export async function runMain(
  argv: readonly string[],
  {
    cwd = process.cwd(),
    nowMs = Date.now(),
    stdin = '',
  }: { cwd?: string; nowMs?: number; stdin?: string | Uint8Array } = {},
): Promise<Said> {
  const said = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += String(chunk)
        done()
      },
    })
  const exit = await main(argv, {
    stdin: Readable.from([stdin]),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    cwd,
    now: () => nowMs,
    signal: new AbortController().signal,
  })
  return { exit, ...said }
}
