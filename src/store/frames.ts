import { closeSync, openSync, readSync } from 'node:fs'

/**
 * Whether packed data stops before its end. The engine reads zstd and lz4 up to where they stop and says nothing, so that their frames are
 * walked here, from block header to block header, without unpacking.
 */
export function stopsEarly(path: string, compression: 'zst' | 'lz4', sizeBytes: number): boolean {
  const file = openSync(path, 'r')
  try {
    const at = (from: number, size: number) => {
      const bytes = Buffer.alloc(size)
      return readSync(file, bytes, 0, size, from) === size ? bytes : undefined
    }
    const next = compression === 'zst' ? afterZstdFrame : afterLz4Frame
    let from: number | undefined = 0
    while (from !== undefined && from < sizeBytes) from = next(at, from)
    return from !== sizeBytes
  } finally {
    closeSync(file)
  }
}

type ReadAt = (from: number, size: number) => Buffer | undefined

/** RFC 8878, section 3.1. Undefined when the data stops within the frame, or is no frame. */
function afterZstdFrame(at: ReadAt, from: number): number | undefined {
  const start = at(from, 5)
  if (!start) return undefined
  const magic = start.readUInt32LE(0)
  if (magic >>> 4 === 0x184d2a5) return afterSkipped(at, from)
  if (magic !== 0xfd2fb528) return undefined
  const flags = start[4]!
  const isSingle = (flags & 0x20) !== 0
  const idBytes = [0, 1, 2, 4][flags & 3]!
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!
  let next = from + 5 + (isSingle ? 0 : 1) + idBytes + sizeBytes
  for (;;) {
    const header = at(next, 3)
    if (!header) return undefined
    const bits = header.readUIntLE(0, 3)
    // A block of one repeated byte (type 1) holds that byte only.
    next += 3 + (((bits >> 1) & 3) === 1 ? 1 : bits >> 3)
    if (bits & 1) return next + (flags & 4 ? 4 : 0)
  }
}

/** LZ4 frame format 1.6. */
function afterLz4Frame(at: ReadAt, from: number): number | undefined {
  const start = at(from, 6)
  if (!start) return undefined
  const magic = start.readUInt32LE(0)
  if (magic >>> 4 === 0x184d2a5) return afterSkipped(at, from)
  if (magic !== 0x184d2204) return undefined
  const flags = start[4]!
  const checksum = flags & 0x10 ? 4 : 0
  let next = from + 6 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0) + 1
  for (;;) {
    const header = at(next, 4)
    if (!header) return undefined
    const size = header.readUInt32LE(0) & 0x7fffffff
    next += 4
    if (size === 0) return next + (flags & 4 ? 4 : 0)
    next += size + checksum
  }
}

function afterSkipped(at: ReadAt, from: number): number | undefined {
  const size = at(from + 4, 4)
  return size && from + 8 + size.readUInt32LE(0)
}
