import { suiteOf } from '../../model/iana/suites.ts'
import type { Alert } from '../../wire/alert.ts'
import type { ServerHello } from '../../wire/hello.ts'
import { type Finder, finders, type SeenClientHello } from './finder.ts'
import type { Clock, FlowAddresses, FlowReader, Side } from './tcp.ts'

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

/** Byte fields of hellos are views that do not outlast the event. */
export type CaptureEvent =
  | ({ kind: 'client_hello'; hello: SeenClientHello } & Seen)
  | ({ kind: 'server_hello'; hello: ServerHello } & Seen)
  | ({ kind: 'sslv2_server_hello' } & Seen)
  | ({ kind: 'alert'; alert: Alert } & Seen)
  | ({ kind: 'incomplete_client_hello' } & Seen)
  | ({ kind: 'malformed_hello'; want: string } & Seen)
  | { kind: 'connection'; connection: Connection }

/** One connection while it is read. */
interface Watched {
  addresses: FlowAddresses
  /** By side; made when it sends something, since many connections of a capture show one side only. */
  finders: [Finder<Watched> | null, Finder<Watched> | null]
  /** Which side is the client; null until a hello says so. */
  client: Side | null
  hello: SeenClientHello | null
  answer: ServerHello | null
  answeredSslv2: boolean
  group: number
  retried: boolean
  incomplete: boolean
  alerts: { side: Side; alert: Alert }[]
  /** By a fatal alert. */
  isRefused: boolean
  firstSeenMs: number
  closedFirst: Side | null
  bytesAfterHello: boolean
  told: boolean
  over: boolean
}

/** Watches both sides of TCP connections and tells what it finds, at last each connection as a whole. */
export function connectionReader(clock: Clock, tell: (event: CaptureEvent) => void): FlowReader<Watched> {
  const { find, lose, start } = finders<Watched>({
    clientHello(watched, side, hello) {
      const { src, sport, dst, dport, frame, atMs } = seen(watched, side)
      tell({ kind: 'client_hello', hello, src, sport, dst, dport, frame, atMs })
      watched.client = side
      watched.hello ??= hello
      if (watched.isRefused) conclude(watched)
    },
    serverHello(watched, side, hello) {
      const { src, sport, dst, dport, frame, atMs } = seen(watched, side)
      tell({ kind: 'server_hello', hello, src, sport, dst, dport, frame, atMs })
      watched.client ??= other(side)
      if (hello.isRetry) watched.retried = true
      else {
        watched.answer ??= hello
        watched.group ||= hello.group
      }
    },
    keyExchange(watched, body) {
      // RFC 8422 section 5.4: curve_type 3 is a named curve.
      const isCurve = suiteOf(watched.answer?.suite ?? 0)?.kx === 'ecdhe' && body[0] === 3
      if (isCurve && body.length > 3) watched.group ||= (body[1]! << 8) | body[2]!
    },
    sslv2ServerHello(watched, side) {
      tell({ kind: 'sslv2_server_hello', ...seen(watched, side) })
      watched.client ??= other(side)
      watched.answeredSslv2 = true
    },
    alert(watched, side, alert) {
      tell({ kind: 'alert', alert, ...seen(watched, side) })
      watched.alerts.push({ side, alert })
      if (alert.level !== 2) return
      watched.isRefused = true
      // Both directions are not always captured in their true order: the hello may still come.
      if (watched.hello || watched.answer) conclude(watched)
    },
    isAnswered: watched => watched.answer !== null,
    incompleteClientHello(watched, side) {
      tell({ kind: 'incomplete_client_hello', ...seen(watched, side) })
      watched.client ??= side
      watched.incomplete = true
    },
    malformedHello(watched, side, want) {
      tell({ kind: 'malformed_hello', want, ...seen(watched, side) })
    },
  })

  function seen(watched: Watched, side: Side): Seen {
    const { frame, atMs } = clock
    watched.firstSeenMs ||= atMs
    const { src, sport, dst, dport } = watched.addresses
    return side === 0
      ? { src, sport, dst, dport, frame, atMs }
      : { src: dst, sport: dport, dst: src, dport: sport, frame, atMs }
  }

  function conclude(watched: Watched): void {
    const { hello, answer, answeredSslv2, incomplete, alerts, addresses, closedFirst } = watched
    const isTls = hello || answer || answeredSslv2 || incomplete || alerts.length > 0
    if (watched.told || !isTls) return
    watched.told = true
    const who = watched.client ?? (alerts[0] ? other(alerts[0].side) : 0)
    const nameOf = (side: Side) => (side === who ? 'client' : 'server')
    const { src, sport, dst, dport } = addresses
    tell({
      kind: 'connection',
      connection: {
        src: who === 0 ? src : dst,
        sport: who === 0 ? sport : dport,
        dst: who === 0 ? dst : src,
        dport: who === 0 ? dport : sport,
        atMs: watched.firstSeenMs,
        hello,
        answeredSslv2,
        answer,
        group: watched.group,
        retried: watched.retried,
        alerts: alerts.map(({ side, alert }) => ({ from: nameOf(side), alert })),
        closedBy: closedFirst === null ? null : nameOf(closedFirst),
        answeredOtherwise: watched.bytesAfterHello && !answer && !watched.retried && alerts.length === 0,
        incomplete,
      },
    })
  }

  return {
    open: addresses => ({
      addresses,
      finders: [null, null],
      client: null,
      hello: null,
      answer: null,
      answeredSslv2: false,
      group: 0,
      retried: false,
      incomplete: false,
      alerts: [],
      isRefused: false,
      firstSeenMs: 0,
      closedFirst: null,
      bytesAfterHello: false,
      told: false,
      over: false,
    }),
    push(watched, side, bytes, from, to) {
      if (watched.client !== null && side !== watched.client) watched.bytesAfterHello = true
      watched.finders[side] ??= start(watched, side)
      find(watched.finders[side], bytes, from, to)
      if (watched.answer && areDone(watched)) conclude(watched)
    },
    gap(watched, side) {
      const finder = watched.finders[side]
      if (finder) lose(finder)
    },
    isDone: (watched, side) => watched.finders[side]?.mode === 'done',
    isSearching: (watched, side) => (watched.finders[side]?.mode ?? 'scan') === 'scan',
    closed(watched, side, how) {
      watched.closedFirst ??= side
      if (how === 'reset' || watched.closedFirst !== side) conclude(watched)
      // After a reset the search goes on where nothing was found: some resets are forged.
      if (how === 'fin' && watched.closedFirst !== side) watched.over = true
    },
    isOver: watched => watched.told || watched.over || areDone(watched),
    end(watched) {
      for (const finder of watched.finders) if (finder) lose(finder)
      conclude(watched)
    },
  }
}

function areDone({ finders }: Watched): boolean {
  return finders[0]?.mode === 'done' && finders[1]?.mode === 'done'
}

function other(side: Side): Side {
  return side === 0 ? 1 : 0
}
