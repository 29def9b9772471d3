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
    if (!capture)
      return { ...(await takeInFile(store, openLogFile(path, options.workDir, name), options)), name }
    const taken = await takeInCapture(store, path, options)
    return { ...taken, name, skips: taken.before ? {} : await skipsOf(store, taken) }
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'input' || 'table' in asked)) return error
    throw error
  }
}

async function takeInElsewhere(store: Store, file: LogFile, options: TakeInOptions): Promise<FileAnswer> {
  try {
    return await takeInFile(store, file, options)
  } catch (error) {
    throw isCancelled(error) ? error : explainRemote(error, file.name)
  }
}
