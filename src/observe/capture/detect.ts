import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { constants, gunzipSync } from 'node:zlib'
import { Decompress } from 'fzstd'
import { isCaptureMagic } from './container.ts'

/** Enough of a file that its first bytes can be told through compression: a zstd block is at most 128 KiB (RFC 8878 section 3.1.1.2.3). */
export const detectBytes = 2 ** 18

/** Whether a file is a capture, by its content, also in gzip or zstd. What is no regular file, or cannot be read: no. */
export function isCaptureFile(path: string): boolean {
  const start = startOf(path)
  return start !== null && isCaptureStart(start)
}

/** Whether a file is text, as a log is, also in gzip or zstd. What is no regular file, or cannot be read: no. */
export function isTextFile(path: string): boolean {
  const plain = plainStart(startOf(path) ?? none).subarray(0, textBytes)
  return plain.length > 0 && plain.every(byte => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

/** So much without a control character is text. */
const textBytes = 1000

function startOf(path: string): Uint8Array | null {
  const start = new Uint8Array(detectBytes)
  try {
    // Before it is opened: a pipe can be opened only once.
    if (!statSync(path).isFile()) return null
    const file = openSync(path, 'r')
    try {
      return start.subarray(0, readSync(file, start, 0, start.length, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}

/** Whether these bytes are the start of a capture; of compressed ones as many as there are, up to `detectBytes`, make it surer. */
export function isCaptureStart(bytes: Uint8Array): boolean {
  const plain = plainStart(bytes)
  if (plain.length < 4) return false
  return isCaptureMagic(new DataView(plain.buffer, plain.byteOffset).getUint32(0))
}

function plainStart(bytes: Uint8Array): Uint8Array {
  return isGzip(bytes) ? unzipped(bytes) : isZstd(bytes) ? unpacked(bytes) : bytes
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

export function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd
}

/** As much as can be had of data that stops somewhere. */
function unzipped(bytes: Uint8Array): Uint8Array {
  try {
    // A start is enough, and bounds what a small file can unpack to.
    return gunzipSync(bytes.subarray(0, 2 ** 12), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 2 ** 23,
    })
  } catch {
    return none
  }
}

function unpacked(bytes: Uint8Array): Uint8Array {
  let first: Uint8Array = none
  const unpack = new Decompress(chunk => {
    if (first.length === 0) first = chunk
  })
  try {
    unpack.push(bytes.slice())
  } catch {
    // What came before the error counts.
  }
  return first
}

const none = new Uint8Array(0)
