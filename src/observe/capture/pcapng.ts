import { bad } from '../../base/result.ts'
import { type Format, maxFrameBytes, type Packet } from './container.ts'

interface Interface {
  linkType: number
  /** 0: without limit. */
  snapBytes: number
  unitsPerMs: number
  offsetMs: number
}

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6

/** Blocks longer than this are taken for broken; those without packets (name resolution, keys, custom) are the long ones. */
const maxBlockBytes = 2 ** 24

/** The year 10000: a resolution or an offset that leads further is wrong. */
const endOfTimeMs = Date.UTC(10_000)

/**
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html, read November 2026. Every section has its own byte order and numbers its interfaces
 * anew; blocks without packets are passed over.
 */
export function pcapngReader(packet: Packet, onPacket: (packet: Packet) => void): Format {
  let littleEndian = false
  let interfaces: Interface[] = []

  function emit(bytes: Uint8Array, on: Interface, units: number, from: number, size: number): void {
    packet.bytes = bytes
    packet.linkType = on.linkType
    const atMs = units / on.unitsPerMs + (units === 0 ? 0 : on.offsetMs)
    packet.atMs = atMs >= 0 && atMs < endOfTimeMs ? atMs : 0
    packet.from = from
    packet.to = from + size
    packet.frame++
    onPacket(packet)
  }

  return {
    record(bytes, view, from, to) {
      if (to - from < 12) return 0
      let type = view.getUint32(from, littleEndian)
      if (view.getUint32(from) === SECTION) {
        type = SECTION
        const order = view.getUint32(from + 8)
        if (order !== 0x1a2b3c4d && order !== 0x4d3c2b1a) return bad(from + 8, 'the byte order mark 1a2b3c4d')
        littleEndian = order === 0x4d3c2b1a
        interfaces = []
      }
      const size = view.getUint32(from + 4, littleEndian)
      if (size < 12 || size % 4 !== 0 || size > maxBlockBytes)
        return bad(from + 4, `a block of 12 to ${maxBlockBytes} bytes, a multiple of 4, not ${size}`)
      if (from + size > to) return 0
      if (view.getUint32(from + size - 4, littleEndian) !== size)
        return bad(from + size - 4, `the block length ${size} again at the end of the block`)
      const body = from + 8
      const end = from + size - 4
      if (type === INTERFACE) {
        if (end - body < 8) return bad(body, 'an interface description of at least 8 bytes')
        interfaces.push(interfaceOf(view, body, end, littleEndian))
      } else if (type === ENHANCED_PACKET || type === OBSOLETE_PACKET) {
        if (end - body < 20) return bad(body, 'a packet block of at least 20 bytes')
        const id =
          type === ENHANCED_PACKET ? view.getUint32(body, littleEndian) : view.getUint16(body, littleEndian)
        const on = interfaces[id]
        if (!on)
          return bad(body, `one of the ${interfaces.length} interfaces of this section, not number ${id}`)
        const captured = view.getUint32(body + 12, littleEndian)
        if (captured > maxFrameBytes || body + 20 + captured > end)
          return bad(body + 12, `a frame that fits its block, not of ${captured} bytes`)
        const units =
          view.getUint32(body + 4, littleEndian) * 2 ** 32 + view.getUint32(body + 8, littleEndian)
        emit(bytes, on, units, body + 20, captured)
      } else if (type === SIMPLE_PACKET) {
        const on = interfaces[0]
        if (!on || end - body < 4) return bad(body, 'an interface before the first simple packet')
        const original = view.getUint32(body, littleEndian)
        const most = Math.min(end - body - 4, on.snapBytes || maxFrameBytes)
        emit(bytes, on, 0, body + 4, Math.min(original, most))
      }
      return size
    },
  }
}

function interfaceOf(view: DataView, body: number, end: number, littleEndian: boolean): Interface {
  const found: Interface = {
    linkType: view.getUint16(body, littleEndian),
    snapBytes: view.getUint32(body + 4, littleEndian),
    unitsPerMs: 1e3,
    offsetMs: 0,
  }
  let at = body + 8
  while (at + 4 <= end) {
    const code = view.getUint16(at, littleEndian)
    const size = view.getUint16(at + 2, littleEndian)
    if (code === 0 || at + 4 + size > end) break
    if (code === 9 && size >= 1) {
      // if_tsresol: a power of 10, or of 2 when the high bit is set.
      const exponent = view.getUint8(at + 4)
      found.unitsPerMs = (exponent & 0x80 ? 2 ** (exponent & 0x7f) : 10 ** exponent) / 1000
    } else if (code === 14 && size >= 8) {
      found.offsetMs = Number(view.getBigInt64(at + 4, littleEndian)) * 1000
    }
    at += 4 + size + (-size & 3)
  }
  return found
}
