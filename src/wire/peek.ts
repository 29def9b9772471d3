import { type Alert, parseAlert } from './alert.ts'
import { deframe } from './deframe.ts'
import { type ClientHello, parseClientHello, parseServerHello, type ServerHello } from './hello.ts'
import { ALERT, CLIENT_HELLO, HANDSHAKE, SERVER_HELLO } from './record.ts'
import { parseSslv2ClientHello, sslv2Length } from './sslv2.ts'

/** What a first byte that is not TLS most likely belongs to. */
export type LooksLike =
  | 'http'
  | 'proxy-protocol'
  | 'ssh'
  | 'tls-alert'
  | 'tls-other'
  | 'postgres'
  | 'rdp'
  | 'unknown'

export type NoHello =
  | { kind: 'need' }
  | { kind: 'not-tls'; looksLike: LooksLike }
  /** `at` counts from the start of the stream, record headers after the first not included. */
  | { kind: 'malformed'; at: number; want: string }
  | { kind: 'too-large' }

export type HelloPeek = { kind: 'client-hello'; hello: ClientHello } | NoHello
export type ServerHelloPeek =
  | { kind: 'server-hello'; hello: ServerHello }
  | { kind: 'hello-retry-request'; hello: ServerHello }
  | { kind: 'alert'; alert: Alert }
  | NoHello

export interface Peeker<T> {
  /** Takes the next bytes of the stream and says what is known by now. */
  push(bytes: Uint8Array): T
  /** Everything that was pushed, as it came: what has to be handed on. A single chunk is given back without copying. */
  held(): Uint8Array
}

const need = { kind: 'need' } as const

/**
 * Waits for the first ClientHello of a live connection, over segments and records of any size and also in SSLv2 framing. Bytes after the hello stay
 * untouched in `held`. Never keeps more than `maxBytes` and a segment; never asks for more than the hello declares.
 */
export function peekHello({ maxBytes = 2 ** 16 }: { maxBytes?: number } = {}): Peeker<HelloPeek> {
  const held = holder()
  let answer: HelloPeek = need

  const frames = deframe(
    {
      wants: () => true,
      message(type, body, recordVersion) {
        if (type !== CLIENT_HELLO)
          answer = { kind: 'malformed', at: 5, want: 'a ClientHello (handshake type 1)' }
        else {
          const hello = parseClientHello(body, recordVersion)
          answer = hello.ok
            ? { kind: 'client-hello', hello: hello.value }
            : { kind: 'malformed', at: helloStart + hello.at, want: hello.want }
        }
        frames.stop()
      },
      alert() {
        answer = { kind: 'not-tls', looksLike: 'tls-alert' }
        frames.stop()
      },
      record(type) {
        answer = { kind: 'not-tls', looksLike: type === ALERT ? 'tls-alert' : 'tls-other' }
        frames.stop()
      },
      malformed(at, want) {
        answer = startsRecord(at, held.bytes()) ? { kind: 'malformed', at, want } : notTls(held.bytes())
      },
      tooLarge() {
        answer = { kind: 'too-large' }
      },
    },
    maxBytes,
  )

  function push(bytes: Uint8Array): HelloPeek {
    if (bytes.length > 0) held.add(bytes)
    if (bytes.length === 0 || answer.kind !== 'need') return answer
    const all = held.bytes()
    if (all[0]! >= 0x80) answer = peekSslv2(all, maxBytes)
    else frames.push(bytes)
    if (answer.kind === 'need' && all.length > maxBytes) answer = { kind: 'too-large' }
    return answer
  }

  return { push, held: held.bytes }
}

/**
 * Waits for a server's first answer: ServerHello, HelloRetryRequest or alert. Push on after `hello-retry-request` and after an alert of level 1
 * (a warning such as unrecognized_name): the ServerHello may still follow. Everything else is final. Keeps nothing of what it has seen.
 */
export function peekServerHello({
  maxBytes = 2 ** 16,
}: {
  maxBytes?: number
} = {}): Pick<Peeker<ServerHelloPeek>, 'push'> {
  let seen = 0
  let first: Uint8Array | null = null
  let answer: ServerHelloPeek = need
  let isFinal = false
  const settle = (given: ServerHelloPeek) => {
    answer = given
    isFinal = true
    frames.stop()
  }
  const frames = deframe(
    {
      wants: () => true,
      message(type, body, recordVersion) {
        const hello = type === SERVER_HELLO ? parseServerHello(body, recordVersion) : undefined
        if (!hello) settle({ kind: 'malformed', at: 5, want: 'a ServerHello (handshake type 2)' })
        else if (!hello.ok) settle({ kind: 'malformed', at: helloStart + hello.at, want: hello.want })
        else if (hello.value.isRetry) answer = { kind: 'hello-retry-request', hello: hello.value }
        else settle({ kind: 'server-hello', hello: hello.value })
      },
      alert(body, recordVersion) {
        const alert = parseAlert(body, recordVersion)
        if (!alert.ok) settle({ kind: 'malformed', at: alert.at, want: alert.want })
        else if (alert.value.level === 1) answer = { kind: 'alert', alert: alert.value }
        else settle({ kind: 'alert', alert: alert.value })
      },
      record(type) {
        // change_cipher_spec may stand between HelloRetryRequest and ServerHello (RFC 8446 appendix D.4).
        if (type === ALERT || type > HANDSHAKE) settle({ kind: 'not-tls', looksLike: 'tls-other' })
      },
      malformed(at, want) {
        settle(startsRecord(at, first!) ? { kind: 'malformed', at, want } : notTls(first!))
      },
      tooLarge() {
        settle({ kind: 'too-large' })
      },
    },
    maxBytes,
  )

  function push(bytes: Uint8Array): ServerHelloPeek {
    if (isFinal || bytes.length === 0) return answer
    answer = need
    first ??= bytes
    seen += bytes.length
    frames.push(bytes)
    if (answer.kind === 'need' && seen > maxBytes) settle({ kind: 'too-large' })
    return answer
  }

  return { push }
}

/** Bytes before the body of a hello: record header and handshake header. */
const helloStart = 9

function peekSslv2(bytes: Uint8Array, maxBytes: number): HelloPeek {
  if (bytes.length >= 3 && bytes[2] !== 1) return notTls(bytes)
  if (bytes.length < 3) return need
  const size = sslv2Length(bytes[0]!, bytes[1]!)
  if (size + 2 > maxBytes) return { kind: 'too-large' }
  if (bytes.length < size + 2) return need
  const hello = parseSslv2ClientHello(bytes.subarray(2, size + 2))
  if (hello.ok) return { kind: 'client-hello', hello: hello.value }
  return { kind: 'malformed', at: 2 + hello.at, want: hello.want }
}

/** False when what is wrong at `at` is that there is no TLS at all. */
function startsRecord(at: number, bytes: Uint8Array): boolean {
  return at > 0 || (bytes[0] === HANDSHAKE && bytes[1] === 3)
}

/** A guess from the first segment, for the log and for a fitting answer; clients of these protocols speak first and send a line. */
function notTls(first: Uint8Array): HelloPeek & { kind: 'not-tls' } {
  const start = String.fromCharCode(...first.subarray(0, 8))
  return { kind: 'not-tls', looksLike: starts.find(([pattern]) => pattern.test(start))?.[1] ?? 'unknown' }
}

const starts: [RegExp, LooksLike][] = [
  [/^PROXY |^\r\n\r\n\0\r\nQ/, 'proxy-protocol'],
  [/^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PRI) |^(OPTIONS|CONNECT)/, 'http'],
  [/^SSH-/, 'ssh'],
  [/^\0\0\0\x08\x04\xd2\x16[/0]/, 'postgres'],
  [/^\x03\0/, 'rdp'],
]

interface Held {
  add(bytes: Uint8Array): void
  bytes(): Uint8Array
}

/** Keeps one segment as it is; from the second on copies into a buffer that doubles, so that many tiny segments cost little. */
function holder(): Held {
  let buffer: Uint8Array | null = null
  let size = 0
  return {
    add(bytes) {
      if (buffer === null) buffer = bytes
      else {
        if (size + bytes.length > buffer.length) {
          const grown = new Uint8Array(Math.max(2 * size, size + bytes.length, 1024))
          grown.set(buffer.subarray(0, size))
          buffer = grown
        }
        buffer.set(bytes, size)
      }
      size += bytes.length
    },
    bytes: () => (buffer === null ? new Uint8Array(0) : buffer.subarray(0, size)),
  }
}
