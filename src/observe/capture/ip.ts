import type { Packet } from './container.ts'
import { fragmentStore } from './fragments.ts'
import { bare, ethernet, etherType, networkOf } from './frame.ts'

/** One TCP segment; the object is used again for the next one. */
export interface Segment {
  frame: number
  atMs: number
  /** Holds the payload. */
  bytes: Uint8Array
  /** Holds the addresses as words, most significant byte first: the source from `addressAt` on, the destination four words later. */
  addresses: Int32Array
  addressAt: number
  isV6: boolean
  sport: number
  dport: number
  seq: number
  flags: number
  /** The payload that was captured. */
  from: number
  to: number
  /** Payload bytes by the IP header: more than captured when the capture was cut by its snap length. */
  size: number
}

/** A UDP datagram, as far as it was captured. */
export type Datagram = Pick<
  Segment,
  'frame' | 'atMs' | 'bytes' | 'addresses' | 'addressAt' | 'isV6' | 'sport' | 'dport' | 'from' | 'to'
>

export interface Transports {
  /** A segment with payload, or one that starts or ends a connection. */
  segment(segment: Segment): void
  /** A segment that carries nothing: a third of most captures, of which nobody needs to know more. */
  acknowledgment(): void
  datagram(datagram: Datagram): void
}

/** A segment to be filled in. */
export function emptySegment(): Segment {
  return {
    frame: 0,
    atMs: 0,
    bytes: new Uint8Array(0),
    addresses: new Int32Array(8),
    addressAt: 0,
    isV6: false,
    sport: 0,
    dport: 0,
    seq: 0,
    flags: 0,
    from: 0,
    to: 0,
    size: 0,
  }
}

/** Bits of the flags of a segment (RFC 9293 section 3.1). */
export const FIN = 1
export const SYN = 2
export const RST = 4

/** Tunnels within tunnels are followed this deep. */
const maxTunnels = 8

/**
 * Unwraps frames down to TCP and UDP: fragments, IPv6 extension headers, IP in IP, GRE, VXLAN, Geneve, GTP-U, Teredo. Checksums are not looked at, since
 * network cards fill them in after the capture.
 */
export function transportReader(transports: Transports): (packet: Packet) => void {
  const fragments = fragmentStore()
  const segment = emptySegment()

  /** `at` is -1 where there is no packet. */
  function network(at: number, bytes: Uint8Array, to: number, depth: number): void {
    if (at < 0 || at >= to || depth > maxTunnels) return
    const version = bytes[at]! >> 4
    if (version === 4) ipv4(bytes, at, to, depth)
    else if (version === 6) ipv6(bytes, at, to, depth)
  }

  function ipv4(bytes: Uint8Array, at: number, to: number, depth: number): void {
    if (at + 20 > to) return
    const headerSize = (bytes[at]! & 15) * 4
    const total = u16(bytes, at + 2)
    // Total length 0: a frame that the network card was to cut (segmentation offload).
    const end = total === 0 ? to : at + total
    const payload = at + headerSize
    if (headerSize < 20 || payload > to || end < payload) return
    const fragment = u16(bytes, at + 6)
    if ((fragment & 0x3fff) === 0) {
      transport(bytes[at + 9]!, bytes, payload, Math.min(end, to), end - payload, at + 12, 4, depth)
      return
    }
    if (end > to) return
    const key = `4${keyOf(bytes, at + 12, 8)}${u16(bytes, at + 4)}.${bytes[at + 9]}`
    const whole = fragments.add(
      key,
      (fragment & 0x1fff) * 8,
      (fragment & 0x2000) !== 0,
      bytes.subarray(payload, end),
    )
    if (whole) reassembled(whole, bytes[at + 9]!, bytes.subarray(at + 12, at + 20), depth)
  }

  function ipv6(bytes: Uint8Array, at: number, to: number, depth: number): void {
    if (at + 40 > to) return
    const declared = u16(bytes, at + 4)
    // Payload length 0: a jumbogram or segmentation offload.
    const end = declared === 0 ? to : at + 40 + declared
    let next = bytes[at + 6]!
    let payload = at + 40
    for (let headers = 0; headers < 16 && payload + 8 <= to; headers++) {
      if (next === 44) {
        const fragment = u16(bytes, payload + 2)
        next = bytes[payload]!
        if ((fragment & 0xfff9) !== 0) {
          if (end > to) return
          const key = `6${keyOf(bytes, at + 8, 32)}${keyOf(bytes, payload + 4, 4)}.${next}`
          const whole = fragments.add(
            key,
            fragment & 0xfff8,
            (fragment & 1) !== 0,
            bytes.subarray(payload + 8, end),
          )
          if (whole) reassembled(whole, next, bytes.subarray(at + 8, at + 40), depth)
          return
        }
        payload += 8
      } else if (next === 0 || next === 43 || next === 60 || next === 135 || next === 139 || next === 140) {
        next = bytes[payload]!
        payload += (bytes[payload + 1]! + 1) * 8
      } else if (next === 51) {
        next = bytes[payload]!
        payload += (bytes[payload + 1]! + 2) * 4
      } else break
    }
    if (payload > to || payload > end) return
    transport(next, bytes, payload, Math.min(end, to), end - payload, at + 8, 16, depth)
  }

  function reassembled(payload: Uint8Array, protocol: number, addresses: Uint8Array, depth: number): void {
    const bytes = new Uint8Array(addresses.length + payload.length)
    bytes.set(addresses)
    bytes.set(payload, addresses.length)
    const addressSize = addresses.length === 8 ? 4 : 16
    transport(protocol, bytes, addresses.length, bytes.length, payload.length, 0, addressSize, depth)
  }

  function transport(
    protocol: number,
    bytes: Uint8Array,
    at: number,
    to: number,
    size: number,
    addressAt: number,
    addressSize: 4 | 16,
    depth: number,
  ): void {
    switch (protocol) {
      case 6:
        tcp(bytes, at, to, size, addressAt, addressSize)
        break
      case 17:
        udp(bytes, at, to, addressAt, addressSize, depth)
        break
      case 4:
      case 41:
        network(bare(bytes, at, to), bytes, to, depth + 1)
        break
      case 47:
        gre(bytes, at, to, depth)
        break
      case 51:
        if (addressSize === 4 && at + 8 <= to) {
          const header = (bytes[at + 1]! + 2) * 4
          transport(bytes[at]!, bytes, at + header, to, size - header, addressAt, addressSize, depth + 1)
        }
        break
    }
  }

  function tcp(
    bytes: Uint8Array,
    at: number,
    to: number,
    size: number,
    addressAt: number,
    addressSize: 4 | 16,
  ): void {
    if (at + 20 > to) return
    const headerSize = (bytes[at + 12]! >> 4) * 4
    if (headerSize < 20 || headerSize > size) return
    const flags = bytes[at + 13]!
    if (headerSize === size && (flags & (SYN | FIN | RST)) === 0) {
      transports.acknowledgment()
      return
    }
    segment.bytes = bytes
    readAddresses(bytes, addressAt, addressSize)
    segment.sport = u16(bytes, at)
    segment.dport = u16(bytes, at + 2)
    segment.seq = u32(bytes, at + 4)
    segment.flags = flags
    segment.from = Math.min(at + headerSize, to)
    segment.to = to
    segment.size = size - headerSize
    transports.segment(segment)
  }

  function readAddresses(bytes: Uint8Array, at: number, size: 4 | 16): void {
    segment.isV6 = size === 16
    for (let i = 0; i < size >> 2; i++) {
      segment.addresses[i] = u32(bytes, at + 4 * i)
      segment.addresses[i + 4] = u32(bytes, at + size + 4 * i)
    }
  }

  function udp(
    bytes: Uint8Array,
    at: number,
    to: number,
    addressAt: number,
    addressSize: 4 | 16,
    depth: number,
  ): void {
    if (at + 8 > to) return
    const sport = u16(bytes, at)
    const dport = u16(bytes, at + 2)
    const from = at + 8
    if (dport === 4789 || dport === 8472) network(ethernet(bytes, from + 8, to, 0), bytes, to, depth + 1)
    else if (dport === 6081 && from + 8 <= to) {
      const header = 8 + (bytes[from]! & 0x3f) * 4
      network(etherType(u16(bytes, from + 2), bytes, from + header, to, 0), bytes, to, depth + 1)
    } else if (dport === 2152 || sport === 2152) gtp(bytes, from, to, depth)
    else if (dport === 3544 || sport === 3544) network(bare(bytes, from, to), bytes, to, depth + 1)
    else {
      segment.bytes = bytes
      readAddresses(bytes, addressAt, addressSize)
      segment.sport = sport
      segment.dport = dport
      segment.from = from
      segment.to = to
      transports.datagram(segment)
    }
  }

  /** RFC 2784, RFC 2890; version 1 with its acknowledgment is PPTP (RFC 2637). */
  function gre(bytes: Uint8Array, at: number, to: number, depth: number): void {
    if (at + 4 > to) return
    const flags = u16(bytes, at)
    const type = u16(bytes, at + 2)
    let inner = at + 4
    for (const flag of [0x8000, 0x2000, 0x1000]) if (flags & flag) inner += 4
    if ((flags & 7) === 1 && flags & 0x80) inner += 4
    if (type === 0x880b) network(networkOf(bytes, inner, to, 9), bytes, to, depth + 1)
    else if (type === 0x88be)
      network(ethernet(bytes, inner + (flags & 0x1000 ? 8 : 0), to, 0), bytes, to, depth + 1)
    else if (type === 0x22eb) {
      const header = (bytes[inner + 11] ?? 0) & 1 ? 20 : 12
      network(ethernet(bytes, inner + header, to, 0), bytes, to, depth + 1)
    } else network(etherType(type, bytes, inner, to, 0), bytes, to, depth + 1)
  }

  /** GTP-U (3GPP TS 29.281): a user's packet, after optional fields and extension headers. */
  function gtp(bytes: Uint8Array, at: number, to: number, depth: number): void {
    if (at + 8 > to || bytes[at]! >> 5 !== 1 || bytes[at + 1] !== 0xff) return
    let inner = at + 8
    if (bytes[at]! & 7) {
      let next = bytes[at + 11] ?? 0
      inner += 4
      for (let i = 0; next !== 0 && i < 8 && inner < to; i++) {
        const size = Math.max(1, bytes[inner]!) * 4
        next = bytes[inner + size - 1] ?? 0
        inner += size
      }
    }
    network(bare(bytes, inner, to), bytes, to, depth + 1)
  }

  return packet => {
    segment.frame = packet.frame
    segment.atMs = packet.atMs
    network(networkOf(packet.bytes, packet.from, packet.to, packet.linkType), packet.bytes, packet.to, 0)
  }
}

function keyOf(bytes: Uint8Array, at: number, size: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + size))
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
