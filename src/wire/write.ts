import { concatBytes } from '../base/bytes.ts'
import type { Offer } from '../model/offer.ts'
import type { ServerHello } from './hello.ts'
import { CLIENT_HELLO, SERVER_HELLO } from './record.ts'

export interface HelloParts {
  random: Uint8Array
  sessionId: Uint8Array
  /** Bodies of extensions by type: for those that an offer does not spell out (key shares with real keys, tickets, ECH). */
  bodies?: ReadonlyMap<number, Uint8Array>
}

/**
 * A ClientHello with its handshake header, from what it offers; `writeRecords` wraps it. Extensions are written in the offer's order. Those that
 * are neither in `bodies` nor spelled out by the offer have empty bodies; key shares get one zero byte as key.
 */
export function writeClientHello(offer: Offer, parts: HelloParts): Uint8Array {
  const extensions = offer.extensions.map(type => {
    const body = parts.bodies?.get(type) ?? offeredBody(type, offer)
    return concatBytes([u16(type), vector(2, body)])
  })
  return message(CLIENT_HELLO, [
    u16(offer.legacyVersion),
    parts.random,
    vector(1, parts.sessionId),
    vector(2, u16s(offer.suites)),
    vector(1, Uint8Array.from(offer.compression)),
    ...(offer.withoutExtensions ? [] : [vector(2, concatBytes(extensions))]),
  ])
}

/** A CLIENT-HELLO in SSLv2 framing with its two header bytes (RFC 5246 appendix E.2). `challenge` has 16 to 32 bytes. */
export function writeSslv2ClientHello(offer: Offer, challenge: Uint8Array): Uint8Array {
  const specs = concatBytes([
    ...offer.sslv2Specs.map(spec => Uint8Array.of(spec >> 16, (spec >> 8) & 0xff, spec & 0xff)),
    ...offer.suites.map(suite => Uint8Array.of(0, suite >> 8, suite & 0xff)),
  ])
  const body = concatBytes([
    Uint8Array.of(1),
    u16(offer.legacyVersion),
    u16(specs.length),
    u16(0),
    u16(challenge.length),
    specs,
    challenge,
  ])
  return concatBytes([u16(0x8000 | body.length), body])
}

/** A ServerHello with its handshake header. Supported version, key share group and ALPN are written where `extensions` names them. */
export function writeServerHello(
  hello: Omit<ServerHello, 'recordVersion' | 'isRetry' | 'downgrade'>,
  bodies: ReadonlyMap<number, Uint8Array> = new Map(),
): Uint8Array {
  const extensions = hello.extensions.map(type =>
    concatBytes([u16(type), vector(2, bodies.get(type) ?? selectedBody(type, hello))]),
  )
  return message(SERVER_HELLO, [
    u16(hello.legacyVersion),
    hello.random,
    vector(1, hello.sessionId),
    u16(hello.suite),
    Uint8Array.of(hello.compression),
    ...(extensions.length > 0 ? [vector(2, concatBytes(extensions))] : []),
  ])
}

function offeredBody(type: number, offer: Offer): Uint8Array {
  switch (type) {
    case 0:
      return offer.sni === null
        ? none
        : vector(2, concatBytes([Uint8Array.of(0), vector(2, latin1(offer.sni))]))
    case 10:
      return vector(2, u16s(offer.groups))
    case 11:
      return vector(1, Uint8Array.from(offer.pointFormats))
    case 13:
      return vector(2, u16s(offer.signatureSchemes))
    case 16:
      return vector(2, concatBytes(offer.alpn.map(name => vector(1, latin1(name)))))
    case 43:
      return vector(1, u16s(offer.supportedVersions))
    case 45:
      return vector(1, Uint8Array.from(offer.pskModes))
    case 50:
      return vector(2, u16s(offer.signatureSchemesCert))
    case 51: {
      const shares = offer.keyShareGroups.map(group => concatBytes([u16(group), vector(2, Uint8Array.of(0))]))
      return vector(2, concatBytes(shares))
    }
    case 0xfe0d:
      return Uint8Array.of(offer.ech ? 0 : 1)
    case 0xff01:
      return Uint8Array.of(0)
    default:
      return none
  }
}

function selectedBody(type: number, hello: Pick<ServerHello, 'version' | 'group' | 'alpn'>): Uint8Array {
  if (type === 43) return u16(hello.version)
  if (type === 51) return u16(hello.group)
  if (type === 16 && hello.alpn !== null) return vector(2, vector(1, latin1(hello.alpn)))
  return type === 0xff01 ? Uint8Array.of(0) : none
}

const none = new Uint8Array(0)

function message(type: number, parts: Uint8Array[]): Uint8Array {
  const body = concatBytes(parts)
  return concatBytes([
    Uint8Array.of(type, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff),
    body,
  ])
}

function u16(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff)
}

function u16s(values: readonly number[]): Uint8Array {
  return concatBytes(values.map(u16))
}

function vector(lengthSize: 1 | 2, body: Uint8Array): Uint8Array {
  return concatBytes([lengthSize === 1 ? Uint8Array.of(body.length) : u16(body.length), body])
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, char => char.charCodeAt(0))
}
