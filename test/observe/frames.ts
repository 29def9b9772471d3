/** Builds captures byte by byte, so that tests can say exactly what is on the wire. */

export interface TcpSegment {
  src: string
  sport: number
  dst: string
  dport: number
  seq: number
  /** `S`, `A`, `F`, `R`; payload segments are `A`. */
  flags?: string
  payload?: Uint8Array
}

export function ipv4Tcp(segment: TcpSegment): Uint8Array {
  const payload = segment.payload ?? new Uint8Array(0)
  return ipv4(6, segment.src, segment.dst, tcp(segment, payload))
}

export function tcp({ sport, dport, seq, flags = 'A' }: TcpSegment, payload: Uint8Array): Uint8Array {
  const bits = { F: 1, S: 2, R: 4, A: 16 } as Record<string, number>
  const flag = [...flags].reduce((sum, letter) => sum | bits[letter]!, 0)
  const bytes = new Uint8Array(20 + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, sport)
  view.setUint16(2, dport)
  view.setUint32(4, seq >>> 0)
  bytes[12] = 5 << 4
  bytes[13] = flag
  bytes.set(payload, 20)
  return bytes
}

export function udp(sport: number, dport: number, payload: Uint8Array): Uint8Array {
  return join(u16(sport), u16(dport), u16(8 + payload.length), u16(0), payload)
}

export function ipv4(protocol: number, src: string, dst: string, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(20)
  header[0] = 0x45
  header.set(u16(20 + payload.length), 2)
  header[8] = 64
  header[9] = protocol
  header.set(src.split('.').map(Number), 12)
  header.set(dst.split('.').map(Number), 16)
  return join(header, payload)
}

export function ipv6(next: number, payload: Uint8Array): Uint8Array {
  const header = new Uint8Array(40)
  header[0] = 0x60
  header.set(u16(payload.length), 4)
  header[6] = next
  header[23] = 1
  header[39] = 2
  return join(header, payload)
}

export function ethernet(type: number, payload: Uint8Array): Uint8Array {
  return join(new Uint8Array(12), u16(type), payload)
}

export function pcap(frames: readonly Uint8Array[], linkType = 101): Uint8Array {
  const header = new Uint8Array(24)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0xa1b2c3d4)
  view.setUint32(16, 262144)
  view.setUint32(20, linkType)
  return join(
    header,
    ...frames.map((frame, i) =>
      join(u32(1_700_000_000 + i), u32(0), u32(frame.length), u32(frame.length), frame),
    ),
  )
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff)
}

export function u32(value: number): Uint8Array {
  return join(u16(value >>> 16), u16(value))
}

export function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
