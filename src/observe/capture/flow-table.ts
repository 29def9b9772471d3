import { addressWriter } from './address-text.ts'
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
  /** The words of a connection that are the caller's, from `ownAt(slot)` on, five of them; all 0 for a new connection. Another array after `add`. */
  words(): Int32Array
  ownAt(slot: number): number
  /** The address of a side, as people write it. */
  addressText(slot: number, side: 0 | 1): string
  /** The port of side 0 and that of side 1. */
  ports(slot: number): { sport: number; dport: number }
}

/** A slot is one cache line of 16 words: hash, next slot of its chain, both ports, addresses of both sides (IPv4: one word each), the caller's words. */
const stride = 16
const HASH = 0
const NEXT = 1
const PORTS = 2
const ADDRESSES = 3
const OWN = 11

const smallest = 2 ** 10

/** A table that grows as needed, up to `capacity` connections. */
export function flowTable(capacity: number, lists: number): FlowTable {
  /** Free slots: those that were given back, chained by NEXT, then all from `fresh` on. */
  let free = -1
  let fresh = 0
  let size = Math.min(capacity, smallest)
  let words = new Int32Array(size * stride)
  let addressWords = new Uint8Array(size)
  let heads = new Int32Array(0)
  let mask = 0
  /** The list of each slot, and its neighbours there in the order in which they came. Entry `lists + slot`; the first entries are the lists' ends. */
  let listOf = new Uint8Array(lists + size)
  let older = new Int32Array(lists + size)
  let newer = new Int32Array(lists + size)
  const counts = new Array<number>(lists).fill(0)
  for (let list = 0; list < lists; list++) older[list] = newer[list] = list
  rehash()
  const addressText = addressWriter()
  // Nobody can write a capture whose connections all fall into one chain.
  const seed = Math.floor(Math.random() * 2 ** 32) | 0
  // The key of the segment at hand: addresses, the sender's from `keyAt` on, of so many words each, and ports.
  let key: Int32Array = new Int32Array(8)
  let keyAt = 0
  let keyWords = 1
  let portsForth = 0
  let portsBack = 0
  let hash = 0
  /** The slot that was found last. */
  let last = -1

  function readKey({ addresses, addressAt, isV6, sport, dport }: Segment): void {
    key = addresses
    keyAt = addressAt
    keyWords = isV6 ? 4 : 1
    portsForth = (sport << 16) | dport
    portsBack = (dport << 16) | sport
  }

  /** The same for both directions. */
  function hashKey(): void {
    let src = seed ^ (portsForth >>> 16)
    let dst = seed ^ (portsForth & 0xffff)
    for (let i = keyAt; i < keyAt + keyWords; i++) {
      src = mix(src ^ key[i]!)
      dst = mix(dst ^ key[i + 4]!)
    }
    hash = mix(src + dst)
  }

  /** `2 * slot + side` when the key is that of the slot, -1 when it is not. */
  function sideOf(slot: number): number {
    const at = slot * stride
    if (addressWords[slot] !== keyWords) return -1
    if (words[at + PORTS] === portsForth && isSame(at + ADDRESSES, keyAt, keyAt + 4)) return 2 * slot
    if (words[at + PORTS] === portsBack && isSame(at + ADDRESSES, keyAt + 4, keyAt)) return 2 * slot + 1
    return -1
  }

  /** Whether the addresses of a slot are those of the key, side 0 from `first` on and side 1 from `second` on. */
  function isSame(at: number, first: number, second: number): boolean {
    for (let i = 0; i < keyWords; i++)
      if (words[at + i] !== key[first + i] || words[at + 4 + i] !== key[second + i]) return false
    return true
  }

  function link(list: number, slot: number): void {
    const at = lists + slot
    const last = older[list]!
    newer[last] = at
    older[at] = last
    newer[at] = list
    older[list] = at
    listOf[at] = list
    counts[list]!++
  }

  function unlink(slot: number): void {
    const at = lists + slot
    newer[older[at]!] = newer[at]!
    older[newer[at]!] = older[at]!
    counts[listOf[at]!]!--
  }

  function grow(): void {
    size = Math.min(capacity, 2 * size)
    words = copied(words, new Int32Array(size * stride))
    addressWords = copied(addressWords, new Uint8Array(size))
    listOf = copied(listOf, new Uint8Array(lists + size))
    older = copied(older, new Int32Array(lists + size))
    newer = copied(newer, new Int32Array(lists + size))
    rehash()
  }

  /** Chains all connections anew; there are no free slots between them when it is called. */
  function rehash(): void {
    heads = new Int32Array(2 ** Math.ceil(Math.log2(size) + 1)).fill(-1)
    mask = heads.length - 1
    for (let slot = 0; slot < fresh; slot++) chain(slot)
  }

  function chain(slot: number): void {
    const at = slot * stride
    const head = words[at + HASH]! & mask
    words[at + NEXT] = heads[head]!
    heads[head] = slot
  }

  return {
    words: () => words,
    ownAt: slot => slot * stride + OWN,
    find(segment) {
      readKey(segment)
      // Segments come in bursts.
      if (last >= 0) {
        const again = sideOf(last)
        if (again >= 0) return again
      }
      hashKey()
      for (let slot = heads[hash & mask]!; slot >= 0; slot = words[slot * stride + NEXT]!) {
        if (words[slot * stride + HASH] !== hash) continue
        const found = sideOf(slot)
        if (found < 0) continue
        last = slot
        return found
      }
      return -1
    },
    add(segment) {
      readKey(segment)
      hashKey()
      if (free < 0 && fresh === size) grow()
      const slot = free >= 0 ? free : fresh++
      const at = slot * stride
      if (slot === free) free = words[at + NEXT]!
      words[at + HASH] = hash
      chain(slot)
      words[at + PORTS] = portsForth
      for (let i = 0; i < 8; i++) words[at + ADDRESSES + i] = key[keyAt + i]!
      words.fill(0, at + OWN, at + stride)
      addressWords[slot] = keyWords
      link(0, slot)
      return slot
    },
    remove(slot) {
      if (slot === last) last = -1
      const at = slot * stride
      const head = words[at + HASH]! & mask
      if (heads[head] === slot) heads[head] = words[at + NEXT]!
      else {
        let before = heads[head]!
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
    oldest: list => (counts[list]! > 0 ? newer[list]! - lists : -1),
    count: list => counts[list]!,
    addressText(slot, side) {
      const at = slot * stride + ADDRESSES + 4 * side
      return addressText(words, at, addressWords[slot] === 4)
    },
    ports(slot) {
      const ports = words[slot * stride + PORTS]!
      return { sport: ports >>> 16, dport: ports & 0xffff }
    },
  }
}

function copied<A extends Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from)
  return to
}

/** Spreads every bit of a word over all others. */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x7feb352d)
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b)
  return word ^ (word >>> 16)
}
