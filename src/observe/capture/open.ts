import { createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import { Fault } from '../../base/fault.ts'
import { whyUnreadable } from '../../base/unreadable.ts'

/** Large reads: a capture is read once, from start to end. */
const readBytes = 2 ** 20

/**
 * The bytes of a capture file, or of `stdin` when the name is `-`; gzip and zstd are taken off by their magic numbers. Throws a Fault of kind input for
 * files that cannot be read; what `signal` aborts ends with its error.
 */
export async function* openCapture(
  file: string,
  stdin: Readable,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const source = file === '-' ? stdin : createReadStream(file, { highWaterMark: readBytes })
  if (signal) addAbortSignal(signal, source)
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  try {
    const first = await firstBytes(chunks, 4)
    const rest = restOf(first, chunks)
    if (first[0] === 0x1f && first[1] === 0x8b) yield* gunzip(rest, file)
    else if (first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd)
      yield* unzstd(rest, file)
    else yield* rest
  } catch (error) {
    if (error instanceof Fault || signal?.aborted) throw error
    throw new Fault('input', 'capture-unreadable', `cannot read ${file}: ${whyUnreadable(error)}`, {
      cause: error,
    })
  } finally {
    if (file !== '-') source.destroy()
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
    for await (const chunk of chunks) if (!gunzip.write(chunk)) await drained(gunzip)
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

function drained(stream: NodeJS.EventEmitter): Promise<void> {
  return new Promise(resolve => {
    const go = () => {
      stream.off('drain', go)
      stream.off('close', go)
      resolve()
    }
    stream.on('drain', go)
    stream.on('close', go)
  })
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
      unpack.push(chunk)
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
