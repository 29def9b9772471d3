import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Fault } from '../../base/fault.ts'
import { detectBytes, isCaptureStart, isGzip, isZstd } from '../../observe/capture/detect.ts'
import type { Io } from '../command.ts'
import { expandPaths } from '../expand-paths.ts'
import { isOfFile } from '../faults.ts'
import type { LogInput } from '../read-logs.ts'
import { type CaptureInput, isCapture } from './from-captures.ts'

export interface Inputs {
  captures: CaptureInput[]
  logs: LogInput[]
  /** What was named and is not there. */
  faults: Fault[]
}

const stdinNames = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']

/**
 * Opens folders and patterns, and tells captures from logs by their content. What can be read only once (`-`, pipes, process substitutions) is looked at without losing its start: a
 * capture is read as it comes, a log is kept as a file in the directory that `workDir` gives, since the engine reads files.
 */
export async function sortInputs(files: readonly string[], workDir: () => string, io: Io): Promise<Inputs> {
  const inputs: Inputs = { captures: [], logs: [], faults: [] }
  const names = files.flatMap(name => filesOf(name, io.cwd, inputs.faults))
  for (const [index, name] of names.entries()) {
    const path = resolve(io.cwd, name)
    const isStdin = stdinNames.includes(name)
    if (!isStdin && !isOnce(path)) {
      if (isCapture(path)) inputs.captures.push({ path })
      else inputs.logs.push({ path, name: path })
      continue
    }
    const { stream, isOne } = await lookAt(isStdin ? io.stdin : createReadStream(path))
    if (isOne) inputs.captures.push({ path: isStdin ? 'stdin' : name, stream })
    else {
      const kept = join(workDir(), `${index === 0 ? '' : `${index}-`}${isStdin ? 'stdin' : 'pipe'}`)
      await pipeline(stream, createWriteStream(kept))
      inputs.logs.push({ path: kept, name: isStdin ? 'stdin' : name })
    }
  }
  return inputs
}

/** The files that a folder or a pattern stands for; anything else is left to whoever reads it. */
function filesOf(name: string, cwd: string, faults: Fault[]): string[] {
  const found = statSync(resolve(cwd, name), { throwIfNoEntry: false })
  if (found ? !found.isDirectory() : !/[*?]/.test(name)) return [name]
  try {
    return expandPaths([name], cwd)
  } catch (error) {
    if (!isOfFile(error)) throw error
    faults.push(error)
    return []
  }
}

/** A pipe or a socket: neither a file nor a folder. What is missing is for others to say. */
function isOnce(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.isFIFO() || found.isSocket())
}

/** Whether a stream starts a capture, and the stream with the bytes that were looked at. */
async function lookAt(stream: Readable): Promise<{ stream: Readable; isOne: boolean }> {
  let start = Buffer.alloc(0)
  for (;;) {
    const chunk: Buffer | string | null = stream.read()
    if (chunk === null) {
      if (!stream.readableEnded && !stream.destroyed && (await moreOf(stream))) continue
      return { stream: Readable.from([start], { objectMode: false }), isOne: isCaptureStart(start) }
    }
    start = Buffer.concat([start, typeof chunk === 'string' ? Buffer.from(chunk) : chunk])
    const isOne = isCaptureStart(start)
    const isCompressed = isGzip(start) || isZstd(start)
    if (isOne || start.length >= detectBytes || (start.length >= 4 && !isCompressed)) {
      stream.unshift(start)
      return { stream, isOne }
    }
  }
}

/** False at the end. */
function moreOf(stream: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const yes = () => settle(() => resolve(true))
    const no = () => settle(() => resolve(false))
    const failed = (error: Error) => settle(() => reject(error))
    const settle = (how: () => void) => {
      stream.off('readable', yes).off('end', no).off('close', no).off('error', failed)
      how()
    }
    stream.on('readable', yes).on('end', no).on('close', no).on('error', failed)
  })
}
