import { flowTable } from './flow-table.ts'
import { FIN, RST, type Segment, SYN } from './ip.ts'
import { type Piece, type Waiting, waitingRoom } from './waiting.ts'

/** Who sent something. Side 0 of a connection is the one whose segment came first. */
export type Side = 0 | 1

/** What becomes of connections; `F` is what it keeps of one. */
export interface FlowReader<F> {
  open(addresses: FlowAddresses): F
  /** The next bytes of one side, those from `from` to `to`, which hold until the call returns. */
  push(flow: F, side: Side, bytes: Uint8Array, from: number, to: number): void
  /** Bytes are missing before the next ones. */
  gap(flow: F, side: Side): void
  /** No more bytes of this side are wanted. */
  isDone(flow: F, side: Side): boolean
  /** Nothing was recognised yet, so that bytes may be handed out again in better order. */
  isSearching(flow: F, side: Side): boolean
  /** A side sent FIN (`fin`) or RST (`reset`); only the first of each side is told. */
  closed(flow: F, side: Side, how: 'fin' | 'reset'): void
  /** Everything that can be known of the connection is known: what follows is not looked at any more. */
  isOver(flow: F): boolean
  /** The connection has ended, its ports are used anew, or the capture ends: nothing more will come. */
  end(flow: F): void
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
  dropped(): Dropped
}

/** What was given up so that memory stays bounded. */
export interface Dropped {
  /** Connections that were let go before they were over. */
  connections: number
  /** Bytes that came out of order and were handed out over a gap before it could be filled. */
  outOfOrderBytes: number
}

export interface TcpLimits {
  /** Connections that are remembered, with those that are over or carry nothing yet: 64 bytes each. */
  known: number
  /** Connections that are being read at one time, some 4 KB each. */
  open: number
  /** Bytes that wait for earlier ones, of all connections together. */
  waitingBytes: number
}

const tcpLimits: TcpLimits = { known: 2 ** 16, open: 2 ** 12, waitingBytes: 2 ** 23 }

/** What is being read; connections that carry nothing have none, nor have those that are over. */
interface Live<F> {
  flow: F
  /** By side; null while nothing waits. */
  waiting: [Waiting | null, Waiting | null]
}

// Words of the flow table: the state of both sides, then by side the number of the next byte and the initial number.
const STATE = 0
const NEXT = 1
const INITIAL = 3

// Bits of the state, by side: `[side]`.
/** The number of the next byte is known. */
const known = [1, 16] as const
/** So is the initial number: the capture began before the connection. */
const started = [2, 32] as const
const closed = [4, 64] as const
/** Nothing that this side sends is of interest any more, but how it ends. */
const done = [8, 128] as const
/** Of the whole connection: only a SYN that starts another one is of interest. */
const isOver = 256

// Lists of the flow table.
const bare = 0
const open = 1
const over = 2

/**
 * Puts TCP streams in order: retransmissions and overlaps (the first copy wins), reordering, loss, wrap-around, connections that began before the
 * capture, ports that are used again. Most segments of a capture are bulk data of connections whose handshake is past: they cost one look into the
 * flow table. Memory is bounded by `limits`; the oldest go first, and what is given up is counted.
 */
export function tcpReader<F>(reader: FlowReader<F>, clock: Clock, limits: TcpLimits = tcpLimits): TcpReader {
  const table = flowTable(limits.known, 3)
  let words = table.words()
  const lives: (Live<F> | null)[] = []
  const room = waitingRoom(limits.waitingBytes)
  const dropped = { connections: 0 }

  function segment(s: Segment): void {
    const ends = s.flags & (SYN | FIN | RST)
    const found = table.find(s)
    let slot = found >> 1
    let side = (found & 1) as Side
    if (found < 0) {
      // A bare RST or FIN opens nothing.
      if (s.size === 0 && !(s.flags & SYN)) return
      slot = add(s)
      side = 0
    } else {
      const state = words[table.ownAt(slot) + STATE]!
      if (ends === 0 && state & done[side]) return
      if (s.flags & SYN) {
        if (!isSameStart(slot, side, s)) {
          remove(slot)
          slot = add(s)
          side = 0
        }
      } else if (state & isOver) return
    }
    const at = table.ownAt(slot)
    let seq = s.seq | 0
    if (s.flags & SYN) {
      words[at + INITIAL + side] = seq
      seq = (seq + 1) | 0
      if (!(words[at + STATE]! & known[side])) words[at + NEXT + side] = seq
      words[at + STATE]! |= known[side] | started[side]
    }
    if (words[at + STATE]! & isOver) return
    clock.frame = s.frame
    clock.atMs = s.atMs
    let live = lives[slot] ?? null
    if (s.size > 0) {
      live ??= openLive(slot)
      if (!reader.isDone(live.flow, side)) receive(live, slot, side, s, seq)
      if (reader.isDone(live.flow, side)) words[at + STATE]! |= done[side]
    }
    if (s.flags & (FIN | RST)) close(slot, side, s.flags & RST ? 'reset' : 'fin')
    if (live && reader.isOver(live.flow)) retire(slot)
  }

  function add(s: Segment): number {
    if (table.isFull()) makeRoom()
    const slot = table.add(s)
    words = table.words()
    return slot
  }

  function makeRoom(): void {
    for (const list of [over, bare]) {
      const slot = table.oldest(list)
      if (slot >= 0) {
        table.remove(slot)
        return
      }
    }
    dropOldest()
  }

  function dropOldest(): void {
    dropped.connections++
    remove(table.oldest(open))
  }

  function openLive(slot: number): Live<F> {
    if (table.count(open) >= limits.open) dropOldest()
    const live: Live<F> = { flow: reader.open(namesOf(slot)), waiting: [null, null] }
    lives[slot] = live
    table.moveTo(open, slot)
    return live
  }

  function namesOf(slot: number): FlowAddresses {
    const { sport, dport } = table.ports(slot)
    return { src: table.addressText(slot, 0), sport, dst: table.addressText(slot, 1), dport }
  }

  function remove(slot: number): void {
    const live = lives[slot]
    if (live) {
      flush(live, slot)
      reader.end(live.flow)
      forget(live, slot)
    }
    table.remove(slot)
  }

  /** What stays of a connection that is over is enough to know its segments again. */
  function retire(slot: number): void {
    forget(lives[slot]!, slot)
    words[table.ownAt(slot) + STATE]! |= isOver | done[0] | done[1]
    table.moveTo(over, slot)
  }

  function forget(live: Live<F>, slot: number): void {
    for (const waiting of live.waiting) if (waiting) room.clear(waiting)
    lives[slot] = null
  }

  /** False when a SYN starts another connection between the same ports. */
  function isSameStart(slot: number, side: Side, s: Segment): boolean {
    const at = table.ownAt(slot)
    const state = words[at + STATE]!
    if (!(state & known[side])) return true
    if (state & started[side]) return words[at + INITIAL + side] === (s.seq | 0)
    // Data came before its SYN: the same connection when the numbers are near.
    const ahead = (words[at + NEXT + side]! - s.seq) | 0
    return !(state & closed[side]) && ahead > 0 && ahead < 2 ** 17
  }

  function close(slot: number, side: Side, how: 'fin' | 'reset'): void {
    const at = table.ownAt(slot) + STATE
    if (words[at]! & closed[side]) return
    words[at]! |= closed[side]
    const live = lives[slot]
    if (!live) return
    if (how === 'reset' || words[at]! & closed[side === 0 ? 1 : 0]) flush(live, slot)
    reader.closed(live.flow, side, how)
  }

  /** Hands out what waits behind gaps that will not be filled any more. */
  function flush(live: Live<F>, slot: number): void {
    const { frame, atMs } = clock
    for (const side of [0, 1] as const)
      for (let first = live.waiting[side]?.pieces[0]; first; first = live.waiting[side]?.pieces[0]) {
        clock.frame = first.frame
        clock.atMs = first.atMs
        skipGap(live, slot, side)
      }
    clock.frame = frame
    clock.atMs = atMs
  }

  function receive(live: Live<F>, slot: number, side: Side, s: Segment, seq: number): void {
    const at = table.ownAt(slot)
    if (!(words[at + STATE]! & known[side])) {
      words[at + STATE]! |= known[side]
      words[at + NEXT + side] = seq
      live.waiting[side] = room.open(true)
    }
    const ahead = (seq - words[at + NEXT + side]!) | 0
    const waiting = live.waiting[side]
    if (ahead > 0) {
      const waits = waiting ?? room.open(false)
      live.waiting[side] = waits
      room.add(waits, pieceOf(s, seq))
      if (room.isTooMuch(waits)) skipGap(live, slot, side)
      return
    }
    if (
      ahead < 0 &&
      waiting?.early &&
      reader.isSearching(live.flow, side) &&
      room.startOver(waiting, pieceOf(s, seq))
    ) {
      words[at + NEXT + side] = seq
      reader.gap(live.flow, side)
      drain(live, slot, side)
      return
    }
    const lost = Math.max(0, s.size - (s.to - s.from))
    hand(live, slot, side, s.bytes, s.from, s.to, -ahead, lost)
    if (waiting) drain(live, slot, side)
  }

  /** Hands out the bytes from `from` to `to`, without the first `old`, which were handed out before; `lost` more were not captured. */
  function hand(
    live: Live<F>,
    slot: number,
    side: Side,
    bytes: Uint8Array,
    from: number,
    to: number,
    old: number,
    lost: number,
  ): void {
    const captured = to - from
    if (old >= captured + lost) return
    const next = table.ownAt(slot) + NEXT + side
    if (old < captured) {
      const fresh = from + old
      const waiting = live.waiting[side]
      if (waiting?.early && reader.isSearching(live.flow, side))
        room.remember(waiting, words[next]!, bytes.subarray(fresh, to), clock)
      else if (waiting?.early) room.forgetEarly(waiting)
      words[next] = words[next]! + to - fresh
      reader.push(live.flow, side, bytes, fresh, to)
      old = captured
    }
    if (lost > 0) {
      words[next] = words[next]! + lost - (old - captured)
      reader.gap(live.flow, side)
    }
  }

  function drain(live: Live<F>, slot: number, side: Side): void {
    const waiting = live.waiting[side]!
    for (let first = waiting.pieces[0]; first; first = waiting.pieces[0]) {
      const ahead = (first.seq - words[table.ownAt(slot) + NEXT + side]!) | 0
      if (ahead > 0) return
      room.shift(waiting)
      if (reader.isDone(live.flow, side)) continue
      hand(live, slot, side, first.bytes, 0, first.bytes.length, -ahead, first.lost)
    }
    if (!waiting.early) live.waiting[side] = null
  }

  function skipGap(live: Live<F>, slot: number, side: Side): void {
    const waiting = live.waiting[side]!
    reader.gap(live.flow, side)
    room.forgetEarly(waiting)
    words[table.ownAt(slot) + NEXT + side] = waiting.pieces[0]!.seq
    drain(live, slot, side)
  }

  return {
    segment,
    end() {
      for (let slot = table.oldest(open); slot >= 0; slot = table.oldest(open)) remove(slot)
    },
    dropped: () => ({ connections: dropped.connections, outOfOrderBytes: room.droppedBytes() }),
  }
}

function pieceOf(s: Segment, seq: number): Piece {
  const lost = Math.max(0, s.size - (s.to - s.from))
  return { seq, bytes: s.bytes.slice(s.from, s.to), lost, frame: s.frame, atMs: s.atMs }
}
