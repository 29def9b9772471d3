/**
 * A text for a hello without what differs from one connection of a client to the next: random, session id, key share bytes, tickets, padding,
 * cookies. Two hellos with the same key have the same offer and the same SNI, so that what was found for one holds for the other.
 *
 * Only for the common form, one record with the whole hello in one piece; undefined for everything else (also for what is malformed: the real
 * parser says how). `bytes` may go on after the record.
 */
export function helloKey(bytes: Uint8Array): string | undefined {
  if (bytes.length < 49 || bytes[0] !== 22 || bytes[1] !== 3 || bytes[5] !== 1 || bytes[6] !== 0)
    return undefined
  const end = 5 + u16(bytes, 3)
  if (end > bytes.length || u16(bytes, 7) + 9 !== end) return undefined
  const suitesAt = 44 + bytes[43]!
  if (suitesAt + 2 > end) return undefined
  const compressionAt = suitesAt + 2 + u16(bytes, suitesAt)
  if (compressionAt >= end) return undefined
  let at = compressionAt + 1 + bytes[compressionAt]!
  // Record version, client version; suites and compression.
  let key = latin1(bytes, 1, 3) + latin1(bytes, 9, 11) + latin1(bytes, suitesAt, Math.min(at, end))
  if (at === end) return key
  if (at + 2 > end || u16(bytes, at) !== end - at - 2) return undefined
  at += 2
  // Slices between the bodies that are left out are taken in one piece.
  let from = at
  while (at < end) {
    if (at + 4 > end) return undefined
    const type = u16(bytes, at)
    const size = u16(bytes, at + 2)
    const next = at + 4 + size
    if (next > end) return undefined
    if (type === keyShare) {
      const groups = keyShareGroups(bytes, at + 4, next)
      if (groups === undefined) return undefined
      key += latin1(bytes, from, at + 2) + groups
      from = next
    } else if (isFleeting(type)) {
      // Of encrypted_client_hello the first byte tells outer from inner; an empty body has none.
      key +=
        latin1(bytes, from, at + 2) +
        (type === encryptedHello && size > 0 ? latin1(bytes, at + 4, at + 5) : '~')
      from = next
    }
    at = next
  }
  return key + latin1(bytes, from, end)
}

const keyShare = 51
const encryptedHello = 0xfe0d

/** padding, session_ticket, pre_shared_key, cookie, encrypted_client_hello: only their presence is part of an offer. */
function isFleeting(type: number): boolean {
  return type === 21 || type === 35 || type === 41 || type === 44 || type === encryptedHello
}

/** Groups of the shares, without the keys, after their number: no other bytes can read as the same text. */
function keyShareGroups(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (at + 2 > end || u16(bytes, at) !== end - at - 2) return undefined
  let groups = ''
  for (at += 2; at < end; ) {
    if (at + 4 > end) return undefined
    groups += latin1(bytes, at, at + 2)
    at += 4 + u16(bytes, at + 2)
  }
  return at === end ? String.fromCharCode(groups.length) + groups : undefined
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

const latin1Slice = Buffer.prototype.latin1Slice as (this: Uint8Array, from: number, to: number) => string

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return latin1Slice.call(bytes, from, to)
}
