import { alertName } from '../../model/iana/alerts.ts'
import { type Alert, parseAlert } from '../../wire/alert.ts'
import { type DeframeHandler, type Deframer, deframe } from '../../wire/deframe.ts'
import {
  type ClientHello,
  hidesTheRest,
  isEarlyDraft,
  parseOffer,
  parseServerHello,
  type ServerHello,
} from '../../wire/hello.ts'
import {
  ALERT,
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  HANDSHAKE,
  maxRecordBytes,
  SERVER_HELLO,
} from '../../wire/record.ts'
import { parseSslv2ClientHello, sslv2Length } from '../../wire/sslv2.ts'
import type { Side } from './tcp.ts'

/** A ClientHello without the bytes that differ from connection to connection: captures are read through one buffer, and views do not last. */
export type SeenClientHello = Pick<ClientHello, 'offer'> & { sessionIdBytes: number }

/** What is told of the connection `of`, on which a finder works, and of the `side` that sent it. */
export interface Found<C> {
  clientHello(of: C, side: Side, hello: SeenClientHello): void
  /** Its `random` and `sessionId` are views that do not outlast the call. */
  serverHello(of: C, side: Side, hello: ServerHello): void
  /** A ServerKeyExchange after the ServerHello. */
  keyExchange(of: C, body: Uint8Array): void
  /** A server answers in SSL 2.0 itself. */
  sslv2ServerHello(of: C, side: Side): void
  alert(of: C, side: Side, alert: Alert): void
  /** Whether the other side's final hello has come: what a client sends after it is encrypted. */
  isAnswered(of: C): boolean
  /** A ClientHello began and its rest was not captured. */
  incompleteClientHello(of: C, side: Side): void
  /** A message that starts like a hello and is none. */
  malformedHello(of: C, side: Side, want: string): void
}

/** One direction of a connection while TLS is looked for in it. */
export interface Finder<C> {
  of: C
  side: Side
  /** `scan`: nothing was recognised yet; `done`: nothing more is wanted. */
  mode: 'scan' | 'tls' | 'done'
  scannedBytes: number
  /** The end of what was scanned, when it may be the start of a record. */
  pending: Uint8Array | null
  frames: Deframer | null
  role: 'client' | 'server' | null
  sawHello: boolean
  awaitsHello: boolean
  afterChangeCipher: boolean
  tlsBytes: number
}

/** Functions for finders rather than a finder of functions: a capture has hundreds of thousands of them. */
export interface Finders<C> {
  start(of: C, side: Side): Finder<C>
  /** Takes the next bytes, those from `from` to `to`; best a segment at a time, since protocols switch to TLS at the start of one. */
  find(finder: Finder<C>, bytes: Uint8Array, from: number, to: number): void
  /** Bytes are missing here. */
  lose(finder: Finder<C>): void
}

/** How far into a direction TLS is looked for, and how much of a client's side is read after its hello. */
const maxPreambleBytes = 2 ** 16
const SERVER_KEY_EXCHANGE = 12
const SSLV2_SERVER_HELLO = 4
const maxSslv2Bytes = 2 ** 11

/** Look for TLS in one direction of a TCP connection each, on any port and after any preamble. */
export function finders<C>(found: Found<C>): Finders<C> {
  function find(finder: Finder<C>, bytes: Uint8Array, from: number, to: number): void {
    if (finder.mode === 'tls') feed(finder, bytes, from, to)
    else if (finder.mode === 'scan') scan(finder, bytes.subarray(from, to))
  }

  function scan(finder: Finder<C>, bytes: Uint8Array): void {
    finder.scannedBytes += bytes.length
    const held = finder.pending
    finder.pending = null
    if (!held) {
      const wrapped = isTdsPacket(bytes) && scanFrom(finder, bytes.subarray(tdsHeaderBytes), true)
      if (!wrapped && !scanFrom(finder, bytes, true)) search(finder, bytes, 1)
    } else {
      const both = new Uint8Array(held.length + bytes.length)
      both.set(held)
      both.set(bytes, held.length)
      if (!scanFrom(finder, both, true) && !scanFrom(finder, bytes, true)) search(finder, both, 1)
    }
    if (finder.mode === 'scan' && finder.scannedBytes > maxPreambleBytes) finder.mode = 'done'
  }

  /** True when `bytes` starts a record, or may after more bytes. */
  function scanFrom(finder: Finder<C>, bytes: Uint8Array, isBoundary: boolean): boolean {
    const first = bytes[0]!
    const looks = first & 0x80 && isBoundary ? sslv2Start(bytes) : recordStart(bytes, 0, isBoundary)
    if (looks === 'no') return false
    if (looks === 'partial') finder.pending = bytes.slice()
    else if (first & 0x80) return readSslv2(finder, bytes)
    else {
      finder.mode = 'tls'
      feed(finder, bytes, 0, bytes.length)
    }
    return true
  }

  function search(finder: Finder<C>, bytes: Uint8Array, from: number): void {
    for (let at = bytes.indexOf(HANDSHAKE, from); at >= 0; at = bytes.indexOf(HANDSHAKE, at + 1)) {
      const looks = recordStart(bytes, at, false)
      if (looks === 'no') continue
      scanFrom(finder, bytes.subarray(at), false)
      return
    }
  }

  function readSslv2(finder: Finder<C>, bytes: Uint8Array): boolean {
    const size = sslv2Length(bytes[0]!, bytes[1]!) + 2
    if (bytes[2] === SSLV2_SERVER_HELLO) {
      found.sslv2ServerHello(finder.of, finder.side)
      finish(finder)
      return true
    }
    const hello = parseSslv2ClientHello(bytes.subarray(2, size))
    if (!hello.ok) return false
    finder.role = 'client'
    finder.sawHello = true
    finder.awaitsHello = false
    const { offer, sessionId } = hello.value
    found.clientHello(finder.of, finder.side, { offer, sessionIdBytes: sessionId.length })
    finder.mode = 'tls'
    if (bytes.length > size) feed(finder, bytes, size, bytes.length)
    return true
  }

  /** The finder whose bytes are being taken apart: one set of functions serves all of them. */
  let fed: Finder<C> | null = null
  const handler: DeframeHandler = {
    wants: type => wants(fed!, type),
    message: (type, body, recordVersion) => message(fed!, type, body, recordVersion),
    alert: (body, recordVersion) => alert(fed!, body, recordVersion),
    record: type => record(fed!, type),
    malformed: () => giveUp(fed!),
    tooLarge: () => giveUp(fed!),
  }

  function feed(finder: Finder<C>, bytes: Uint8Array, from: number, to: number): void {
    fed = finder
    finder.frames ??= deframe(handler)
    finder.frames.push(bytes, from, to)
    finder.tlsBytes += to - from
    if (finder.role === 'client' && finder.tlsBytes > maxPreambleBytes) finder.mode = 'done'
  }

  function wants(finder: Finder<C>, type: number): boolean {
    const isHello = type === CLIENT_HELLO || type === SERVER_HELLO
    // After change_cipher_spec only the second ClientHello of a retry is in the clear (RFC 8446 appendix D.4).
    if (finder.afterChangeCipher && !isHello) finish(finder)
    return isHello || (type === SERVER_KEY_EXCHANGE && finder.sawHello)
  }

  function message(finder: Finder<C>, type: number, body: Uint8Array, recordVersion: number): void {
    if (type === CLIENT_HELLO) {
      const hello = parseOffer(body, recordVersion)
      if (!hello.ok) {
        malformed(finder, hello.want)
        return
      }
      finder.role = 'client'
      finder.sawHello = true
      finder.awaitsHello = false
      found.clientHello(finder.of, finder.side, hello.value)
    } else if (type === SERVER_KEY_EXCHANGE) found.keyExchange(finder.of, body)
    else {
      const hello = parseServerHello(body, recordVersion)
      if (!hello.ok) {
        malformed(finder, hello.want)
        return
      }
      finder.role = 'server'
      finder.sawHello = true
      finder.awaitsHello = hello.value.isRetry
      found.serverHello(finder.of, finder.side, hello.value)
      if (hidesTheRest(hello.value) || isEarlyDraft(hello.value.version)) finish(finder)
    }
  }

  function alert(finder: Finder<C>, body: Uint8Array, recordVersion: number): void {
    const read = parseAlert(body, recordVersion)
    if (read.ok) found.alert(finder.of, finder.side, read.value)
    if (!read.ok || read.value.level === 2) finish(finder)
  }

  function record(finder: Finder<C>, type: number): void {
    if (type === ALERT) finish(finder)
    else if (type === CHANGE_CIPHER_SPEC) {
      if (finder.role === 'server' && !finder.awaitsHello) finish(finder)
      finder.afterChangeCipher = true
    } else if (type === APPLICATION_DATA && (finder.role !== 'client' || found.isAnswered(finder.of)))
      finish(finder)
  }

  function malformed(finder: Finder<C>, want: string): void {
    if (!finder.afterChangeCipher) found.malformedHello(finder.of, finder.side, want)
    giveUp(finder)
  }

  /** What looked like TLS was not: before the first hello the search goes on, after it there is nothing left to find. */
  function giveUp(finder: Finder<C>): void {
    finder.frames?.stop()
    finder.frames = null
    finder.mode = finder.sawHello ? 'done' : 'scan'
  }

  function finish(finder: Finder<C>): void {
    finder.frames?.stop()
    finder.frames = null
    finder.mode = 'done'
  }

  return {
    find,
    start: (of, side) => ({
      of,
      side,
      mode: 'scan',
      scannedBytes: 0,
      pending: null,
      frames: null,
      role: null,
      sawHello: false,
      awaitsHello: true,
      afterChangeCipher: false,
      tlsBytes: 0,
    }),
    lose(finder) {
      finder.pending = null
      if (finder.mode !== 'tls') return
      if (finder.awaitsHello && finder.role !== 'server' && finder.frames?.inMessage() === CLIENT_HELLO)
        found.incompleteClientHello(finder.of, finder.side)
      finder.frames = null
      // The record boundaries are lost; an alert or a hello at the start of a segment can still be told.
      finder.mode = 'scan'
    },
  }
}

type Looks = 'yes' | 'no' | 'partial'

/**
 * Could a handshake with a hello, or an alert, start here? At the start of a segment the hello may spread over records of any size; elsewhere
 * all lengths have to agree.
 */
function recordStart(bytes: Uint8Array, at: number, isBoundary: boolean): Looks {
  const left = bytes.length - at
  const type = bytes[at]!
  if (type !== HANDSHAKE && !(type === ALERT && isBoundary)) return 'no'
  if (left >= 2 && bytes[at + 1] !== 3) return 'no'
  if (left >= 3 && bytes[at + 2]! > 4) return 'no'
  if (left < 5) return 'partial'
  const size = (bytes[at + 3]! << 8) | bytes[at + 4]!
  if (type === ALERT) {
    if (size !== 2) return 'no'
    if (left < 7) return 'partial'
    const level = bytes[at + 5]!
    return (level === 1 || level === 2) && !alertName(bytes[at + 6]!).startsWith('alert') ? 'yes' : 'no'
  }
  if (size === 0 || size > maxRecordBytes) return 'no'
  if (left < 6) return 'partial'
  const message = bytes[at + 5]!
  if (message !== CLIENT_HELLO && message !== SERVER_HELLO) return 'no'
  if (size < 6) return isBoundary ? 'yes' : 'no'
  if (left < 11) return 'partial'
  const length = (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!
  if (length < 34 || length > 2 ** 17) return 'no'
  const major = bytes[at + 9]!
  if (major !== 3 && !(message === SERVER_HELLO && major >= 0x7e)) return 'no'
  if (isBoundary) return 'yes'
  return (message === CLIENT_HELLO ? length + 4 === size : length + 4 <= size) ? 'yes' : 'no'
}

const tdsHeaderBytes = 8

/** Until the handshake is done, SQL Server has TLS inside packets of its own: PRELOGIN and its response ([MS-TDS] section 2.2.3.1). */
function isTdsPacket(bytes: Uint8Array): boolean {
  const isPrelogin = bytes[0] === 0x12 || bytes[0] === 0x04
  return isPrelogin && bytes.length > tdsHeaderBytes && ((bytes[2]! << 8) | bytes[3]!) === bytes.length
}

/**
 * A CLIENT-HELLO in SSLv2 framing, or a SERVER-HELLO of SSL 2.0, whose lengths agree. After the type the latter has two bytes more: session id hit and
 * certificate type.
 */
function sslv2Start(bytes: Uint8Array): Looks {
  const left = bytes.length
  const isServer = bytes[2] === SSLV2_SERVER_HELLO
  if (left >= 3 && bytes[2] !== 1 && !isServer) return 'no'
  const version = isServer ? 5 : 3
  if (left >= version + 2) {
    const isSsl2 = bytes[version] === 0 && bytes[version + 1] === 2
    if (!isSsl2 && (isServer || bytes[version] !== 3)) return 'no'
  }
  if (left < version + 8) return 'partial'
  const size = sslv2Length(bytes[0]!, bytes[1]!)
  const lengths = [2, 4, 6].map(at => (bytes[version + at]! << 8) | bytes[version + at + 1]!)
  const [first, second, third] = lengths as [number, number, number]
  const most = isServer ? 2 ** 15 : maxSslv2Bytes
  if (size > most || size !== version + 6 + first + second + third || (isServer ? second : first) % 3 !== 0)
    return 'no'
  if (isServer) return 'yes'
  return left < size + 2 ? 'partial' : 'yes'
}
