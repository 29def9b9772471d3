// Writes a pcap (Ethernet, microseconds) frame by frame through one large buffer.
import { closeSync, openSync, writeSync } from 'node:fs'

const TCP = 6
const UDP = 17

/** `tags` are VLAN ids, the outer one first; addresses are 4 or 16 bytes. */
export function pcapWriter(path) {
  const file = openSync(path, 'w')
  const buffer = Buffer.alloc(8 << 20)
  let at = 24
  let written = 0
  let frames = 0
  let microseconds = 1_760_000_000_000_000
  buffer.writeUInt32LE(0xa1b2c3d4, 0)
  buffer.writeUInt16LE(2, 4)
  buffer.writeUInt16LE(4, 6)
  buffer.writeUInt32LE(262_144, 16)
  buffer.writeUInt32LE(1, 20)

  function flush() {
    writeSync(file, buffer, 0, at)
    written += at
    at = 0
  }

  /** Headers down to IP for a packet with `size` bytes after the IP header. */
  function start(tags, src, dst, protocol, size) {
    if (at + size + 128 > buffer.length) flush()
    const isV4 = src.length === 4
    const frameSize = 14 + 4 * tags.length + (isV4 ? 20 : 40) + size
    buffer.writeUInt32LE(Math.floor(microseconds / 1e6), at)
    buffer.writeUInt32LE(microseconds % 1e6, at + 4)
    buffer.writeUInt32LE(frameSize, at + 8)
    buffer.writeUInt32LE(frameSize, at + 12)
    microseconds += 7
    frames++
    at += 16
    buffer.fill(2, at, at + 12)
    at += 12
    for (const [index, tag] of tags.entries()) {
      buffer.writeUInt16BE(index < tags.length - 1 ? 0x88a8 : 0x8100, at)
      buffer.writeUInt16BE(tag, at + 2)
      at += 4
    }
    buffer.writeUInt16BE(isV4 ? 0x0800 : 0x86dd, at)
    at += 2
    if (isV4) {
      buffer.writeUInt32BE(0x45000000 + 20 + size, at)
      buffer.writeUInt32BE(0x00004000, at + 4)
      buffer.writeUInt32BE(0x40000000 + protocol * 0x10000, at + 8)
      buffer.set(src, at + 12)
      buffer.set(dst, at + 16)
      at += 20
    } else {
      buffer.writeUInt32BE(0x60000000, at)
      buffer.writeUInt32BE(size * 0x10000 + protocol * 0x100 + 64, at + 4)
      buffer.set(src, at + 8)
      buffer.set(dst, at + 24)
      at += 40
    }
  }

  return {
    /** With timestamps, as nearly every stack sends them: 32 bytes of header. */
    tcp({ tags, src, dst, sport, dport, seq, ack, flags, bytes, from, to }) {
      start(tags, src, dst, TCP, 32 + to - from)
      buffer.writeUInt16BE(sport, at)
      buffer.writeUInt16BE(dport, at + 2)
      buffer.writeUInt32BE(seq >>> 0, at + 4)
      buffer.writeUInt32BE(ack >>> 0, at + 8)
      buffer.writeUInt32BE(0x80000000 + flags * 0x10000 + 0xffff, at + 12)
      buffer.writeUInt32BE(0, at + 16)
      buffer.writeUInt32BE(0x0101080a, at + 20)
      buffer.writeUInt32BE(frames, at + 24)
      buffer.writeUInt32BE(0, at + 28)
      bytes.copy(buffer, at + 32, from, to)
      at += 32 + to - from
    },
    udp({ tags, src, dst, sport, dport, bytes, from, to }) {
      start(tags, src, dst, UDP, 8 + to - from)
      buffer.writeUInt16BE(sport, at)
      buffer.writeUInt16BE(dport, at + 2)
      buffer.writeUInt16BE(8 + to - from, at + 4)
      buffer.writeUInt16BE(0, at + 6)
      bytes.copy(buffer, at + 8, from, to)
      at += 8 + to - from
    },
    sizeBytes: () => written + at,
    frames: () => frames,
    end() {
      flush()
      closeSync(file)
    },
  }
}
