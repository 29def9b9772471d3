import { hex16 } from '../base/bytes.ts'
import { md5, sha256 } from '../base/hash.ts'
import { type Offer, withoutGrease } from '../model/offer.ts'
import { isGrease } from '../model/version.ts'
import type { ServerHello } from './hello.ts'

/**
 * The string that JA3 hashes: version, suites, extensions, groups, point formats in wire order, decimal, GREASE left out
 * (https://github.com/salesforce/ja3, read November 2026). Empty for SSLv2 framing, for which JA3 is not defined.
 */
export function ja3Text(offer: Offer): string {
  if (offer.format === 'sslv2') return ''
  const fields = [offer.suites, offer.extensions, offer.groups].map(list => withoutGrease(list).join('-'))
  return [offer.legacyVersion, ...fields, offer.pointFormats.join('-')].join(',')
}

export function ja3(offer: Offer): string {
  return hashed(ja3Text(offer))
}

/** `version,suite,extensions` of a ServerHello; GREASE stays in. */
export function ja3sText(hello: ServerHello): string {
  return `${hello.legacyVersion},${hello.suite},${hello.extensions.join('-')}`
}

export function ja3s(hello: ServerHello): string {
  return md5(ja3sText(hello))
}

export interface Ja4 {
  ja4: string
  /** The unhashed form, `ja4_r`. */
  raw: string
}

/**
 * JA4 (BSD-3 part of https://github.com/FoxIO-LLC/ja4, read November 2026). `transport` is `t` for TCP, `q` for QUIC. Empty for SSLv2 framing.
 */
export function ja4(offer: Offer, transport: 't' | 'q' | 'd' = 't'): Ja4 {
  if (offer.format === 'sslv2') return { ja4: '', raw: '' }
  const suites = withoutGrease(offer.suites)
  const extensions = withoutGrease(offer.extensions)
  const start = [
    transport,
    ja4Version(offer),
    offer.extensions.includes(0) ? 'd' : 'i',
    twoDigits(suites.length),
    twoDigits(extensions.length),
    ja4Protocol(offer.alpn),
  ].join('')
  const middle = hexList(suites.toSorted((a, b) => a - b))
  const sorted = extensions.filter(type => type !== 0 && type !== 16).sort((a, b) => a - b)
  const schemes = hexList(withoutGrease(offer.signatureSchemes))
  const end = schemes === '' ? hexList(sorted) : `${hexList(sorted)}_${schemes}`
  return {
    ja4: `${start}_${shortHash(middle)}_${extensions.length === 0 ? noHash : shortHash(end)}`,
    raw: `${start}_${middle}_${end}`,
  }
}

function ja4Version(offer: Offer): string {
  const supported = withoutGrease(offer.supportedVersions)
  const highest = supported.length > 0 ? Math.max(...supported) : offer.legacyVersion
  return ja4Versions.get(highest) ?? '00'
}

const ja4Versions = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
])

/** First and last character of the first protocol, or of its hex form when one of them is no ASCII letter or digit. */
function ja4Protocol(alpn: readonly string[]): string {
  const first = alpn[0]
  if (first === undefined || first === '') return '00'
  const ends = first[0]! + first.at(-1)!
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends
  const hex = (char: string) => char.charCodeAt(0).toString(16).padStart(2, '0')
  return hex(first[0]!)[0]! + hex(first.at(-1)!)[1]!
}

const noHash = '000000000000'

function shortHash(text: string): string {
  return text === '' ? noHash : sha256(text).slice(0, 12)
}

function hashed(text: string): string {
  return text === '' ? '' : md5(text)
}

function hexList(values: readonly number[]): string {
  return values.map(hex16).join(',')
}

function twoDigits(count: number): string {
  return String(Math.min(count, 99)).padStart(2, '0')
}

export interface Shape {
  /** First 16 hex digits of the SHA-256 over the canonical offer. */
  id: string
  /** The canonical offer: one GREASE value, extensions sorted, no name. */
  offer: Offer
}

/**
 * What stays the same over the connections of one client: GREASE becomes 0x0a0a, extensions are sorted (browsers permute them), the name is
 * left out. Costs a hash; keep the result under `shapeKey` where connections are many.
 */
export function shapeOf(offer: Offer): Shape {
  return { id: sha256(shapeKey(offer)).slice(0, 16), offer: canonical(offer) }
}

/** A text that is equal for two offers exactly when their shapes are; much cheaper than the id. */
export function shapeKey(offer: Offer): string {
  const flags =
    (offer.withoutExtensions ? 1 : 0) |
    (offer.offersPsk ? 2 : 0) |
    (offer.extendedMasterSecret ? 4 : 0) |
    (offer.sessionTicket ? 8 : 0) |
    (offer.ech ? 16 : 0)
  return [
    offer.format,
    offer.recordVersion,
    offer.legacyVersion,
    oneGrease(offer.supportedVersions),
    oneGrease(offer.suites),
    offer.sslv2Specs,
    offer.compression,
    oneGrease(offer.extensions).sort((a, b) => a - b),
    oneGrease(offer.groups),
    offer.pointFormats,
    oneGrease(offer.signatureSchemes),
    oneGrease(offer.signatureSchemesCert),
    offer.alpn.map(protocolKey),
    oneGrease(offer.keyShareGroups),
    onePskGrease(offer.pskModes),
    flags,
  ].join(';')
}

function canonical(offer: Offer): Offer {
  return {
    ...offer,
    supportedVersions: oneGrease(offer.supportedVersions),
    suites: oneGrease(offer.suites),
    extensions: oneGrease(offer.extensions).sort((a, b) => a - b),
    sni: null,
    groups: oneGrease(offer.groups),
    signatureSchemes: oneGrease(offer.signatureSchemes),
    signatureSchemesCert: oneGrease(offer.signatureSchemesCert),
    alpn: offer.alpn.map(oneGreaseProtocol),
    keyShareGroups: oneGrease(offer.keyShareGroups),
    pskModes: onePskGrease(offer.pskModes),
  }
}

function oneGrease(values: readonly number[]): number[] {
  return values.map(value => (isGrease(value) ? 0x0a0a : value))
}

/** RFC 8701 section 2: PSK modes have GREASE values of their own, 0x0b and every 0x1f after it. */
function onePskGrease(modes: readonly number[]): number[] {
  return modes.map(mode => (mode % 0x1f === 0x0b ? 0x0b : mode))
}

function oneGreaseProtocol(protocol: string): string {
  if (protocol.length !== 2) return protocol
  const value = (protocol.charCodeAt(0) << 8) | protocol.charCodeAt(1)
  return isGrease(value) ? '\n\n' : protocol
}

/** Protocols are any bytes, also the separators of the key. */
function protocolKey(protocol: string): string {
  const name = oneGreaseProtocol(protocol)
  return /^[\w./-]*$/.test(name) ? name : encodeURIComponent(name)
}
