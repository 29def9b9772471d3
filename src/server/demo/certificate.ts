import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { dayMs } from '../../base/time.ts'

/** A throw-away certification authority and one certificate of it, for a demonstration on this machine. PEM. */
export interface DemoCertificates {
  ca: string
  certificate: string
  key: string
}

/**
 * Makes them in memory, valid from yesterday for 30 days. RSA with SHA-256, because clients of TLS 1.0 know nothing newer than RSA; the
 * structures are those of RFC 5280 section 4.1, written out below because Node reads certificates but does not write them.
 */
export function demoCertificates(names: readonly string[], nowMs: number): DemoCertificates {
  const authority = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const server = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const validity = { fromMs: nowMs - dayMs, toMs: nowMs + 30 * dayMs }
  const issuer = 'tlsunset demo CA'
  const shared = { issuer, issuerKey: authority.privateKey, ...validity }
  return {
    ca: certificate({ ...shared, subject: issuer, subjectKey: authority.publicKey, names: [] }),
    certificate: certificate({ ...shared, subject: names[0]!, subjectKey: server.publicKey, names }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

interface Wanted {
  subject: string
  subjectKey: KeyObject
  issuer: string
  issuerKey: KeyObject
  fromMs: number
  toMs: number
  /** Host names and addresses; none makes a certification authority. */
  names: readonly string[]
}

const sha256WithRsa = sequence(oid('1.2.840.113549.1.1.11'), der(0x05))

function certificate(wanted: Wanted): string {
  const serial = randomBytes(16)
  serial[0]! &= 0x7f
  serial[0]! |= 0x40
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    sha256WithRsa,
    name(wanted.issuer),
    sequence(time(wanted.fromMs), time(wanted.toMs)),
    name(wanted.subject),
    wanted.subjectKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(...(wanted.names.length === 0 ? authorityExtensions() : serverExtensions(wanted.names))),
    ),
  )
  const signature = sign('sha256', body, wanted.issuerKey)
  return pem(sequence(body, sha256WithRsa, der(0x03, Buffer.from([0]), signature)))
}

const yes = der(0x01, Buffer.from([0xff]))

function authorityExtensions(): Buffer[] {
  // keyCertSign and cRLSign are bits 5 and 6.
  return [extension('2.5.29.19', sequence(yes)), extension('2.5.29.15', der(0x03, Buffer.from([1, 0x06])))]
}

function serverExtensions(names: readonly string[]): Buffer[] {
  const alternatives = names.map(value =>
    isIP(value) === 4
      ? der(0x87, Buffer.from(value.split('.').map(Number)))
      : der(0x82, Buffer.from(value, 'ascii')),
  )
  return [
    extension('2.5.29.19', sequence()),
    // digitalSignature and keyEncipherment, the latter for key exchange by static RSA.
    extension('2.5.29.15', der(0x03, Buffer.from([5, 0xa0]))),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', sequence(...alternatives), false),
  ]
}

function extension(id: string, value: Buffer, isCritical = id !== '2.5.29.37'): Buffer {
  return sequence(oid(id), ...(isCritical ? [yes] : []), der(0x04, value))
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))))
}

/** UTCTime: years 1950 to 2049 (RFC 5280 section 4.1.2.5.1). */
function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]]
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const septets = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80)
    bytes.push(...septets)
  }
  return der(0x06, Buffer.from(bytes))
}

/** Tag, length, value (ITU-T X.690 section 8.1). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value])
  const size = value.length > 0xff ? [0x82, value.length >> 8, value.length & 0xff] : [0x81, value.length]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
