import { hex16 } from '../../base/bytes.ts'
import type { Offer } from '../../model/offer.ts'
import { isGrease, versionHex } from '../../model/version.ts'
import { ja3, ja3s, ja3sText, ja3Text, ja4 } from '../../wire/fingerprint.ts'
import { isEarlyDraft } from '../../wire/hello.ts'
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
  if (event.kind === 'server_hello') {
    const { hello } = event
    return {
      // Their layout is not that of TLS 1.3, so that nobody should take them for one.
      kind: isEarlyDraft(hello.legacyVersion) ? 'draft_server_hello' : event.kind,
      ...where,
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

/** Writes lines of JSON, each `helloRow` with `more` behind it; what many hellos have in common is made once. */
export function rowWriter(): (event: HelloEvent, more: Record<string, unknown>) => string {
  const offerText = offerCache(offer => JSON.stringify(offerRow(offer)).slice(1, -1), { inOrder: true })
  return (event, more) => {
    if (event.kind !== 'client_hello') return `${JSON.stringify({ ...helloRow(event), ...more })}\n`
    const { frame, atMs, src, sport, dst, dport, hello } = event
    const at = new Date(atMs).toISOString()
    const sni = JSON.stringify(hello.offer.sni)
    const where = `"frame":${frame},"at":"${at}","src":"${src}","sport":${sport},"dst":"${dst}","dport":${dport}`
    const own = `"kind":"client_hello",${where},"sni":${sni},"session_id_len":${hello.sessionIdBytes}`
    return `{${own},${offerText(hello.offer)},${JSON.stringify(more).slice(1)}\n`
  }
}

function numbers(values: readonly number[]): string[] {
  return values.map(value => hex16(isGrease(value) ? 0x0a0a : value))
}
