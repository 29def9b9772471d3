import { hex16 } from '../../base/bytes.ts'
import type { Offer } from '../../model/offer.ts'
import { isGrease, versionHex } from '../../model/version.ts'
import { ja3, ja3s, ja3sText, ja3Text, ja4 } from '../../wire/fingerprint.ts'
import { isEarlyDraft, type ServerHello } from '../../wire/hello.ts'
import { offerCache } from '../../wire/offer-cache.ts'
import { sslv2SpecName } from '../../wire/sslv2.ts'
import type { CaptureEvent } from './connection.ts'

/** The events that `tlsunset hello --json` prints, one line each. Field names are a contract. */
export type HelloEvent = Exclude<CaptureEvent, { kind: 'connection' }>

/** A line of `tlsunset hello --json`: wire numbers as four hex digits, versions as 0x and four, GREASE as 0a0a. */
export function helloRow(event: HelloEvent): Record<string, unknown> {
  const { frame, src, sport, dst, dport } = event
  const where = { frame, at: new Date(event.atMs).toISOString(), src, sport, dst, dport }
  if (event.kind === 'client_hello') {
    const { offer, sessionIdBytes } = event.hello
    return { kind: event.kind, ...where, sni: offer.sni, session_id_len: sessionIdBytes, ...offerRow(offer) }
  }
  if (event.kind === 'server_hello')
    return { kind: kindOfAnswer(event.hello), ...where, ...answerRow(event.hello) }
  if (event.kind === 'alert')
    return { kind: event.kind, ...where, level: event.alert.level, description: event.alert.description }
  return event.kind === 'malformed_hello'
    ? { kind: event.kind, ...where, want: event.want }
    : { kind: event.kind, ...where }
}

/** The part of a ClientHello's line that is the same for all hellos of its kind. */
function offerRow(offer: Offer): Record<string, unknown> {
  const fingerprint = ja4(offer)
  return {
    transport: 'tcp',
    hello_format: offer.format,
    record_version: offer.format === 'sslv2' ? null : versionHex(offer.recordVersion),
    legacy_version: versionHex(offer.legacyVersion),
    supported_versions: numbers(offer.supportedVersions),
    ciphers: numbers(offer.suites),
    ...(offer.sslv2Specs.length > 0 ? { sslv2_ciphers: offer.sslv2Specs.map(sslv2SpecName) } : {}),
    compression: offer.compression,
    extensions: numbers(offer.extensions),
    groups: numbers(offer.groups),
    ec_point_formats: offer.pointFormats,
    sigalgs: numbers(offer.signatureSchemes),
    alpn: offer.alpn,
    key_share_groups: numbers(offer.keyShareGroups),
    ja3_full: ja3Text(offer),
    ja3: ja3(offer),
    ja4: fingerprint.ja4,
    ja4_r: fingerprint.raw,
  }
}

function answerRow(hello: ServerHello): Record<string, unknown> {
  return {
    record_version: versionHex(hello.recordVersion),
    legacy_version: versionHex(hello.legacyVersion),
    version: versionHex(hello.version),
    cipher: hex16(hello.suite),
    hello_retry_request: hello.isRetry,
    extensions: numbers(hello.extensions),
    alpn: hello.alpn,
    ja3s_full: ja3sText(hello),
    ja3s: ja3s(hello),
    downgrade_sentinel: hello.downgrade,
  }
}

/** The layout of early drafts is not that of TLS 1.3, so that nobody should take them for one. */
function kindOfAnswer({ legacyVersion }: ServerHello): string {
  return isEarlyDraft(legacyVersion) ? 'draft_server_hello' : 'server_hello'
}

/**
 * Writes lines of JSON, each `helloRow` with the members of `more` behind it, which is JSON without its braces; what many hellos have in common is
 * made once.
 */
export function rowWriter(): (event: HelloEvent, more: string) => string {
  const timeText = timeWriter()
  const offerText = offerCache(offer => membersOf(offerRow(offer)), { inOrder: true })
  const answerText = answerCache(hello => membersOf(answerRow(hello)))
  return (event, more) => {
    if (event.kind === 'client_hello') {
      const { offer, sessionIdBytes } = event.hello
      const own = `"sni":${JSON.stringify(offer.sni)},"session_id_len":${sessionIdBytes}`
      return `{"kind":"client_hello",${whereText(event, timeText)},${own},${offerText(offer)},${more}}\n`
    }
    if (event.kind === 'server_hello')
      return `{"kind":"${kindOfAnswer(event.hello)}",${whereText(event, timeText)},${answerText(event.hello)},${more}}\n`
    return `{${membersOf(helloRow(event))},${more}}\n`
  }
}

/** JSON of an object without its braces. */
export function membersOf(row: Record<string, unknown>): string {
  return JSON.stringify(row).slice(1, -1)
}

function whereText(event: HelloEvent, timeText: (atMs: number) => string): string {
  const { frame, atMs, src, sport, dst, dport } = event
  return `"frame":${decimal(frame)},"at":"${timeText(atMs)}","src":"${src}","sport":${decimal(sport)},"dst":"${dst}","dport":${decimal(dport)}`
}

/** Three digits each. */
const thousand = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'))

/** A number from 0 on, without leading zeros. The engine remembers texts of few numbers, and captures have all ports and frames. */
function decimal(value: number): string {
  if (value < 1000) return String(value)
  return decimal(Math.floor(value / 1000)) + thousand[value % 1000]!
}

/** ISO 8601 of instants that mostly lie in the same second as the one before. */
function timeWriter(): (atMs: number) => string {
  let second = Number.NaN
  let start = ''
  return atMs => {
    const now = Math.floor(atMs / 1000)
    if (now !== second) {
      second = now
      start = new Date(now * 1000).toISOString().slice(0, -4)
    }
    return `${start}${thousand[Math.trunc(atMs - now * 1000)]}Z`
  }
}

/** `make`, done once for each kind of answer; servers have few. */
function answerCache<T>(make: (hello: ServerHello) => T): (hello: ServerHello) => T {
  const made = new Map<string, T>()
  return hello => {
    const { recordVersion, legacyVersion, version, suite, isRetry, downgrade, alpn, extensions } = hello
    const key = `${recordVersion} ${legacyVersion} ${version} ${suite} ${isRetry} ${downgrade} ${extensions} ${alpn}`
    const known = made.get(key)
    if (known !== undefined) return known
    if (made.size >= 2048) made.clear()
    const value = make(hello)
    made.set(key, value)
    return value
  }
}

function numbers(values: readonly number[]): string[] {
  return values.map(value => hex16(isGrease(value) ? 0x0a0a : value))
}
