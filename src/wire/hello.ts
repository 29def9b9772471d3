import { hexOf } from '../base/bytes.ts'
import { good, type Result } from '../base/result.ts'
import { emptyOffer, type Offer } from '../model/offer.ts'
import { TLS_1_3, type Version } from '../model/version.ts'
import {
  fail,
  type Reader,
  readBytes,
  readerOf,
  readU8,
  readU8List,
  readU16,
  readU16List,
  readVectorEnd,
  skipBytes,
} from './reader.ts'
import { firstOf, latin1 } from './repeated.ts'

/** A ClientHello: what it offers, and what differs from connection to connection. Byte fields are views into the bytes handed in. */
export interface ClientHello {
  offer: Offer
  random: Uint8Array
  sessionId: Uint8Array
  /** The message as it was on the wire, without the four bytes of the handshake header. */
  body: Uint8Array
}

export interface ServerHello {
  recordVersion: Version
  legacyVersion: Version
  /** Extension 43 when there is one, else legacy_version. */
  version: Version
  random: Uint8Array
  sessionId: Uint8Array
  suite: number
  compression: number
  /** Extension types in wire order. */
  extensions: number[]
  /** The one protocol chosen in the clear (TLS 1.2 and older); null when none. Characters are bytes. */
  alpn: string | null
  /** Group of the key share (TLS 1.3); 0 when there is none. */
  group: number
  /** A HelloRetryRequest (RFC 8446 section 4.1.4): not yet an answer. */
  isRetry: boolean
  /** RFC 8446 section 4.1.3: the server knows TLS 1.3 but agreed to 1.2, or knows 1.2 and agreed to less. */
  downgrade: 'tls12' | 'tls11-or-lower' | null
}

/** Reads a ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2) from `body`, the message without its four header bytes. */
export function parseClientHello(body: Uint8Array, recordVersion: Version): Result<ClientHello> {
  const read = parseOffer(body, recordVersion)
  if (!read.ok) return read
  const { offer, sessionIdBytes } = read.value
  const sessionId = body.subarray(sessionIdAt, sessionIdAt + sessionIdBytes)
  return good({ offer, random: body.subarray(2, 34), sessionId, body })
}

/** After legacy_version, random and the length of the session id itself. */
const sessionIdAt = 35

/** The same without what differs from connection to connection, for readers of very many hellos. Lists of the offer must not be changed. */
export function parseOffer(
  body: Uint8Array,
  recordVersion: Version,
): Result<{ offer: Offer; sessionIdBytes: number }> {
  const reader = readerOf(body)
  const offer = emptyOffer()
  offer.recordVersion = recordVersion
  offer.legacyVersion = readU16(reader, 'legacy_version')
  skipBytes(reader, 32, '32 bytes of random')
  const sessionIdBytes = skipSessionId(reader)
  offer.suites = readU16List(reader, 2, 'cipher_suites')
  offer.compression = readU8List(reader, 'compression_methods')
  offer.withoutExtensions = reader.at === body.length
  if (!reader.failed && !offer.withoutExtensions) {
    const count = readExtensions(reader, readOffered, offer)
    offer.extensions = firstOf(extensionTypes, count)
  }
  return reader.failed ?? good({ offer, sessionIdBytes })
}

/**
 * Reads a ServerHello or HelloRetryRequest (RFC 8446 section 4.1.3). Drafts of TLS 1.3 up to 21 had neither session id nor compression and
 * put their number into legacy_version; they are read too.
 */
export function parseServerHello(body: Uint8Array, recordVersion: Version): Result<ServerHello> {
  const reader = readerOf(body)
  const legacyVersion = readU16(reader, 'legacy_version')
  const early = isEarlyDraft(legacyVersion)
  const random = readBytes(reader, 32, '32 bytes of random')
  const sessionId = early ? body.subarray(0, 0) : readSessionId(reader)
  const suite = readU16(reader, 'cipher_suite')
  const compression = early ? 0 : readU8(reader, 'compression_method')
  // Few randoms mean anything, and each of those starts with one of two bytes.
  const isSpecial = random[0] === 0xcf || random[24] === 0x44
  const tail = isSpecial ? hexOf(random.subarray(24)) : ''
  const hello: ServerHello = {
    recordVersion,
    legacyVersion,
    version: legacyVersion,
    random,
    sessionId,
    suite,
    compression,
    extensions: [],
    alpn: null,
    group: 0,
    isRetry: tail === retryTail && hexOf(random) === retryRandom,
    downgrade: tail === sentinelTls12 ? 'tls12' : tail === sentinelOlder ? 'tls11-or-lower' : null,
  }
  if (!reader.failed && reader.at < body.length) {
    const count = readExtensions(reader, readAgreed, hello)
    hello.extensions = firstOf(extensionTypes, count)
  }
  return reader.failed ?? good(hello)
}

function readAgreed(type: number, body: Reader, hello: ServerHello): void {
  if (type === 43) hello.version = readU16(body, 'selected version')
  else if (type === 51) hello.group = readU16(body, 'key_share group')
  else if (type === 16) hello.alpn = readProtocols(body)[0] ?? null
}

/** Drafts of TLS 1.3 whose ServerHello had another layout. */
export function isEarlyDraft(version: Version): boolean {
  return version >> 8 === 0x7f && (version & 0xff) <= 21
}

/** The extensions of a ClientHello with their bodies, in wire order; empty when the body is not a ClientHello. */
export function rawExtensions(body: Uint8Array): { type: number; body: Uint8Array }[] {
  const found: { type: number; body: Uint8Array }[] = []
  const reader = readerOf(body, 34)
  skipSessionId(reader)
  readU16List(reader, 2, 'cipher_suites')
  readU8List(reader, 'compression_methods')
  if (reader.failed || reader.at === body.length) return found
  readExtensions(
    reader,
    (type, inner) => found.push({ type, body: readBytes(inner, inner.end - inner.at, 'extension') }),
    null,
  )
  return reader.failed ? [] : found
}

function readSessionId(reader: Reader): Uint8Array {
  const size = skipSessionId(reader)
  return reader.failed ? reader.bytes.subarray(0, 0) : reader.bytes.subarray(reader.at - size, reader.at)
}

/** Gives its length. */
function skipSessionId(reader: Reader): number {
  const start = reader.at
  const size = readU8(reader, 'session_id')
  if (size > 32) fail(reader, 'session_id of at most 32 bytes', start)
  // Words for a fault are put together when there is one: captures hold hellos by the hundred thousand.
  if (reader.at + size > reader.end) fail(reader, `session_id of ${size} bytes`)
  skipBytes(reader, size, 'session_id')
  return size
}

/** The types of the extensions that were read last, in wire order; a block of 2^16 bytes holds no more. */
const extensionTypes = new Uint16Array(2 ** 14)

/**
 * Hands each extension to `visit` with the reader narrowed to its body, for it to fill `into`; `before` extensions came first. What `visit` leaves unread
 * is skipped. Gives the number of extensions, whose types are the first of `extensionTypes`.
 */
function readExtensions<T>(
  reader: Reader,
  visit: (type: number, body: Reader, into: T, before: number) => void,
  into: T,
): number {
  const end = readVectorEnd(reader, 2, 'extensions')
  if (end !== reader.end) fail(reader, 'the end of the message after the extensions', end)
  let count = 0
  while (reader.at < end && !reader.failed) {
    const type = readU16(reader, 'extension type')
    const start = reader.at
    const size = readU16(reader, 'extension length')
    const next = reader.at + size
    if (next > end) fail(reader, `extension ${type} of ${size} bytes`, start)
    if (reader.failed) break
    reader.end = next
    visit(type, reader, into, count)
    if (reader.failed) break
    extensionTypes[count++] = type
    reader.at = next
    reader.end = end
  }
  return count
}

function readOffered(type: number, body: Reader, offer: Offer, before: number): void {
  // Of an extension that is sent twice the first one counts.
  for (let i = 0; i < before; i++) if (extensionTypes[i] === type) return
  switch (type) {
    case 0:
      offer.sni = readHostName(body)
      break
    case 10:
      offer.groups = readU16List(body, 2, 'supported_groups')
      break
    case 11:
      offer.pointFormats = readU8List(body, 'ec_point_formats')
      break
    case 13:
      offer.signatureSchemes = readU16List(body, 2, 'signature_algorithms')
      break
    case 16:
      offer.alpn = readProtocols(body)
      break
    case 23:
      offer.extendedMasterSecret = true
      break
    case 35:
      offer.sessionTicket = true
      break
    case 41:
      offer.offersPsk = true
      break
    case 43:
      offer.supportedVersions = readU16List(body, 1, 'supported_versions')
      break
    case 45:
      offer.pskModes = readU8List(body, 'psk_key_exchange_modes')
      break
    case 50:
      offer.signatureSchemesCert = readU16List(body, 2, 'signature_algorithms_cert')
      break
    case 51:
      offer.keyShareGroups = readKeyShares(body)
      break
    case 0xfe0d:
      offer.ech = body.bytes[body.at] === 0 && body.at < body.end
      break
  }
}

/** RFC 6066 section 3. An empty body is not allowed and sent all the same; it says that there is no name. */
function readHostName(body: Reader): string | null {
  if (body.at === body.end) return null
  const end = readVectorEnd(body, 2, 'server_name list')
  while (body.at < end && !body.failed) {
    const type = readU8(body, 'name_type')
    const stop = readVectorEnd(body, 2, 'host_name')
    if (body.failed) return null
    const { bytes, at } = body
    body.at = stop
    if (type === 0) return stop > at && isPrintable(bytes, at, stop) ? latin1(bytes, at, stop) : null
  }
  return null
}

function isPrintable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! < 0x21 || bytes[at]! > 0x7e) return false
  return true
}

function readProtocols(body: Reader): string[] {
  const protocols: string[] = []
  const end = readVectorEnd(body, 2, 'ALPN list')
  while (body.at < end && !body.failed) {
    const stop = readVectorEnd(body, 1, 'ALPN protocol')
    if (body.failed) break
    protocols.push(latin1(body.bytes, body.at, stop))
    body.at = stop
  }
  return protocols
}

function readKeyShares(body: Reader): number[] {
  const groups: number[] = []
  const end = readVectorEnd(body, 2, 'key_share list')
  while (body.at < end && !body.failed) {
    groups.push(readU16(body, 'key_share group'))
    body.at = readVectorEnd(body, 2, 'key_share')
  }
  return groups
}

/** RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest". */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'
const retryTail = retryRandom.slice(48)
const sentinelTls12 = '444f574e47524401'
const sentinelOlder = '444f574e47524400'

/** True when the answer was agreed on as TLS 1.3, after which the server sends nothing more in the clear. */
export function hidesTheRest(hello: ServerHello): boolean {
  return !hello.isRetry && (hello.version === TLS_1_3 || hello.version >> 8 >= 0x7e)
}
