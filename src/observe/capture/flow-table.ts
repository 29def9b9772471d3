import type { Segment } from './ip.ts'

/**
 * TCP connections by their addresses and ports. A capture asks once per packet, so everything lies in flat memory: finding a connection allocates
 * nothing and touches two cache lines. A connection is a slot, a small number; what else is known of it is kept by slot elsewhere.
 */
export interface FlowTable {
  /** `2 * slot + side` of the connection that a segment belongs to, -1 when it is not there. Side 0 is the one whose segment came first. */
  find(segment: Segment): number
  /** Takes the connection of a segment that was not found, its sender being side 0; the table must not be full. Gives its slot. */
  add(segment: Segment): number
  remove(slot: number): void
  isFull(): boolean
  /** Every connection is in one of the lists, at first in list 0. */
  moveTo(list: number, slot: number): void
  /** The connection that came first into a list; -1 when there is none. */
  oldest(list: number): number
  count(list: number): number
  /** The words of a connection that are the caller's, from `ownAt(slot)` on, `ownWords` of them; all 0 for a new connection. */
  words: Int32Array
  ownAt(slot: number): number
  /** Addresses of side 0 and side 1, one after the other. */
  addresses(slot: number): Uint8Array
  ports(slot: number): [number, number]
}

export const ownWords = 5

/** A slot is one cache line of 16 words: hash, next slot of its chain, both ports, addresses of both sides (IPv4: one word each), the caller's words. */
const stride = 16
const HASH = 0
const NEXT = 1
const PORTS = 2
const ADDRESSES = 3
const OWN = 11
const isV6 = 1

export function flowTable(capacity: number, lists: number): FlowTable {
  const words = new Int32Array(capacity * stride)
  const heads = new Int32Array(2 ** Math.ceil(Math.log2(capacity) + 1)).fill(-1)
  const mask = heads.length - 1
  /** Neighbours in the list of a slot, in the order in which they came; the ends of list n are at `capacity + n`. */
  const older = new Int32Array(capacity + lists)
  const newer = new Int32Array(capacity + lists)
  const listOf = new Uint8Array(capacity)
  const family = new Uint8Array(capacity)
  const counts = new Array<number>(lists).fill(0)
  for (let list = 0; list < lists; list++) older[capacity + list] = newer[capacity + list] = capacity + list
  // Nobody can write a capture whose connections all fall into one chain.
  const seed = Math.floor(Math.random() * 2 ** 32) | 0
  /** Free slots: those that were given back, chained by NEXT, then all from `fresh` on. */
  let free = -1
  let fresh = 0

  // The key of the segment at hand: addresses as words, sender first, and ports.
  const key = new Int32Array(8)
  let portsForth = 0
  let portsBack = 0
  let hash = 0

  function readKey({ bytes, addressAt, addressSize, sport, dport }: Segment): void {
    let src = seed ^ sport
    let dst = seed ^ dport
    for (let i = 0, at = addressAt; i < addressSize >> 2; i++, at += 4) {
      const forth = wordAt(bytes, at)
      const back = wordAt(bytes, at + addressSize)
      key[i] = forth
      key[i + 4] = back
      src = mix(src ^ forth)
      dst = mix(dst ^ back)
    }
    portsForth = (sport << 16) | dport
    portsBack = (dport << 16) | sport
    // The same for both directions.
    hash = mix(src + dst)
  }

  function isSame(at: number, size: number, forth: number): boolean {
    const back = forth ^ 4
    for (let i = 0; i < size >> 2; i++)
      if (words[at + ADDRESSES + i] !== key[forth + i] || words[at + ADDRESSES + 4 + i] !== key[back + i])
        return false
    return true
  }

  function link(list: number, slot: number): void {
    const end = capacity + list
    const last = older[end]!
    newer[last] = slot
    older[slot] = last
    newer[slot] = end
    older[end] = slot
    listOf[slot] = list
    counts[list]!++
  }

  function unlink(slot: number): void {
    newer[older[slot]!] = newer[slot]!
    older[newer[slot]!] = older[slot]!
    counts[listOf[slot]!]!--
  }

  return {
    words,
    ownAt: slot => slot * stride + OWN,
    find(segment) {
      readKey(segment)
      const { addressSize } = segment
      for (let slot = heads[hash & mask]!; slot >= 0; slot = words[slot * stride + NEXT]!) {
        const at = slot * stride
        if (words[at + HASH] !== hash || family[slot] !== (addressSize === 16 ? isV6 : 0)) continue
        if (words[at + PORTS] === portsForth && isSame(at, addressSize, 0)) return 2 * slot
        if (words[at + PORTS] === portsBack && isSame(at, addressSize, 4)) return 2 * slot + 1
      }
      return -1
    },
    add(segment) {
      readKey(segment)
      const slot = free >= 0 ? free : fresh++
      const at = slot * stride
      if (slot === free) free = words[at + NEXT]!
      words[at + HASH] = hash
      words[at + NEXT] = heads[hash & mask]!
      heads[hash & mask] = slot
      words[at + PORTS] = portsForth
      words.set(key, at + ADDRESSES)
      words.fill(0, at + OWN, at + stride)
      family[slot] = segment.addressSize === 16 ? isV6 : 0
      link(0, slot)
      return slot
    },
    remove(slot) {
      const at = slot * stride
      const chain = words[at + HASH]! & mask
      if (heads[chain] === slot) heads[chain] = words[at + NEXT]!
      else {
        let before = heads[chain]!
        while (words[before * stride + NEXT] !== slot) before = words[before * stride + NEXT]!
        words[before * stride + NEXT] = words[at + NEXT]!
      }
      unlink(slot)
      words[at + NEXT] = free
      free = slot
    },
    isFull: () => free < 0 && fresh === capacity,
    moveTo(list, slot) {
      unlink(slot)
      link(list, slot)
    },
    oldest: list => (newer[capacity + list]! < capacity ? newer[capacity + list]! : -1),
    count: list => counts[list]!,
    addresses(slot) {
      const size = family[slot] === isV6 ? 16 : 4
      const bytes = new Uint8Array(2 * size)
      const view = new DataView(bytes.buffer)
      const at = slot * stride + ADDRESSES
      for (let i = 0; i < size >> 2; i++) {
        view.setInt32(4 * i, words[at + i]!)
        view.setInt32(size + 4 * i, words[at + 4 + i]!)
      }
      return bytes
    },
    ports(slot) {
      const ports = words[slot * stride + PORTS]!
      return [ports >>> 16, ports & 0xffff]
    },
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** Spreads every bit of a word over all others. */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x7feb352d)
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b)
  return word ^ (word >>> 16)
}
