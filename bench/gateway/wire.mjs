// What goes over the wire where TLS itself is left out of the measurement: hellos of real clients, and an answer of a server's usual size.
import { readFileSync } from 'node:fs'
import { writeRecords } from '../../dist/wire/record.js'
import { writeServerHello } from '../../dist/wire/write.js'

/** A captured hello of cases/hello; its random can be replaced in place (`freshen`). */
export function capturedHello(name) {
  const text = readFileSync(new URL(`../../cases/hello/${name}.hex`, import.meta.url), 'utf8')
  return Buffer.from(text.replace(/^#.*$/gm, '').replace(/\s/g, ''), 'hex')
}

/** No two connections of a client have the same random and session id, so none of the benchmark's has. */
export function freshen(hello, count) {
  const copy = Buffer.from(hello)
  copy.writeUInt32BE(count >>> 0, 11)
  copy.writeUInt32BE((count * 2654435761) >>> 0, 15)
  return copy
}

/** ServerHello and, standing for the rest of the flight, one record of application data. */
export function serverAnswer(version, suite, restBytes = 1100) {
  const extensions = version >= 0x0304 ? [43, 51] : [65281]
  const bodies = new Map([
    [43, Uint8Array.of(version >> 8, version & 0xff)],
    [51, Uint8Array.from([0, 29, 0, 32, ...Array(32).fill(9)])],
    [65281, Uint8Array.of(0)],
  ])
  const hello = writeServerHello(
    {
      legacyVersion: Math.min(version, 0x0303),
      version,
      random: new Uint8Array(32).fill(5),
      sessionId: new Uint8Array(32).fill(2),
      suite,
      compression: 0,
      extensions,
      alpn: null,
      group: 29,
    },
    bodies,
  )
  const recordVersion = Math.min(version, 0x0303)
  return Buffer.concat([
    writeRecords(22, recordVersion, hello),
    writeRecords(23, recordVersion, new Uint8Array(restBytes)),
  ])
}
