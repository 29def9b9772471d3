// ClientHellos of real clients: those of cases/hello, and the shapes of all that the captures of cases/captures hold, written anew with keys.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { openCapture } from '../../dist/observe/capture/open.js'
import { readCapture } from '../../dist/observe/capture/read.js'
import { shapeKey } from '../../dist/wire/fingerprint.js'
import { parseClientHello, rawExtensions } from '../../dist/wire/hello.js'
import { HANDSHAKE, writeRecords } from '../../dist/wire/record.js'
import { writeClientHello } from '../../dist/wire/write.js'

const cases = fileURLToPath(new URL('../../cases/', import.meta.url))

/**
 * `bytes` as on the wire; `randomAt`, `sessionAt` (with `sessionSize`) and `nameAt` (with `nameSize`) say where connections differ; -1 and 0 for
 * what a hello has not.
 */
export async function realHellos() {
  const found = new Map()
  for (const name of readdirSync(join(cases, 'hello')).sort()) {
    if (!name.endsWith('.hex')) continue
    const text = readFileSync(join(cases, 'hello', name), 'utf8')
    const wire = Buffer.from(text.replace(/^#.*$/gm, '').replace(/\s/g, ''), 'hex')
    if (wire[0] !== 0x16) found.set(name, sslv2(wire))
    else if (wire.length === 5 + wire.readUInt16BE(3)) add(wire.subarray(5), wire.readUInt16BE(1))
  }
  const captures = readdirSync(join(cases, 'captures'), { recursive: true }).map(String).sort()
  for (const name of captures.filter(name => /\.pcap(ng)?(\.gz)?$/.test(name)))
    for await (const event of readCapture(openCapture(join(cases, 'captures', name), Readable.from([])))) {
      if (event.kind !== 'client_hello') continue
      const { offer, sessionIdBytes } = event.hello
      if (offer.format === 'sslv2' || offer.offersPsk) continue
      const sessionId = new Uint8Array(sessionIdBytes)
      add(
        writeClientHello(offer, { random: new Uint8Array(32), sessionId, bodies: bodiesOf(offer) }),
        offer.recordVersion,
      )
    }
  return [...found.values()]

  function add(message, recordVersion) {
    const body = message.subarray(4)
    const read = parseClientHello(body, recordVersion)
    if (!read.ok) return
    const { offer, sessionId } = read.value
    const named = rawExtensions(body).find(({ type, body }) => type === 0 && body.length > 12)
    found.set(shapeKey(offer), {
      bytes: Buffer.from(writeRecords(HANDSHAKE, recordVersion, message)),
      version: Math.max(offer.legacyVersion, ...offer.supportedVersions.filter(version => version <= 0x0304)),
      randomAt: 9 + 2,
      sessionAt: 9 + 35,
      sessionSize: sessionId.length,
      nameAt: named ? 9 + (named.body.byteOffset - body.byteOffset) + 5 : -1,
      nameSize: named ? named.body.length - 5 : 0,
    })
  }
}

/** Bodies of extensions that an offer does not spell out, of the size that they have in life. */
function bodiesOf(offer) {
  const keySizes = new Map([
    [29, 32],
    [23, 65],
    [24, 97],
    [25, 133],
    [30, 56],
    [0x11ec, 1216],
    [256, 256],
  ])
  const shares = offer.keyShareGroups.flatMap(group => {
    const size = keySizes.get(group) ?? 1
    return [group >> 8, group & 255, size >> 8, size & 255, ...new Array(size).fill(7)]
  })
  return new Map(
    Object.entries({
      5: [1, 0, 0, 0, 0],
      18: [],
      27: [2, 0, 2],
      28: [0x40, 1],
      51: [shares.length >> 8, shares.length & 255, ...shares],
      17513: [0, 3, 2, 0x68, 0x32],
      65281: [0],
    }).map(([type, body]) => [Number(type), Uint8Array.from(body)]),
  )
}

/** The challenge stands at the end, where a random stands in others. */
function sslv2(bytes) {
  return {
    bytes,
    version: 0x0301,
    randomAt: bytes.length - 16,
    sessionAt: 0,
    sessionSize: 0,
    nameAt: -1,
    nameSize: 0,
  }
}
