import { suiteOf } from '../../model/iana/suites.ts'
import type { Alert } from '../../wire/alert.ts'
import type { ServerHello } from '../../wire/hello.ts'
import { finder, type SeenClientHello } from './finder.ts'
import type { Clock, Flow, FlowAddresses, Stream } from './tcp.ts'

/** Where and when something was seen: the frame that completed it, and the sender's side first. */
export interface Seen extends FlowAddresses {
  frame: number
  atMs: number
}

/** What a capture holds of one TLS connection, told when no more of it can come. */
export interface Connection extends FlowAddresses {
  /** Time of the ClientHello, or of the first thing seen when it is missing. */
  atMs: number
  /** The first ClientHello; the second of a retry differs in little more than key shares. Null when only the server's side was captured. */
  hello: SeenClientHello | null
  /** The server agreed to SSL 2.0, whose hello says nothing else that lasts. */
  answeredSslv2: boolean
  /** The server's final hello. */
  answer: ServerHello | null
  /** Group of the key exchange: of the key share, or before TLS 1.3 the named curve of ServerKeyExchange; 0 when unknown or none. */
  group: number
  /** The server asked for another key share first. */
  retried: boolean
  /** Alerts in the clear, with the side that sent them. */
  alerts: { from: 'client' | 'server'; alert: Alert }[]
  /** The side that ended the connection first; null when the capture does not show its end. */
  closedBy: 'client' | 'server' | null
  /** The server sent bytes after the ClientHello that were not TLS. */
  answeredOtherwise: boolean
  /** A ClientHello began and was not captured whole. */
  incomplete: boolean
}

export type CaptureEvent =
  | ({ kind: 'client_hello'; hello: SeenClientHello } & Seen)
  | ({ kind: 'server_hello'; hello: ServerHello } & Seen)
  | ({ kind: 'sslv2_server_hello' } & Seen)
  | ({ kind: 'alert'; alert: Alert } & Seen)
  | ({ kind: 'incomplete_client_hello' } & Seen)
  | ({ kind: 'malformed_hello'; want: string } & Seen)
  | { kind: 'connection'; connection: Connection }

/** Watches both sides of one TCP connection and tells what it finds, at last the connection as a whole. */
export function watchConnection(
  addresses: FlowAddresses,
  clock: Clock,
  tell: (event: CaptureEvent) => void,
): Flow {
  const turned: FlowAddresses = {
    src: addresses.dst,
    sport: addresses.dport,
    dst: addresses.src,
    dport: addresses.sport,
  }
  /** Which side is the client; null until a hello says so. */
  let client: 0 | 1 | null = null
  let told = false
  let over = false
  let firstSeenMs = 0
  let closedFirst: 0 | 1 | null = null
  let bytesAfterHello = false
  let answeredSslv2 = false
  const alerts: { side: 0 | 1; alert: Alert }[] = []
  const connection: Pick<Connection, 'hello' | 'answer' | 'group' | 'retried' | 'incomplete'> = {
    hello: null,
    answer: null,
    group: 0,
    retried: false,
    incomplete: false,
  }

  const seen = (side: 0 | 1): Seen => {
    firstSeenMs ||= clock.atMs
    return { ...(side === 0 ? addresses : turned), frame: clock.frame, atMs: clock.atMs }
  }

  const watch = (side: 0 | 1): Stream => {
    const stream = finder({
      clientHello(hello) {
        tell({ kind: 'client_hello', hello, ...seen(side) })
        client = side
        connection.hello ??= hello
      },
      serverHello(hello) {
        tell({ kind: 'server_hello', hello, ...seen(side) })
        client ??= other(side)
        if (hello.isRetry) connection.retried = true
        else {
          connection.answer ??= hello
          connection.group ||= hello.group
        }
      },
      keyExchange(body) {
        // RFC 8422 section 5.4: curve_type 3 is a named curve.
        const isCurve = suiteOf(connection.answer?.suite ?? 0)?.kx === 'ecdhe' && body[0] === 3
        if (isCurve && body.length > 3) connection.group ||= (body[1]! << 8) | body[2]!
      },
      sslv2ServerHello() {
        tell({ kind: 'sslv2_server_hello', ...seen(side) })
        client ??= other(side)
        answeredSslv2 = true
      },
      alert(alert) {
        tell({ kind: 'alert', alert, ...seen(side) })
        alerts.push({ side, alert })
        if (alert.level === 2) conclude()
      },
      isAnswered: () => connection.answer !== null,
      incompleteClientHello() {
        tell({ kind: 'incomplete_client_hello', ...seen(side) })
        client ??= side
        connection.incomplete = true
      },
      malformedHello(want) {
        tell({ kind: 'malformed_hello', want, ...seen(side) })
      },
    })
    return {
      push(bytes) {
        if (client !== null && side !== client) bytesAfterHello = true
        stream.push(bytes)
        if (connection.answer && areDone()) conclude()
      },
      gap: stream.gap,
      isDone: stream.isDone,
      isSearching: stream.isSearching,
    }
  }
  /** Made when a side sends something: many connections of a capture show one side only. */
  const streams: [Stream | null, Stream | null] = [null, null]
  const areDone = () => streams[0]?.isDone() === true && streams[1]?.isDone() === true

  function conclude(): void {
    const isTls =
      connection.hello || connection.answer || answeredSslv2 || connection.incomplete || alerts.length > 0
    if (told || !isTls) return
    told = true
    const who = client ?? (alerts[0] ? other(alerts[0].side) : 0)
    const nameOf = (side: 0 | 1) => (side === who ? 'client' : 'server')
    tell({
      kind: 'connection',
      connection: {
        ...(who === 0 ? addresses : turned),
        ...connection,
        answeredSslv2,
        atMs: firstSeenMs,
        alerts: alerts.map(({ side, alert }) => ({ from: nameOf(side), alert })),
        closedBy: closedFirst === null ? null : nameOf(closedFirst),
        answeredOtherwise:
          bytesAfterHello && !connection.answer && !connection.retried && alerts.length === 0,
      },
    })
  }

  return {
    stream: side => (streams[side] ??= watch(side)),
    closed(side, how) {
      closedFirst ??= side
      if (how === 'reset' || closedFirst !== side) conclude()
      // After a reset the search goes on where nothing was found: some resets are forged.
      if (how === 'fin' && closedFirst !== side) over = true
    },
    isOver: () => told || over || areDone(),
    end() {
      for (const stream of streams) stream?.gap()
      conclude()
    },
  }
}

function other(side: 0 | 1): 0 | 1 {
  return side === 0 ? 1 : 0
}
