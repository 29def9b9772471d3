import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { Observation } from '../model/observation.ts'
import type { HelloShape } from '../model/usage.ts'
import {
  type Dropped,
  droppedLine,
  type Opened,
  type Origin,
  openedLine,
  originLine,
  rowLine,
  shapeLine,
} from './line.ts'
import { segmentName } from './segment.ts'

export interface SpoolOptions {
  dir: string
  /** Names the writer within its machine: letters, digits, `_` and `.`. */
  writer: string
  origin: Origin
  /** A segment is sealed when it has this size (default 8 MiB) or this age (default 1 s), whichever comes first. */
  sealBytes?: number
  sealAfterMs?: number
  /** What is kept in memory while the disk takes nothing (default 16 MiB); beyond it rows are given up and counted. */
  waitingBytes?: number
  /** Hears the first failure of a series, the first row given up, and the end of the series. */
  onTrouble?: (health: SpoolHealth) => void
  now?: () => number
}

export interface SpoolHealth {
  /** Null when the last write succeeded. */
  error: Error | null
  /** Rows that wait in memory for the disk. */
  waitingRows: number
  waitingBytes: number
  /** Rows given up since the spool was opened, by outcome. */
  dropped: Dropped
  /** Accepted connections whose outcome is to come. */
  pending: number
}

/**
 * An accepted connection, to whom its address is added as soon as it is known. `journalled` is false when it arrived while nothing more could be
 * kept.
 */
export interface OpenConnection extends Opened {
  journalled: boolean
}

export type RowResult = Pick<Observation, 'outcome' | 'reason' | 'negotiated' | 'suite' | 'group'>

export interface SpoolWriter {
  /**
   * Journals an accepted connection: when this returns the line has left the process, unless the disk is in trouble. To be called first of all;
   * an address that takes time to find is added to the result afterwards.
   */
  opened(atMs: number, address?: string): OpenConnection
  /** The one outcome of a connection. `shape` is null when no hello was seen; `fragment` comes from `rowFragment`. */
  decided(connection: OpenConnection, result: RowResult, shape: HelloShape | null, fragment: string): void
  /** What the rows of dead connections are filed under from the next segment on. */
  setOrigin(origin: Origin): void
  /** Seals the segment that is being written, if it holds anything new. */
  seal(): void
  health(): SpoolHealth
  /** Seals and stops. With connections still pending the segment stays open, for `sealDead` to settle them. */
  close(): void
}

interface Entry {
  text: string
  shape: HelloShape | null
  /** The connection whose outcome this is; 0 for other lines. */
  decides: number
}

/** What the memory bound sets aside for the outcome of each pending connection. */
const rowReserveBytes = 768
const retryMs = 250
const nothing: Readonly<Dropped> = { accepted: 0, refused: 0, failed: 0 }

/**
 * Opens the writer side of a spool. Every line is one write(2) of its own: that costs 1.5 µs, survives the death of this process at any
 * moment, and leaves unjournalled at most the one connection that was being accepted at that moment. Sealed segments are flushed to the
 * disk before they become ready; a power cut loses what was not sealed.
 *
 * When the disk takes nothing (full, read-only), lines wait in memory and are retried, and the gateway keeps serving: cutting customers off
 * for our bookkeeping is the greater harm. What exceeds the bound is counted, and the counts are written when space returns.
 * @throws Fault `environment` when the directory cannot be created or written to at the start.
 */
export function openSpool(options: SpoolOptions): SpoolWriter {
  const { dir, writer, sealBytes = 8 << 20, sealAfterMs = 1000, now = Date.now } = options
  const waitingLimit = options.waitingBytes ?? 16 << 20
  if (!/^[A-Za-z0-9_.]+$/.test(writer)) throw new Error(`not a name for a spool writer: ${writer}`)
  const startMs = now()
  let origin = options.origin
  let lastId = 0
  const pending = new Map<number, OpenConnection>()

  let file = -1
  let path = ''
  let seq = 0
  /** Bytes of whole lines in the file, and how many of them it started with: a segment that holds no more is not worth sealing. */
  let size = 0
  let headSize = 0
  /** A line was written in part and must be cut off before the next one. */
  let torn = false
  const quick = Buffer.alloc(128)
  const shapesHere = new Set<string>()
  let sealTimer: NodeJS.Timeout | undefined
  const sealing = new Set<{ file: number; path: string }>()

  let error: Error | null = null
  let waiting: Entry[] = []
  let waitingBytes = 0
  let retryTimer: NodeJS.Timeout | undefined
  let unsaid: Dropped = { ...nothing }
  const dropped: Dropped = { ...nothing }

  function append(entry: Entry): void {
    if (waiting.length === 0 && put(entry)) return
    waiting.push(entry)
    waitingBytes += entry.text.length
  }

  /** True when the entry is in the file as a whole; otherwise nothing of it stays there. */
  function put(entry: Entry): boolean {
    try {
      const needsShape = entry.shape !== null && !shapesHere.has(entry.shape.id)
      write(needsShape ? shapeLine(entry.shape!) + entry.text : entry.text)
      if (needsShape) shapesHere.add(entry.shape!.id)
    } catch (cause) {
      fail(cause as Error)
      return false
    }
    if (entry.decides !== 0) pending.delete(entry.decides)
    if (size >= sealBytes) seal()
    else if (sealTimer === undefined) sealTimer = setTimeout(seal, sealAfterMs).unref()
    return true
  }

  /**
   * Between accept(2) and this write lies the only moment in which the death of the process loses a connection, so that whatever can be done later
   * is. False when the line has to go the longer way.
   */
  function writeQuickly(text: string): boolean {
    if (waiting.length > 0 || torn || size >= sealBytes) return false
    try {
      const length = quick.write(text, 0, 'latin1')
      const done = writeSync(file, quick, 0, length)
      if (done === length) {
        size += length
        return true
      }
      torn = true
    } catch {
      // The longer way meets the same error and says it.
    }
    return false
  }

  function write(text: string): void {
    untear()
    torn = true
    const length = Buffer.byteLength(text)
    try {
      let done = writeSync(file, text)
      if (done < length) {
        const rest = Buffer.from(text)
        while (done < length) done += writeSync(file, rest, done)
      }
    } catch (cause) {
      untear()
      throw cause
    }
    torn = false
    size += length
  }

  function untear(): void {
    if (torn) ftruncateSync(file, size)
    torn = false
  }

  /** Opens the next segment with what every segment starts with: its origin, and the connections that are still pending. */
  function start(): void {
    const next = join(dir, `${segmentName({ writer, pid: process.pid, startMs, seq: seq + 1 })}.open`)
    const head =
      originLine(origin) +
      [...pending.values()]
        .filter(each => each.journalled)
        .map(openedLine)
        .join('')
    const opening = openSync(next, 'ax')
    const bytes = Buffer.from(head)
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(opening, bytes, done)
    } catch (cause) {
      closeSync(opening)
      unlinkSync(next)
      throw cause
    }
    seq++
    file = opening
    path = next
    size = headSize = bytes.length
    torn = false
    shapesHere.clear()
  }

  function seal(): void {
    clearTimeout(sealTimer)
    sealTimer = undefined
    if (size === headSize) return
    const old = { file, path }
    try {
      untear()
      // What is pending is safe in the new segment before the old one counts as settled.
      start()
    } catch (cause) {
      fail(cause as Error)
      return
    }
    sealing.add(old)
    fsync(old.file, cause => {
      if (!sealing.has(old)) return
      if (cause) fail(cause)
      makeReady(old)
    })
  }

  function makeReady(old: { file: number; path: string }): void {
    sealing.delete(old)
    try {
      closeSync(old.file)
      renameSync(old.path, old.path.replace(/open$/, 'ready'))
    } catch (cause) {
      fail(cause as Error)
    }
  }

  function fail(cause: Error): void {
    retryTimer ??= setTimeout(retry, retryMs).unref()
    const first = error === null
    error = cause
    if (first) options.onTrouble?.(health())
  }

  function retry(): void {
    retryTimer = undefined
    let done = 0
    while (done < waiting.length && put(waiting[done]!)) waitingBytes -= waiting[done++]!.text.length
    waiting = waiting.slice(done)
    if (waiting.length > 0) return
    if (unsaid.accepted + unsaid.refused + unsaid.failed > 0) {
      if (!put({ text: droppedLine(unsaid), shape: null, decides: 0 })) return
      unsaid = { ...nothing }
    }
    error = null
    sealTimer ??= setTimeout(seal, sealAfterMs).unref()
    options.onTrouble?.(health())
  }

  function health(): SpoolHealth {
    return {
      error,
      waitingRows: waiting.reduce((rows, entry) => rows + (entry.decides !== 0 ? 1 : 0), 0),
      waitingBytes,
      dropped: { ...dropped },
      pending: pending.size,
    }
  }

  try {
    mkdirSync(dir, { recursive: true })
    start()
  } catch (cause) {
    throw new Fault('environment', 'spool-not-writable', `cannot write to the spool directory ${dir}`, {
      hint: `make ${dir} writable for this user, or name another directory`,
      cause,
    })
  }

  const isFull = () => waiting.length > 0 && waitingBytes + pending.size * rowReserveBytes >= waitingLimit

  return {
    opened(atMs, address = '') {
      const connection = { id: ++lastId, atMs, address, journalled: true }
      const line = openedLine(connection)
      if (writeQuickly(line)) pending.set(connection.id, connection)
      else if (isFull()) connection.journalled = false
      else {
        pending.set(connection.id, connection)
        append({ text: line, shape: null, decides: 0 })
      }
      return connection
    },
    decided(connection, result, shape, fragment) {
      if (connection.journalled || !isFull()) {
        append({ text: rowLine(connection, result, fragment), shape, decides: connection.id })
        return
      }
      const first = dropped.accepted + dropped.refused + dropped.failed === 0
      dropped[result.outcome]++
      unsaid[result.outcome]++
      if (first) options.onTrouble?.(health())
    },
    setOrigin(next) {
      if (next.service === origin.service && next.source === origin.source) return
      origin = next
      seal()
    },
    seal,
    health,
    close() {
      if (file === -1) return
      clearTimeout(retryTimer)
      if (error !== null) retry()
      clearTimeout(retryTimer)
      if (pending.size === 0) seal()
      clearTimeout(sealTimer)
      for (const old of sealing) {
        fsyncSync(old.file)
        makeReady(old)
      }
      closeSync(file)
      if (size === headSize && pending.size === 0 && existsSync(path)) unlinkSync(path)
      file = -1
    },
  }
}
