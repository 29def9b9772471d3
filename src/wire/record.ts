/** Record and handshake types (RFC 8446 sections 5.1 and 4). */
export const CHANGE_CIPHER_SPEC = 20
export const ALERT = 21
export const HANDSHAKE = 22
export const APPLICATION_DATA = 23
export const HEARTBEAT = 24
export const CLIENT_HELLO = 1
export const SERVER_HELLO = 2

/** 2^14 and the most that any version adds for protection (RFC 5246 section 6.2.3). */
export const maxRecordBytes = 2 ** 14 + 2048

/**
 * Wraps a payload in records. `fragment` is the most payload bytes per record, 2^14 when absent; small values give the hellos that spread
 * over many records.
 */
export function writeRecords(
  type: number,
  version: number,
  payload: Uint8Array,
  { fragment = 2 ** 14 }: { fragment?: number } = {},
): Uint8Array {
  const count = Math.max(1, Math.ceil(payload.length / fragment))
  const bytes = new Uint8Array(payload.length + 5 * count)
  let to = 0
  for (let from = 0; to < bytes.length; from += fragment) {
    const part = payload.subarray(from, from + fragment)
    bytes.set([type, version >> 8, version & 0xff, part.length >> 8, part.length & 0xff], to)
    bytes.set(part, to + 5)
    to += 5 + part.length
  }
  return bytes
}
