import { closeSync, existsSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { Fault } from '../base/fault.ts'
import type { AccountsFrom } from '../observe/attribute.ts'
import { isCancelled } from '../store/database.ts'
import { type LogFile, openLogFile } from '../store/files.ts'
import type { IntakeOptions } from '../store/log-intake.ts'
import { explainRemote } from '../store/remote.ts'
import type { Store } from '../store/store.ts'
import { type FileTaken, skipsOf, takeInFile } from './take-in.ts'
import { takeInCapture } from './take-in-capture.ts'

/** What became of a file. */
export type FileAnswer = FileTaken

export interface FileAsked {
  path: string
  /** As people know it. */
  name: string
  /** A capture rather than a log. */
  capture: boolean
}

export interface TakeInOptions extends IntakeOptions {
  sourceId?: string
  accountsFrom?: AccountsFrom
  now(): number
  /** What a running capture, path `-`, is read from. */
  stdin?: Readable
}

/** Takes in one file, log or capture. What is wrong with the file itself is an answer, so that the next one can be tried. */
export async function takeInAny(
  store: Store,
  asked: FileAsked | LogFile,
  options: TakeInOptions,
): Promise<FileAnswer | Fault> {
  try {
    if ('table' in asked) return await takeInElsewhere(store, asked, options)
    const { path, name, capture } = asked as FileAsked
    if (!capture) return await takeInPinned(store, path, name, options)
    const taken = await takeInCapture(store, path, options)
    return { ...taken, name, skips: taken.before ? {} : await skipsOf(store, taken) }
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'input' || 'table' in asked)) return error
    throw error
  }
}

/**
 * A log may be renamed while it is read, and another one stand there under its name: where the system has names for open files (Linux), the
 * one that was opened is read to its end.
 */
async function takeInPinned(
  store: Store,
  path: string,
  name: string,
  options: TakeInOptions,
): Promise<FileAnswer> {
  // Says what is wrong with a file that cannot be opened.
  const found = openLogFile(path, options.workDir, name)
  const handle = openSync(path, 'r')
  try {
    const opened = `/proc/${process.pid}/fd/${handle}`
    const file = existsSync(opened) ? openLogFile(opened, options.workDir, name) : found
    return await takeInFile(store, file, options)
  } finally {
    closeSync(handle)
  }
}

async function takeInElsewhere(store: Store, file: LogFile, options: TakeInOptions): Promise<FileAnswer> {
  try {
    return await takeInFile(store, file, options)
  } catch (error) {
    throw isCancelled(error) ? error : explainRemote(error, file.name)
  }
}
