import { type Bad, bad } from '../base/result.ts'

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

/** The end of a vector whose length stands in 1 or 2 bytes at the cursor; the cursor then stands at its first byte. */
export function readVectorEnd(reader: Reader, lengthSize: 1 | 2, want: string): number {
  const start = reader.at
  const size = lengthSize === 1 ? readU8(reader, want) : readU16(reader, want)
  if (reader.at + size > reader.end) fail(reader, `${want} of ${size} bytes`, start)
  return reader.failed ? reader.end : reader.at + size
}

/** The text of bytes, each a character, so that nothing is lost of names that are not ASCII. The same text mostly comes again, and is then not made anew. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let hash = to - from
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193)
  const slot = (hash ^ (hash >>> 15)) & (texts.length - 1)
  const known = texts[slot]!
  if (isText(known, bytes, from, to)) return known
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!)
  if (text.length <= longestKept) texts[slot] = text
  return text
}

/** One text per hash; a power of two of them. */
const texts = new Array<string>(2 ** 10).fill('')
/** The longest host name. */
const longestKept = 255

function isText(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}

/** A vector of 16-bit numbers. */
export function readU16List(reader: Reader, lengthSize: 1 | 2, want: string): number[] {
  const start = reader.at
  const end = readVectorEnd(reader, lengthSize, want)
  if ((end - reader.at) % 2 !== 0) fail(reader, `${want} of an even number of bytes`, start)
  const list: number[] = []
  if (reader.failed) return list
  const { bytes } = reader
  for (let at = reader.at; at < end; at += 2) list.push((bytes[at]! << 8) | bytes[at + 1]!)
  reader.at = end
  return list
}

/** A vector of bytes, as numbers; its length stands in one byte. */
export function readU8List(reader: Reader, want: string): number[] {
  const end = readVectorEnd(reader, 1, want)
  const list: number[] = []
  if (reader.failed) return list
  for (let at = reader.at; at < end; at++) list.push(reader.bytes[at]!)
  reader.at = end
  return list
}
