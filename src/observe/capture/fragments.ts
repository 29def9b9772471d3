interface Datagram {
  pieces: { at: number; bytes: Uint8Array }[]
  /** Bytes kept; overlaps count twice. */
  kept: number
  /** Known once the last fragment is here. */
  size: number | null
}

export interface FragmentStore {
  /** Takes a fragment; gives the whole payload when this was the last one missing. */
  add(key: string, at: number, more: boolean, bytes: Uint8Array): Uint8Array | null
}

/**
 * Puts fragmented IP packets together (RFC 791 section 3.2, RFC 8200 section 4.5). Where fragments overlap, the first copy wins. Keeps `most` packets at a
 * time, the oldest go first.
 */
export function fragmentStore(most = 256): FragmentStore {
  const open = new Map<string, Datagram>()
  return {
    add(key, at, more, bytes) {
      let datagram = open.get(key)
      if (!datagram) {
        if (open.size >= most) open.delete(open.keys().next().value!)
        datagram = { pieces: [], kept: 0, size: null }
        open.set(key, datagram)
      }
      if (!more) datagram.size = at + bytes.length
      datagram.pieces.push({ at, bytes: bytes.slice() })
      datagram.kept += bytes.length
      if (datagram.kept > 2 ** 17 || at + bytes.length > 2 ** 16) {
        open.delete(key)
        return null
      }
      const whole = assembled(datagram)
      if (whole) open.delete(key)
      return whole
    },
  }
}

function assembled({ pieces, kept, size }: Datagram): Uint8Array | null {
  if (size === null || kept < size) return null
  const whole = new Uint8Array(size)
  // Later copies are written first, so that the first copy is the one that stays.
  for (const piece of pieces.toReversed())
    if (piece.at < size) whole.set(piece.bytes.subarray(0, size - piece.at), piece.at)
  let covered = 0
  for (const piece of pieces.toSorted((a, b) => a.at - b.at)) {
    if (piece.at > covered) return null
    covered = Math.max(covered, piece.at + piece.bytes.length)
  }
  return covered >= size ? whole : null
}
