import { type FileHandle, open } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import { Fault } from '../../base/fault.ts'
import { whyUnreadable } from '../../base/unreadable.ts'
import { isGzip, isZstd } from './detect.ts'

/** Large enough that a read costs more than asking for it, small enough to stay in the processor's cache. */
const readBytes = 2 ** 19

/**
 * The bytes of a capture file, or of `stdin` when the name is `-`; gzip and zstd are taken off by their magic numbers. A piece holds until the next
 * one is asked for. Throws a Fault of kind input for files that cannot be read; what `signal` aborts ends with its error.
 */
export async function* openCapture(
  file: string,
  stdin: Readable,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = file === '-' ? readStream(stdin, signal) : readFile(file, signal)
  try {
    const first = await firstBytes(chunks, 4)
    const rest = restOf(first, chunks)
    if (isGzip(first)) yield* gunzip(rest, file)
    else if (isZstd(first)) yield* unzstd(rest, file)
    else yield* rest
  } catch (error) {
    if (error instanceof Fault || signal?.aborted) throw error
    throw new Fault('input', 'capture-unreadable', `cannot read ${file}: ${whyUnreadable(error)}`, {
      cause: error,
    })
  } finally {
    await chunks.return()
  }
}

async function* readStream(source: Readable, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  if (signal) addAbortSignal(signal, source)
  for await (const chunk of source) yield chunk as Uint8Array
}

async function* readFile(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const file = await open(path)
  try {
    if ((await file.stat()).isFile()) yield* readAhead(file, signal)
    else yield* readStream(file.createReadStream({ autoClose: false }), signal)
  } finally {
    await file.close()
  }
}

/** Two buffers in turn: one is read into while the other is looked at. */
async function* readAhead(file: FileHandle, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  let now = new Uint8Array(readBytes)
  let ahead = new Uint8Array(readBytes)
  let reading = file.read(now, 0, readBytes, null)
  try {
    for (;;) {
      const { bytesRead } = await reading
      signal?.throwIfAborted()
      if (bytesRead === 0) return
      reading = file.read(ahead, 0, readBytes, null)
      yield now.subarray(0, bytesRead)
      const next = ahead
      ahead = now
      now = next
    }
  } finally {
    await reading.catch(() => {})
  }
}

async function firstBytes(chunks: AsyncIterator<Uint8Array>, wanted: number): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0)
  while (bytes.length < wanted) {
    const next = await chunks.next()
    if (next.done) break
    bytes = bytes.length === 0 ? next.value : Buffer.concat([bytes, next.value])
  }
  return bytes
}

async function* restOf(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}

async function* gunzip(chunks: AsyncGenerator<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 2 ** 18 })
  const feeding = (async () => {
    // Each piece is used up before the next one is asked for.
    for await (const chunk of chunks)
      await new Promise<void>(resolve => void gunzip.write(chunk, () => resolve()))
    gunzip.end()
  })().catch(error => gunzip.destroy(error))
  try {
    for await (const chunk of gunzip) yield chunk
    await feeding
  } catch (error) {
    throw new Fault(
      'input',
      'capture-compression',
      `${file}: the gzip data is broken or cut: ${(error as Error).message}`,
      {
        hint: 'what could be unpacked was read',
        cause: error,
      },
    )
  } finally {
    gunzip.destroy()
  }
}

async function* unzstd(chunks: AsyncGenerator<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let ended = false
  const unpack = new Decompress((chunk, last) => {
    if (chunk.length > 0) ready.push(chunk)
    ended = last === true
  })
  const failed = (error: unknown) =>
    new Fault(
      'input',
      'capture-compression',
      `${file}: the zstd data is broken or cut: ${(error as Error).message}`,
      {
        hint: 'what could be unpacked was read',
        cause: error,
      },
    )
  for await (const chunk of chunks) {
    try {
      // It keeps what it cannot use yet.
      unpack.push(chunk.slice())
    } catch (error) {
      yield* ready
      throw failed(error)
    }
    yield* ready
    ready = []
  }
  try {
    unpack.push(new Uint8Array(0), true)
  } catch (error) {
    throw failed(error)
  }
  yield* ready
  if (!ended) throw failed(new Error('it stops within a frame'))
}
