import type { Readable } from 'node:stream'
import { Fault } from '../base/fault.ts'
import { minuteMs } from '../base/time.ts'
import type { AccountsFrom } from '../observe/attribute.ts'
import { openLogFile } from '../store/files.ts'
import type { Store } from '../store/store.ts'
import { skips } from '../store/usage.ts'
import { type FileTaken, takeInFile } from './take-in.ts'
import { takeInCapture } from './take-in-capture.ts'

/** What became of a file, with the lines that gave nothing, by reason. */
export type FileAnswer = FileTaken & { skips: Record<string, { lines: number; line: number }> }

export interface FileAsked {
  path: string
  /** As people know it. */
  name: string
  /** A capture rather than a log. */
  capture: boolean
}

export interface TakeInOptions {
  sourceId?: string
  accountsFrom?: AccountsFrom
  /** A directory for what is in the way only while a file is read. */
  workDir(): string
  now(): number
  /** What a running capture, path `-`, is read from. */
  stdin?: Readable
}

/** Takes in one file, log or capture. What is wrong with the file itself is an answer, so that the next one can be tried. */
export async function takeInAny(
  store: Store,
  { path, name, capture }: FileAsked,
  options: TakeInOptions,
): Promise<FileAnswer | Fault> {
  const fromMs = options.now() - minuteMs
  try {
    const taken = capture
      ? await takeInCapture(store, path, options)
      : await takeInFile(store, openLogFile(path, options.workDir, name), options)
    const told = taken.before || taken.skipped === 0
    const found = told ? [] : await skips(store.db, { fromMs, toMs: options.now() + minuteMs }, taken.batch)
    return {
      ...taken,
      name,
      skips: Object.fromEntries(found.map(({ why, lines, line }) => [why, { lines, line }])),
    }
  } catch (error) {
    if (error instanceof Fault && error.kind === 'input') return error
    throw error
  }
}
