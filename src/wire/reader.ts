import { type Bad, bad } from '../base/result.ts'
import { listOf } from './repeated.ts'

/**
 * A cursor over bytes that cannot be trusted. Reading past `end` gives 0 or nothing and sets `failed` to the first place where something was
 * missing; callers read on and look at `failed` once. Nothing is allocated by a length that was not checked against `end`.
 */
export interface Reader {
  readonly bytes: Uint8Array
  /** Offset of the next byte. */
  at: number
  /** One past the last byte that may be read: the end of the innermost vector. */
  end: number
  failed: Bad | null
}

export function readerOf(bytes: Uint8Array, at = 0, end = bytes.length): Reader {
  return { bytes, at, end, failed: null }
}

export function fail(reader: Reader, want: string, at = reader.at): void {
  reader.failed ??= bad(at, want)
  reader.at = reader.end
}

export function readU8(reader: Reader, want: string): number {
  if (reader.at + 1 > reader.end) {
    fail(reader, want)
    return 0
  }
  return reader.bytes[reader.at++]!
}

export function readU16(reader: Reader, want: string): number {
  const { bytes, at } = reader
  if (at + 2 > reader.end) {
    fail(reader, want)
    return 0
  }
  reader.at = at + 2
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** A view, not a copy; empty when there are fewer bytes. */
export function readBytes(reader: Reader, size: number, want: string): Uint8Array {
  const { at } = reader
  if (at + size > reader.end) {
    fail(reader, want)
    return reader.bytes.subarray(0, 0)
  }
  reader.at = at + size
  return reader.bytes.subarray(at, at + size)
}

export function skipBytes(reader: Reader, size: number, want: string): void {
  if (reader.at + size > reader.end) fail(reader, want)
  else reader.at += size
}

/** The end of a vector whose length stands in 1 or 2 bytes at the cursor; the cursor then stands at its first byte. */
export function readVectorEnd(reader: Reader, lengthSize: 1 | 2, want: string): number {
  const start = reader.at
  const size = lengthSize === 1 ? readU8(reader, want) : readU16(reader, want)
  if (reader.at + size > reader.end) fail(reader, `${want} of ${size} bytes`, start)
  return reader.failed ? reader.end : reader.at + size
}

/** A vector of 16-bit numbers. The list is shared with others that are the same: it must not be changed. */
export function readU16List(reader: Reader, lengthSize: 1 | 2, want: string): number[] {
  const start = reader.at
  const end = readVectorEnd(reader, lengthSize, want)
  if ((end - reader.at) % 2 !== 0) fail(reader, `${want} of an even number of bytes`, start)
  if (reader.failed) return []
  const { at } = reader
  reader.at = end
  return listOf(reader.bytes, at, end, 2)
}

/** A vector of bytes, as numbers; its length stands in one byte. The list is shared with others that are the same: it must not be changed. */
export function readU8List(reader: Reader, want: string): number[] {
  const end = readVectorEnd(reader, 1, want)
  if (reader.failed) return []
  const { at } = reader
  reader.at = end
  return listOf(reader.bytes, at, end, 1)
}
