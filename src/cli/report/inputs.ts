import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { detectBytes, isCaptureStart, isGzip, isZstd } from '../../observe/capture/detect.ts'
import type { Io } from '../command.ts'
import { type CaptureInput, isCapture } from './from-captures.ts'

export interface Inputs {
  captures: CaptureInput[]
  /** Paths of files. */
  logs: string[]
}

const stdinNames = ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']

/**
 * Tells captures from logs by their content. What can be read only once (`-`, pipes, process substitutions) is looked at without losing its start: a
 * capture is read as it comes, a log is kept as a file in the directory that `workDir` gives, since the engine reads files.
 */
export async function sortInputs(files: readonly string[], workDir: () => string, io: Io): Promise<Inputs> {
  const inputs: Inputs = { captures: [], logs: [] }
  for (const [index, name] of files.entries()) {
    const path = resolve(io.cwd, name)
    const isStdin = stdinNames.includes(name)
    if (!isStdin && !isOnce(path)) {
      if (isCapture(path)) inputs.captures.push({ path })
      else inputs.logs.push(path)
      continue
    }
    const stream = isStdin ? io.stdin : createReadStream(path)
    if (await startsCapture(stream)) inputs.captures.push({ path: isStdin ? 'stdin' : name, stream })
    else {
      const kept = join(workDir(), `${index === 0 ? '' : `${index}-`}${isStdin ? 'stdin' : 'pipe'}`)
      await pipeline(stream, createWriteStream(kept))
      inputs.logs.push(kept)
    }
  }
  return inputs
}

/** A pipe or a socket: neither a file nor a folder. What is missing is for others to say. */
function isOnce(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.isFIFO() || found.isSocket())
}

/** Looks at the first bytes and puts them back. */
async function startsCapture(stream: Readable): Promise<boolean> {
  const chunks: Buffer[] = []
  let isOne = false
  for (;;) {
    const chunk: Buffer | null = stream.read()
    if (chunk === null) {
      if (stream.readableEnded || stream.destroyed || !(await moreOf(stream))) break
      continue
    }
    chunks.push(chunk)
    const start = Buffer.concat(chunks)
    isOne = isCaptureStart(start)
    const isCompressed = isGzip(start) || isZstd(start)
    if (isOne || start.length >= detectBytes || (start.length >= 4 && !isCompressed)) break
  }
  if (chunks.length > 0) stream.unshift(Buffer.concat(chunks))
  return isOne
}

/** False at the end. */
function moreOf(stream: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void) => () => {
      for (const [event, listener] of listeners) stream.off(event, listener)
      how()
    }
    const listeners: [string, (error?: unknown) => void][] = [
      ['readable', settle(() => resolve(true))],
      ['end', settle(() => resolve(false))],
      ['close', settle(() => resolve(false))],
      [
        'error',
        error => {
          for (const [event, listener] of listeners) stream.off(event, listener)
          reject(error)
        },
      ],
    ]
    for (const [event, listener] of listeners) stream.once(event, listener)
  })
}
