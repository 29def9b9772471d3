/** There is no IP packet that we read. */
const nothing = -1

/**
 * Finds the IP packet in a captured frame and gives its offset, -1 when there is none that we read; its first nibble says which IP it is. Knows the
 * link types of https://www.tcpdump.org/linktypes.html, then VLAN tags, MPLS labels, PPPoE and others in any order, a bounded number of them.
 */
export function networkOf(bytes: Uint8Array, from: number, to: number, linkType: number): number {
  switch (linkType) {
    case 1:
      return ethernet(bytes, from, to, 0)
    case 0:
      return family(bytes, from, to)
    case 108:
      return family(bytes, from, to)
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return bare(bytes, from, to)
    case 113:
      return etherType(u16(bytes, from + 14, to), bytes, from + 16, to, 0)
    case 276:
      return etherType(u16(bytes, from, to), bytes, from + 20, to, 0)
    case 9:
    case 50:
      return ppp(bytes, from, to)
    case 104:
      return etherType(u16(bytes, from + 2, to), bytes, from + 4, to, 0)
    case 105:
      return wireless(bytes, from, to)
    case 119:
      return wireless(bytes, from + 144, to)
    case 127:
      return wireless(bytes, from + ((bytes[from + 3] ?? 0) << 8) + (bytes[from + 2] ?? 0), to)
    case 239:
      return nflog(bytes, from, to)
    default:
      return nothing
  }
}

/** Ethernet, also inside tunnels. */
export function ethernet(bytes: Uint8Array, from: number, to: number, depth: number): number {
  return etherType(u16(bytes, from + 12, to), bytes, from + 14, to, depth)
}

const maxDepth = 16

/** What follows an EtherType (https://www.iana.org/assignments/ieee-802-numbers). */
export function etherType(type: number, bytes: Uint8Array, at: number, to: number, depth: number): number {
  while (depth++ < maxDepth && at < to) {
    switch (type) {
      case 0x0800:
      case 0x86dd:
        return at
      case 0x8100:
      case 0x88a8:
      case 0x9100:
      case 0x9200:
      case 0x9300:
        type = u16(bytes, at + 2, to)
        at += 4
        break
      case 0x8847:
      case 0x8848:
        return mpls(bytes, at, to, depth)
      case 0x8864:
        return ppp(bytes, at + 6, to)
      case 0x88e7:
        // 802.1ah: four bytes of service tag, then the customer's frame.
        return ethernet(bytes, at + 4, to, depth)
      case 0x8926:
        type = u16(bytes, at + 4, to)
        at += 6
        break
      case 0x6558:
        return ethernet(bytes, at, to, depth)
      default:
        // 802.3: a length in place of the type, then LLC and SNAP.
        if (type > 1500 || bytes[at] !== 0xaa || bytes[at + 1] !== 0xaa) return nothing
        type = u16(bytes, at + 6, to)
        at += 8
    }
  }
  return nothing
}

function mpls(bytes: Uint8Array, at: number, to: number, depth: number): number {
  while (at + 4 <= to) {
    const isLast = bytes[at + 2]! & 1
    at += 4
    if (!isLast) continue
    const found = bare(bytes, at, to)
    if (found >= 0) return found
    // A pseudowire: four bytes of control word that start with a zero nibble, then Ethernet.
    return ethernet(bytes, bytes[at]! >> 4 === 0 ? at + 4 : at, to, depth)
  }
  return nothing
}

/** PPP with or without its address and control bytes and with a protocol of one or two bytes (RFC 1661). */
function ppp(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] === 0xff && bytes[at + 1] === 0x03) at += 2
  const isShort = (bytes[at] ?? 0) & 1
  const protocol = isShort ? bytes[at]! : u16(bytes, at, to)
  const next = at + (isShort ? 1 : 2)
  if (next >= to) return nothing
  if (protocol === 0x21 || protocol === 0x57) return next
  return protocol === 0x0281 ? mpls(bytes, next, to, 1) : nothing
}

/** No link header: the first nibble is the version of IP. */
export function bare(bytes: Uint8Array, at: number, to: number): number {
  const version = at < to ? bytes[at]! >> 4 : 0
  return version === 4 || version === 6 ? at : nothing
}

/** NULL and LOOP: an address family in the byte order of the capturing host. */
function family(bytes: Uint8Array, at: number, to: number): number {
  const value = Math.max(bytes[at] ?? 0, bytes[at + 3] ?? 0)
  if (at + 4 > to) return nothing
  return [2, 10, 24, 28, 30].includes(value) ? at + 4 : nothing
}

/** IEEE 802.11 data frames that are not encrypted: LLC and SNAP after a header of 24 bytes and more. */
function wireless(bytes: Uint8Array, at: number, to: number): number {
  if (at + 32 > to) return nothing
  const control = bytes[at]!
  const flags = bytes[at + 1]!
  if ((control & 0x0c) !== 0x08 || control & 0x40 || flags & 0x40) return nothing
  let header = (flags & 3) === 3 ? 30 : 24
  if (control & 0x80) header += flags & 0x80 ? 6 : 2
  return etherType(0, bytes, at + header, to, 0)
}

/** Linux netfilter log: type, length, value; attribute 9 is the packet. */
function nflog(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 4
  while (at + 4 <= to) {
    const size = bytes[at]! | (bytes[at + 1]! << 8)
    if (bytes[at + 2] === 9 && bytes[at + 3] === 0) return bare(bytes, at + 4, to)
    if (size < 4) return nothing
    at += size + (-size & 3)
  }
  return nothing
}

function u16(bytes: Uint8Array, at: number, to: number): number {
  return at + 2 <= to ? (bytes[at]! << 8) | bytes[at + 1]! : 0
}
