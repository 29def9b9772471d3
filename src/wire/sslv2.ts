import { good, type Result } from '../base/result.ts'
import { emptyOffer } from '../model/offer.ts'
import { SSL_2_0 } from '../model/version.ts'
import type { ClientHello } from './hello.ts'
import { fail, readBytes, readerOf, readU8, readU16 } from './reader.ts'

/** Length of the message after the two header bytes `0x80 | high, low`; 0 when they are no such header. */
export function sslv2Length(first: number, second: number): number {
  return first & 0x80 ? ((first & 0x7f) << 8) | second : 0
}

/**
 * Reads a CLIENT-HELLO in SSLv2 framing (RFC 5246 appendix E.2) from `body`, the message without its two header bytes. Old clients open with
 * it while offering TLS 1.0; version 0x0002 means SSL 2.0 itself. There is room for neither SNI nor any other extension.
 */
export function parseSslv2ClientHello(body: Uint8Array): Result<ClientHello> {
  const reader = readerOf(body)
  if (readU8(reader, 'message type') !== 1) fail(reader, 'CLIENT-HELLO (message type 1)', 0)
  const legacyVersion = readU16(reader, 'version')
  if (legacyVersion !== SSL_2_0 && legacyVersion >> 8 !== 3) fail(reader, 'version 0x0002 or 0x03..', 1)
  const specsSize = readU16(reader, 'cipher_spec_length')
  if (specsSize === 0 || specsSize % 3 !== 0) fail(reader, 'cipher_spec_length, a multiple of 3', 3)
  const sessionSize = readU16(reader, 'session_id_length')
  const challengeSize = readU16(reader, 'challenge_length')
  if (challengeSize < 8 || challengeSize > 32) fail(reader, 'challenge_length of 8 to 32', 7)
  const specs = readBytes(reader, specsSize, `${specsSize} bytes of cipher specs`)
  const sessionId = readBytes(reader, sessionSize, `session_id of ${sessionSize} bytes`)
  const challenge = readBytes(reader, challengeSize, `challenge of ${challengeSize} bytes`)
  if (!reader.failed && reader.at !== body.length) fail(reader, 'the end of the message after the challenge')
  if (reader.failed) return reader.failed

  const suites: number[] = []
  const sslv2Specs: number[] = []
  for (let at = 0; at < specs.length; at += 3) {
    const low = (specs[at + 1]! << 8) | specs[at + 2]!
    if (specs[at] === 0) suites.push(low)
    else sslv2Specs.push((specs[at]! << 16) | low)
  }
  // RFC 5246 appendix E.2: the challenge fills the random from the right.
  const random = new Uint8Array(32)
  random.set(challenge, 32 - challengeSize)
  return good({
    offer: { ...emptyOffer(), format: 'sslv2', legacyVersion, suites, sslv2Specs, withoutExtensions: true },
    random,
    sessionId,
    body,
  })
}

const sslv2Ciphers = new Map([
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
])

/** Name of an SSLv2 cipher spec (the SSL 2.0 specification of 1995, appendix C.4); `0x......` for what has none. */
export function sslv2SpecName(spec: number): string {
  return sslv2Ciphers.get(spec) ?? `0x${spec.toString(16).padStart(6, '0')}`
}
