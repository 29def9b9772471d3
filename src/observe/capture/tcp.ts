import { addressText, type Segment } from './ip.ts'

/** What becomes of one direction's bytes. */
export interface Stream {
  push(bytes: Uint8Array): void
  gap(): void
  /** No more bytes are wanted. */
  isDone(): boolean
  /** Nothing was recognised yet, so that bytes may be handed out again in better order. */
  isSearching(): boolean
}

/** One TCP connection as it is handed to its reader. Side 0 is the one whose segment came first. */
export interface Flow {
  streams: [Stream, Stream]
  /** A side sent FIN (`fin`) or RST (`reset`); only the first of each side is told. */
  closed(side: 0 | 1, how: 'fin' | 'reset'): void
  /** Everything that can be known of the connection is known: what follows is not looked at any more. */
  isOver(): boolean
  /** The connection has ended, its ports are used anew, or the capture ends: nothing more will come. */
  end(): void
}

export interface FlowAddresses {
  src: string
  sport: number
  dst: string
  dport: number
}

/** The frame whose bytes are being handed out, for those who name it. */
export interface Clock {
  frame: number
  atMs: number
}

export interface TcpReader {
  segment(segment: Segment): void
  /** At the end of the capture: hands out what waits behind gaps and ends every connection. */
  end(): void
}

interface Queued {
  seq: number
  bytes: Uint8Array
  /** Bytes after these that belong to the segment and were not captured. */
  lost: number
  frame: number
  atMs: number
}

interface Side {
  /** Sequence number of the next byte; meaningless until `known`. */
  next: number
  known: boolean
  /** Initial sequence number; null when the capture began later. */
  initial: number | null
  /** Segments that wait behind a gap, in order; null for none. */
  queue: Queued[] | null
  queuedBytes: number
  /** What was handed out of a stream whose start was not seen, in case earlier bytes come late. */
  early: Queued[] | null
  closed: boolean
}

interface Entry {
  key: number
  /** Addresses of side 0 and side 1, one after the other. */
  addresses: Uint8Array
  ports: [number, number]
  sides: [Side, Side]
  /** Made for the first payload: connections that carry nothing cost little. */
  flow: Flow | null
  /** Another connection with the same key. */
  sibling: Entry | null
}

const FIN = 1
const SYN = 2
const RST = 4

const maxQueuedBytes = 2 ** 17
const maxQueuedSegments = 96
const maxEarlyBytes = 2 ** 13

/**
 * Puts TCP streams in order: retransmissions and overlaps (the first copy wins), reordering, loss, wrap-around, connections that began before the
 * capture, ports that are used again. Keeps at most `maxFlows` connections, the oldest go first, and a bounded queue for each.
 */
export function tcpReader(
  open: (addresses: FlowAddresses) => Flow,
  clock: Clock,
  { maxFlows = 2 ** 16 }: { maxFlows?: number } = {},
): TcpReader {
  const entries = new Map<number, Entry>()
  let count = 0

  function segment(s: Segment): void {
    const key = keyOf(s)
    let entry = entries.get(key) ?? null
    let side: 0 | 1 | -1 = -1
    while (entry) {
      side = sideOf(entry, s)
      if (side >= 0) break
      entry = entry.sibling
    }
    if (!entry || side < 0) {
      // A bare RST or ACK opens nothing.
      if (s.size === 0 && !(s.flags & SYN)) return
      entry = add(key, s)
      side = 0
    }
    let which = side as 0 | 1
    if (s.flags & SYN && !isSameStart(entry.sides[which], s)) {
      remove(entry)
      entry = add(key, s)
      which = 0
    }
    const state = entry.sides[which]
    let seq = s.seq
    if (s.flags & SYN) {
      if (!state.known) {
        state.known = true
        state.next = (seq + 1) >>> 0
      }
      state.initial = seq
      seq = (seq + 1) >>> 0
    }
    clock.frame = s.frame
    clock.atMs = s.atMs
    if (s.size > 0) {
      entry.flow ??= open(namesOf(entry))
      const stream = entry.flow.streams[which]
      if (!stream.isDone()) receive(state, stream, s, seq)
    }
    if (s.flags & (FIN | RST)) close(entry, which, s.flags & RST ? 'reset' : 'fin')
    if (entry.flow !== null && entry.flow !== overFlow && entry.flow.isOver()) retire(entry)
  }

  function add(key: number, s: Segment): Entry {
    if (count >= maxFlows) evictOldest()
    const { bytes, addressAt, addressSize } = s
    const entry: Entry = {
      key,
      addresses: bytes.slice(addressAt, addressAt + 2 * addressSize),
      ports: [s.sport, s.dport],
      sides: [newSide(), newSide()],
      flow: null,
      sibling: entries.get(key) ?? null,
    }
    entries.set(key, entry)
    count++
    return entry
  }

  function remove(entry: Entry): void {
    flush(entry)
    entry.flow?.end()
    count--
    let before = entries.get(entry.key)!
    if (before === entry) {
      if (entry.sibling) entries.set(entry.key, entry.sibling)
      else entries.delete(entry.key)
      return
    }
    while (before.sibling !== entry) before = before.sibling!
    before.sibling = entry.sibling
  }

  function evictOldest(): void {
    let entry: Entry | null = entries.values().next().value ?? null
    while (entry) {
      const { sibling }: Entry = entry
      remove(entry)
      entry = sibling
    }
  }

  function close(entry: Entry, which: 0 | 1, how: 'fin' | 'reset'): void {
    const state = entry.sides[which]
    if (state.closed) return
    state.closed = true
    if (how === 'reset' || entry.sides[1 - which]!.closed) flush(entry)
    entry.flow?.closed(which, how)
  }

  /** Hands out what waits behind gaps that will not be filled any more. */
  function flush(entry: Entry): void {
    const { frame, atMs } = clock
    for (const which of [0, 1] as const) {
      const state = entry.sides[which]
      while (state.queue) {
        clock.frame = state.queue[0]!.frame
        clock.atMs = state.queue[0]!.atMs
        skipGap(state, entry.flow!.streams[which])
      }
    }
    clock.frame = frame
    clock.atMs = atMs
  }

  function receive(state: Side, stream: Stream, s: Segment, seq: number): void {
    if (!state.known) {
      state.known = true
      state.next = seq
      state.early = []
    }
    const ahead = (seq - state.next) | 0
    const lost = Math.max(0, s.size - (s.to - s.from))
    if (ahead > 0) {
      enqueue(state, { seq, bytes: s.bytes.slice(s.from, s.to), lost, frame: s.frame, atMs: s.atMs })
      if (state.queue!.length > maxQueuedSegments || state.queuedBytes > maxQueuedBytes)
        skipGap(state, stream)
      return
    }
    if (ahead < 0 && state.early && stream.isSearching() && startOver(state, s, seq, lost)) {
      stream.gap()
      drain(state, stream)
      return
    }
    hand(state, stream, s.bytes, s.from, s.to, -ahead, lost)
    if (state.queue) drain(state, stream)
  }

  /** Hands out the bytes from `from` to `to`, without the first `old`, which were handed out before. */
  function hand(
    state: Side,
    stream: Stream,
    bytes: Uint8Array,
    from: number,
    to: number,
    old: number,
    lost: number,
  ): void {
    const captured = to - from
    if (old >= captured + lost) return
    if (old < captured) {
      const fresh = bytes.subarray(from + old, to)
      if (state.early) remember(state, stream, fresh)
      state.next = (state.next + fresh.length) >>> 0
      stream.push(fresh)
      old = captured
    }
    if (lost > 0) {
      state.next = (state.next + lost - (old - captured)) >>> 0
      stream.gap()
    }
  }

  function drain(state: Side, stream: Stream): void {
    while (state.queue) {
      const first = state.queue[0]!
      const ahead = (first.seq - state.next) | 0
      if (ahead > 0) return
      if (state.queue.length === 1) state.queue = null
      else state.queue.shift()
      state.queuedBytes -= first.bytes.length
      if (stream.isDone()) continue
      hand(state, stream, first.bytes, 0, first.bytes.length, -ahead, first.lost)
    }
  }

  function skipGap(state: Side, stream: Stream): void {
    stream.gap()
    state.early = null
    state.next = state.queue![0]!.seq
    drain(state, stream)
  }

  /**
   * The first segment that was captured was not the first of the stream: earlier bytes arrive late. What was handed out goes back into the queue.
   */
  function startOver(state: Side, s: Segment, seq: number, lost: number): boolean {
    const early = state.early!
    const first = early[0]
    if (!first || ((first.seq - seq) | 0) <= 0) return false
    enqueue(state, { seq, bytes: s.bytes.slice(s.from, s.to), lost, frame: s.frame, atMs: s.atMs })
    for (const piece of early) enqueue(state, piece)
    state.early = []
    state.next = seq
    return true
  }

  function remember(state: Side, stream: Stream, fresh: Uint8Array): void {
    const early = state.early!
    const size = early.reduce((sum, piece) => sum + piece.bytes.length, fresh.length)
    if (size > maxEarlyBytes || early.length > 32 || !stream.isSearching()) state.early = null
    else early.push({ seq: state.next, bytes: fresh.slice(), lost: 0, frame: clock.frame, atMs: clock.atMs })
  }

  return {
    segment,
    end() {
      for (const first of [...entries.values()]) {
        let entry: Entry | null = first
        while (entry) {
          const { sibling }: Entry = entry
          remove(entry)
          entry = sibling
        }
      }
    },
  }
}

/** Stands for a connection that is over: what stays is enough to know its segments again. */
const overStream: Stream = { push() {}, gap() {}, isDone: () => true, isSearching: () => false }
const overFlow: Flow = { streams: [overStream, overStream], isOver: () => true, closed() {}, end() {} }

function retire(entry: Entry): void {
  entry.flow = overFlow
  for (const side of entry.sides) {
    side.queue = null
    side.queuedBytes = 0
    side.early = null
  }
}

function namesOf({ addresses, ports }: Entry): FlowAddresses {
  const size = addresses.length === 8 ? 4 : 16
  return {
    src: addressText(addresses, 0, size),
    sport: ports[0],
    dst: addressText(addresses, size, size),
    dport: ports[1],
  }
}

function newSide(): Side {
  return { next: 0, known: false, initial: null, queue: null, queuedBytes: 0, early: null, closed: false }
}

/** In the order of sequence numbers; of equal ones the first copy stays first. */
function enqueue(state: Side, piece: Queued): void {
  state.queue ??= []
  let at = state.queue.length
  while (at > 0 && ((piece.seq - state.queue[at - 1]!.seq) | 0) < 0) at--
  state.queue.splice(at, 0, piece)
  state.queuedBytes += piece.bytes.length
}

/** False when a SYN starts another connection between the same ports. */
function isSameStart(side: Side, s: Segment): boolean {
  if (!side.known) return true
  if (side.initial !== null) return side.initial === s.seq
  // Data came before its SYN: the same connection when the numbers are near.
  const ahead = (side.next - s.seq) | 0
  return !side.closed && ahead > 0 && ahead < 2 ** 17
}

function sideOf(entry: Entry, s: Segment): 0 | 1 | -1 {
  const { addresses, ports } = entry
  const { addressSize } = s
  if (addresses.length !== 2 * addressSize) return -1
  if (ports[0] === s.sport && ports[1] === s.dport && isEqual(addresses, 0, s)) return 0
  if (ports[1] === s.sport && ports[0] === s.dport && isEqual(addresses, addressSize, s)) return 1
  return -1
}

/** Compares both addresses, those of the entry starting with the side at `offset`. */
function isEqual(addresses: Uint8Array, offset: number, s: Segment): boolean {
  const size = 2 * s.addressSize
  for (let i = 0; i < size; i++) if (addresses[(offset + i) % size] !== s.bytes[s.addressAt + i]) return false
  return true
}

/** The same for both directions. */
function keyOf(s: Segment): number {
  const { bytes, addressAt, addressSize } = s
  let src = s.sport
  let dst = s.dport
  for (let i = 0; i < addressSize; i++) {
    src = (Math.imul(src, 16777619) ^ bytes[addressAt + i]!) | 0
    dst = (Math.imul(dst, 16777619) ^ bytes[addressAt + addressSize + i]!) | 0
  }
  return (src + dst) | 0
}
