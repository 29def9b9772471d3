import type { Offer } from '../../model/offer.ts'
import { SSL_2_0, SSL_3_0 } from '../../model/version.ts'
import { alertRecord } from '../../wire/alert.ts'

export const HANDSHAKE_FAILURE = 40
const DECODE_ERROR = 50
export const INTERNAL_ERROR = 80
export const UNRECOGNIZED_NAME = 112

/** SSL 3.0 defines no description above 47 (RFC 6101 section 5.4.2): what is newer becomes handshake_failure there. */
const lastOfSsl3 = 47

/** ERROR, NO-CIPHER-ERROR: the nearest that SSL 2.0 has to a refused version. */
const ssl2Error = Uint8Array.of(0x80, 0x03, 0x00, 0x00, 0x01)

/**
 * What a refused client is sent: a fatal alert in a record of its own version. Every client tried understands that; a fixed 0x0303 makes
 * mbedTLS 2.28 at TLS 1.0 report an invalid record. A hello in SSLv2 framing that offers TLS is answered in TLS.
 */
export function refusal(offer: Offer, description: number): Uint8Array {
  if (offer.legacyVersion === SSL_2_0) return ssl2Error
  return alertIn(offer.legacyVersion, description)
}

/** An alert for bytes that announced a TLS record but hold no hello that could be read. Undefined when they did not. */
export function alertForBroken(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 3 || bytes[0] !== 22 || bytes[1] !== 3) return undefined
  return alertIn((bytes[1] << 8) | bytes[2]!, DECODE_ERROR)
}

/** Records know 0x0300 to 0x0303; a client that claims another version is taken for the nearest. */
function alertIn(version: number, description: number): Uint8Array {
  if (version <= SSL_3_0 && description > lastOfSsl3) description = HANDSHAKE_FAILURE
  return alertRecord(Math.min(Math.max(version, SSL_3_0), 0x0303), description)
}
