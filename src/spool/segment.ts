import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '../model/observation.ts'
import type { HelloShape } from '../model/usage.ts'
import { type Dropped, fragmentWithoutHello, type Opened, type Origin, parseLine, rowLine } from './line.ts'

/**
 * A spool is a directory of segment files `<writer>-<pid>-<startMs>-<seq>`: `.open` while its one writer appends, `.ready` once sealed.
 * A sealed segment never changes, and its name without the ending identifies the batch: handing it over twice is handing it over once.
 */
export interface SegmentName {
  writer: string
  pid: number
  /** When the writing process opened its spool; tells processes apart that got the same pid. */
  startMs: number
  seq: number
}

export interface Segment {
  origin: Origin | undefined
  /** One per connection: a second outcome of the same connection is left out. */
  rows: Observation[]
  hellos: HelloShape[]
  /** Opened here, no outcome here. In a sealed segment these were carried into the next one. */
  pending: Opened[]
  /** Connections the writer had to give up while the disk was full. */
  dropped: Dropped
  /** The last line lacks its end: the writer died, or is writing at this moment. */
  cutLine: boolean
  /** Whole lines that are not of this format, with their 1-based number. Never the work of a writer: somebody changed the file. */
  bad: number[]
}

export function segmentName(name: SegmentName): string {
  return `${name.writer}-${name.pid}-${name.startMs}-${name.seq}`
}

/** Undefined for files that are not segments. */
function parseSegmentName(file: string): (SegmentName & { state: 'open' | 'ready' }) | undefined {
  const match = /^([A-Za-z0-9_.]+)-(\d+)-(\d+)-(\d+)\.(open|ready)$/.exec(file)
  if (!match) return undefined
  return {
    writer: match[1]!,
    pid: Number(match[2]),
    startMs: Number(match[3]),
    seq: Number(match[4]),
    state: match[5] as 'open' | 'ready',
  }
}

/** Sealed segments of a spool, each writer's in its order, with the batch id that makes the hand-over idempotent. */
export function readySegments(dir: string): { path: string; batch: string }[] {
  return segmentsIn(dir, 'ready').map(found => ({
    path: join(dir, found.file),
    batch: segmentName(found),
  }))
}

export function readSegment(path: string): Segment {
  return parseSegment(readFileSync(path))
}

/** Any byte prefix of a segment reads as a prefix of its rows. */
export function parseSegment(bytes: Uint8Array): Segment {
  return scan(bytes).segment
}

function scan(bytes: Uint8Array): { segment: Segment; decided: Set<number>; whole: number } {
  const end = bytes.lastIndexOf(0x0a) + 1
  const lines = new TextDecoder().decode(bytes.subarray(0, end)).split('\n')
  lines.pop()

  const segment: Segment = {
    origin: undefined,
    rows: [],
    hellos: [],
    pending: [],
    dropped: { accepted: 0, refused: 0, failed: 0 },
    cutLine: end < bytes.length,
    bad: [],
  }
  const open = new Map<number, Opened>()
  const decided = new Set<number>()
  for (const [index, text] of lines.entries()) {
    const line = parseLine(text)
    if (line === undefined) segment.bad.push(index + 1)
    else if (line.k === 's') segment.origin = line.origin
    else if (line.k === 'h') segment.hellos.push(line.shape)
    else if (line.k === 'o') open.set(line.opened.id, line.opened)
    else if (line.k === 'd') {
      segment.dropped.accepted += line.dropped.accepted
      segment.dropped.refused += line.dropped.refused
      segment.dropped.failed += line.dropped.failed
    } else if (!decided.has(line.id)) {
      decided.add(line.id)
      segment.rows.push(line.row)
    }
  }
  segment.pending = [...open.values()].filter(opened => !decided.has(opened.id))
  return { segment, decided, whole: end }
}

/**
 * Seals what dead writers left behind: each connection that was accepted and has no outcome gets the row `failed`, `worker-lost`; a line
 * that was being written is cut off. `isAlive` tells whether the process that opened the segment still runs. May itself be killed at any
 * moment and run again. Returns the names of the batches that became ready, and how many connections had lost their worker.
 */
export function sealDead(
  dir: string,
  isAlive: (writer: SegmentName) => boolean,
): { sealed: string[]; lost: number } {
  const byProcess = new Map<string, (SegmentName & { file: string })[]>()
  for (const found of segmentsIn(dir, 'open')) {
    if (isAlive(found)) continue
    const process = segmentName({ ...found, seq: 0 })
    byProcess.set(process, [...(byProcess.get(process) ?? []), found])
  }
  const sealed: string[] = []
  let lost = 0
  for (const segments of byProcess.values()) {
    lost += settleLost(segments.map(found => join(dir, found.file)))
    for (const found of segments) {
      renameSync(join(dir, found.file), join(dir, `${segmentName(found)}.ready`))
      sealed.push(segmentName(found))
    }
  }
  return { sealed, lost }
}

/**
 * A writer that died while rotating left two open segments, the newer repeating what the older had pending: outcomes count from both, and
 * what is missing goes into the newest.
 */
function settleLost(paths: string[]): number {
  const found = paths.map(path => scan(readFileSync(path)))
  const decided = new Set(found.flatMap(each => [...each.decided]))
  const lost = new Map(
    found
      .flatMap(each => each.segment.pending)
      .filter(opened => !decided.has(opened.id))
      .map(opened => [opened.id, opened]),
  )
  const origin = found.map(each => each.segment.origin).findLast(each => each !== undefined)
  const fragment = fragmentWithoutHello(origin ?? { service: '', source: 'gateway' })
  const result = { outcome: 'failed', reason: 'worker-lost', negotiated: 0, suite: 0, group: 0 } as const
  const text = Buffer.from([...lost.values()].map(opened => rowLine(opened, result, fragment)).join(''))
  const file = openSync(paths.at(-1)!, 'r+')
  try {
    const { whole } = found.at(-1)!
    ftruncateSync(file, whole)
    for (let done = 0; done < text.length; )
      done += writeSync(file, text, done, text.length - done, whole + done)
  } finally {
    closeSync(file)
  }
  return lost.size
}

function segmentsIn(dir: string, state: 'open' | 'ready'): (SegmentName & { file: string })[] {
  return readdirSync(dir)
    .flatMap(file => {
      const name = parseSegmentName(file)
      return name?.state === state ? [{ ...name, file }] : []
    })
    .sort((a, b) => a.startMs - b.startMs || a.pid - b.pid || a.seq - b.seq)
}
