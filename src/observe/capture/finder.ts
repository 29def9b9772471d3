import { alertName } from '../../model/iana/alerts.ts'
import { type Alert, parseAlert } from '../../wire/alert.ts'
import { type Deframer, deframe } from '../../wire/deframe.ts'
import {
  type ClientHello,
  hidesTheRest,
  isEarlyDraft,
  parseClientHello,
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
import type { Stream } from './tcp.ts'

/** A ClientHello without the bytes that differ from connection to connection: captures are read through one buffer, and views do not last. */
export type SeenClientHello = Pick<ClientHello, 'offer'> & { sessionIdBytes: number }

export interface Found {
  clientHello(hello: SeenClientHello): void
  /** Its `random` and `sessionId` are views that do not outlast the call. */
  serverHello(hello: ServerHello): void
  /** A ServerKeyExchange after the ServerHello. */
  keyExchange(body: Uint8Array): void
  /** A server answers in SSL 2.0 itself. */
  sslv2ServerHello(): void
  alert(alert: Alert): void
  /** Whether the other side's final hello has come: what a client sends after it is encrypted. */
  isAnswered(): boolean
  /** A ClientHello began and its rest was not captured. */
  incompleteClientHello(): void
  /** A message that starts like a hello and is none. */
  malformedHello(want: string): void
}

/** How far into a direction TLS is looked for, and how much of a client's side is read after its hello. */
const maxPreambleBytes = 2 ** 16
const SERVER_KEY_EXCHANGE = 12
const SSLV2_SERVER_HELLO = 4
const maxSslv2Bytes = 2 ** 11

/**
 * Looks for TLS in one direction of a TCP connection, on any port and after any preamble. Bytes are best pushed a segment at a time, since protocols
 * switch to TLS at the start of one.
 */
export function finder(found: Found): Stream {
  let mode: 'scan' | 'tls' | 'done' = 'scan'
  let scanned = 0
  /** The end of what was scanned, when it may be the start of a record. */
  let pending: Uint8Array | null = null
  let frames: Deframer | null = null
  let role: 'client' | 'server' | null = null
  let sawHello = false
  let awaitsHello = true
  let afterChangeCipher = false
  let tlsBytes = 0

  function push(bytes: Uint8Array): void {
    if (mode === 'tls') feed(bytes)
    else if (mode === 'scan') scan(bytes)
  }

  function scan(bytes: Uint8Array): void {
    scanned += bytes.length
    const held = pending
    pending = null
    if (!held) {
      if (!scanFrom(bytes, true)) search(bytes, 1)
    } else {
      const both = new Uint8Array(held.length + bytes.length)
      both.set(held)
      both.set(bytes, held.length)
      if (!scanFrom(both, true) && !scanFrom(bytes, true)) search(both, 1)
    }
    if (mode === 'scan' && scanned > maxPreambleBytes) mode = 'done'
  }

  /** True when `bytes` starts a record, or may after more bytes. */
  function scanFrom(bytes: Uint8Array, isBoundary: boolean): boolean {
    const first = bytes[0]!
    const looks = first & 0x80 && isBoundary ? sslv2Start(bytes) : recordStart(bytes, 0, isBoundary)
    if (looks === 'no') return false
    if (looks === 'partial') pending = bytes.slice()
    else if (first & 0x80) return readSslv2(bytes)
    else {
      mode = 'tls'
      feed(bytes)
    }
    return true
  }

  function search(bytes: Uint8Array, from: number): void {
    for (let at = bytes.indexOf(HANDSHAKE, from); at >= 0; at = bytes.indexOf(HANDSHAKE, at + 1)) {
      const looks = recordStart(bytes, at, false)
      if (looks === 'no') continue
      scanFrom(bytes.subarray(at), false)
      return
    }
  }

  function readSslv2(bytes: Uint8Array): boolean {
    const size = sslv2Length(bytes[0]!, bytes[1]!) + 2
    if (bytes[2] === SSLV2_SERVER_HELLO) {
      found.sslv2ServerHello()
      finish()
      return true
    }
    const hello = parseSslv2ClientHello(bytes.subarray(2, size))
    if (!hello.ok) return false
    role = 'client'
    sawHello = true
    awaitsHello = false
    found.clientHello(seenHello(hello.value))
    mode = 'tls'
    if (bytes.length > size) feed(bytes.subarray(size))
    return true
  }

  function feed(bytes: Uint8Array): void {
    frames ??= deframe({ wants, message, alert, record, malformed: giveUp, tooLarge: giveUp })
    frames.push(bytes)
    tlsBytes += bytes.length
    if (role === 'client' && tlsBytes > maxPreambleBytes) mode = 'done'
  }

  function wants(type: number): boolean {
    // After change_cipher_spec only the second ClientHello of a retry is in the clear (RFC 8446 appendix D.4).
    if (afterChangeCipher && type !== CLIENT_HELLO && type !== SERVER_HELLO) finish()
    return type === CLIENT_HELLO || type === SERVER_HELLO || (type === SERVER_KEY_EXCHANGE && sawHello)
  }

  function message(type: number, body: Uint8Array, recordVersion: number): void {
    if (type === CLIENT_HELLO) {
      const hello = parseClientHello(body, recordVersion)
      if (!hello.ok) {
        malformed(hello.want)
        return
      }
      role = 'client'
      sawHello = true
      awaitsHello = false
      found.clientHello(seenHello(hello.value))
    } else if (type === SERVER_KEY_EXCHANGE) found.keyExchange(body)
    else {
      const hello = parseServerHello(body, recordVersion)
      if (!hello.ok) {
        malformed(hello.want)
        return
      }
      role = 'server'
      sawHello = true
      awaitsHello = hello.value.isRetry
      found.serverHello(hello.value)
      if (hidesTheRest(hello.value) || isEarlyDraft(hello.value.version)) finish()
    }
  }

  function alert(body: Uint8Array, recordVersion: number): void {
    const read = parseAlert(body, recordVersion)
    if (read.ok) found.alert(read.value)
    if (!read.ok || read.value.level === 2) finish()
  }

  function record(type: number): void {
    if (type === ALERT) finish()
    else if (type === CHANGE_CIPHER_SPEC) {
      if (role === 'server' && !awaitsHello) finish()
      afterChangeCipher = true
    } else if (type === APPLICATION_DATA && (role !== 'client' || found.isAnswered())) finish()
  }

  function malformed(want: string): void {
    if (!afterChangeCipher) found.malformedHello(want)
    giveUp()
  }

  /** What looked like TLS was not: before the first hello the search goes on, after it there is nothing left to find. */
  function giveUp(): void {
    frames?.stop()
    frames = null
    mode = sawHello ? 'done' : 'scan'
  }

  function finish(): void {
    frames?.stop()
    mode = 'done'
  }

  return {
    push,
    gap() {
      pending = null
      if (mode !== 'tls') return
      if (awaitsHello && role !== 'server' && frames?.inMessage() === CLIENT_HELLO)
        found.incompleteClientHello()
      frames = null
      // The record boundaries are lost; an alert or a hello at the start of a segment can still be told.
      mode = 'scan'
    },
    isDone: () => mode === 'done',
    isSearching: () => mode === 'scan',
  }
}

function seenHello({ offer, sessionId }: ClientHello): SeenClientHello {
  return { offer, sessionIdBytes: sessionId.length }
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
