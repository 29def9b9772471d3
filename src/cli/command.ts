import type { Readable, Writable } from 'node:stream'
import type { ExitCode } from '../base/fault.ts'

/** The world as a command sees it; nothing below the command line touches `process`. */
export interface Io {
  stdin: Readable
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean; columns?: number }
  env: Record<string, string | undefined>
  cwd: string
  now(): number
  /** Aborts on Ctrl-C and SIGTERM. */
  signal: AbortSignal
}

export interface Flag {
  /** Long name without dashes: `json`, `floor`. */
  name: string
  short?: string
  /** Name of the value in help: absent for a switch. */
  value?: string
  /** May be given several times; the value is then an array. */
  many?: boolean
  help: string
  default?: string
  choices?: readonly string[]
}

export interface Arg {
  name: string
  help: string
  required?: boolean
  many?: boolean
}

export type FlagValues = Record<string, string | boolean | string[] | undefined>

/**
 * A command is data plus `run`. Files in `commands/` import no feature statically: `run` loads what it needs, so that help and wrong usage
 * answer at once.
 */
export interface Command {
  /** `report`, or two words for a command of a group: `host collect`. */
  name: string
  summary: string
  /** A paragraph or two for --help and the reference page. */
  description?: string
  args?: readonly Arg[]
  flags?: readonly Flag[]
  /** Arguments after `--` are handed over untouched in `rest`. */
  takesRest?: boolean
  examples: readonly { run: string; does: string }[]
  run(call: { args: string[]; flags: FlagValues; rest: string[]; io: Io }): Promise<ExitCode>
}
