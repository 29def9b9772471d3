import { type Bad, bad } from '../../base/result.ts'
import { pcapngReader } from './pcapng.ts'

/** One captured frame; the object is used again for the next one, and `bytes` may be too. */
export interface Packet {
  /** Position in the file, from 1. */
  frame: number
  /** Milliseconds since 1970, with fractions; 0 where the file tells none (simple packet blocks) or none that can be. */
  atMs: number
  /** LINKTYPE_ value of https://www.tcpdump.org/linktypes.html. */
  linkType: number
  bytes: Uint8Array
  from: number
  to: number
}

export interface PacketReader {
  /** Takes the next bytes of the file. */
  push(bytes: Uint8Array): void
  /** Where the file is not what it should be; nothing after it is read. */
  broken(): Bad | null
  /** At the end of the file: the record that is not whole, if any. */
  cut(): Bad | null
}

/** Frames longer than this are refused: no link carries them, and a broken length must not make us wait for gigabytes. */
export const maxFrameBytes = 2 ** 18

/** A reader of one format: told how much is there, says how much it used, and 0 when it needs more. */
export interface Format {
  /** Reads one record at `from`; gives its size, 0 when `to` comes first, or what is wrong. */
  record(bytes: Uint8Array, view: DataView, from: number, to: number): number | Bad
}

/** Reads pcap (both byte orders, micro- and nanoseconds) and pcapng as they come, in pieces of any size. */
export function packetReader(onPacket: (packet: Packet) => void): PacketReader {
  const packet: Packet = { frame: 0, atMs: 0, linkType: 0, bytes: new Uint8Array(0), from: 0, to: 0 }
  let format: Format | null = null
  /** The start of a record whose end has not come: the first `fill` bytes of `rest`. */
  let rest = new Uint8Array(2 ** 16)
  let fill = 0
  /** Offset in the file of the next byte that was not used. */
  let offset = 0
  let trouble: Bad | null = null

  function push(given: Uint8Array): void {
    // A Buffer's `slice` is no copy, and pieces of a file are read into the same memory again.
    const more = new Uint8Array(given.buffer, given.byteOffset, given.length)
    let from = 0
    while (fill > 0 && from < more.length && !trouble) {
      // Records are small beside the pieces of a file: what is put together is the one record that lies in two of them.
      const before = fill
      const some = more.subarray(from, from + joinBytes)
      keep(some)
      const used = readFrom(rest.subarray(0, fill))
      from += some.length
      if (used < before) {
        rest.copyWithin(0, used, fill)
        fill -= used
      } else {
        from -= fill - used
        fill = 0
      }
    }
    if (trouble) return
    const last = more.subarray(from)
    keep(last.subarray(readFrom(last)))
  }

  /** Reads whole records and gives the bytes that they took. */
  function readFrom(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    packet.bytes = bytes
    let at = 0
    while (at < bytes.length) {
      if (format === null) {
        if (bytes.length - at < 4) break
        format = formatOf(view.getUint32(at), packet, onPacket)
        if (!format) {
          trouble = bad(offset + at, 'a capture file (pcap, pcapng, or one of them in gzip or zstd)')
          break
        }
      }
      const used = format.record(bytes, view, at, bytes.length)
      if (typeof used !== 'number') {
        trouble = bad(offset + used.at, used.want)
        break
      }
      if (used === 0) break
      at += used
    }
    offset += at
    return at
  }

  function keep(bytes: Uint8Array): void {
    if (fill + bytes.length > rest.length) {
      const larger = new Uint8Array(Math.max(2 * rest.length, fill + bytes.length))
      larger.set(rest.subarray(0, fill))
      rest = larger
    }
    rest.set(bytes, fill)
    fill += bytes.length
  }

  return {
    push,
    broken: () => trouble,
    cut: () =>
      fill === 0 || trouble ? null : bad(offset, `the rest of a record, after ${fill} bytes of it`),
  }
}

/** How much is added at a time to a record that lies in two pieces. */
const joinBytes = 2 ** 12

/** Whether a file that starts with these four bytes, read in network order, is pcap or pcapng. */
export function isCaptureMagic(magic: number): boolean {
  return magic === pcapngMagic || pcapVariants.has(magic)
}

const pcapngMagic = 0x0a0d0d0a

function formatOf(magic: number, packet: Packet, onPacket: (packet: Packet) => void): Format | null {
  if (magic === pcapngMagic) return pcapngReader(packet, onPacket)
  const variant = pcapVariants.get(magic)
  return variant ? pcapReader(variant, packet, onPacket) : null
}

interface PcapVariant {
  littleEndian: boolean
  unitsPerMs: number
  recordHeader: number
}

const pcapVariants = new Map<number, PcapVariant>([
  [0xa1b2c3d4, { littleEndian: false, unitsPerMs: 1e3, recordHeader: 16 }],
  [0xd4c3b2a1, { littleEndian: true, unitsPerMs: 1e3, recordHeader: 16 }],
  [0xa1b23c4d, { littleEndian: false, unitsPerMs: 1e6, recordHeader: 16 }],
  [0x4d3cb2a1, { littleEndian: true, unitsPerMs: 1e6, recordHeader: 16 }],
  // A patched libpcap of 1999 wrote eight bytes more per record: interface, protocol, packet type.
  [0xa1b2cd34, { littleEndian: false, unitsPerMs: 1e3, recordHeader: 24 }],
  [0x34cdb2a1, { littleEndian: true, unitsPerMs: 1e3, recordHeader: 24 }],
])

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html, read November 2026. */
function pcapReader(variant: PcapVariant, packet: Packet, onPacket: (packet: Packet) => void): Format {
  const { littleEndian, unitsPerMs, recordHeader } = variant
  let isOpen = false
  return {
    record(_bytes, view, from, to) {
      if (!isOpen) {
        if (to - from < 24) return 0
        // The high bits say whether and how long a frame check sequence follows each frame.
        packet.linkType = view.getUint32(from + 20, littleEndian) & 0xffff
        isOpen = true
        return 24
      }
      if (to - from < recordHeader) return 0
      const size = view.getUint32(from + 8, littleEndian)
      if (size > maxFrameBytes) return bad(from + 8, `a frame of at most ${maxFrameBytes} bytes, not ${size}`)
      const end = from + recordHeader + size
      if (end > to) return 0
      const seconds = view.getUint32(from, littleEndian)
      packet.atMs = seconds * 1000 + view.getUint32(from + 4, littleEndian) / unitsPerMs
      packet.from = from + recordHeader
      packet.to = end
      packet.frame++
      onPacket(packet)
      return end - from
    },
  }
}
