import { jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const traefik: Source = {
  id: 'traefik',
  title: 'Traefik access log (JSON)',
  setup: `accessLog:
  format: json            # the common format has no TLS
  fields: { headers: { names: { User-Agent: keep } } }`,
  sees: ['negotiated', 'suite', 'sni', 'address', 'account', 'userAgent'],
  blind: ['handshakes that fail are in the log of the server, at debug level, not in the access log'],
  sources: ['https://doc.traefik.io/traefik/observability/access-logs/ (2026-11)'],
  detect(sample) {
    const own = jsonLines(sample.lines).filter(isAccess)
    if (own.length === 0) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'json',
        at: {
          time: { keys: [['StartUTC'], ['time']] },
          version: { keys: [['TLSVersion']] },
          cipher: { keys: [['TLSCipher']] },
          address: { keys: [['ClientAddr'], ['ClientHost']] },
          account: { keys: [['ClientUsername']] },
          sni: { keys: [['RequestHost'], ['RequestAddr']] },
          userAgent: { keys: [['request_User-Agent']] },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, { reject: ["address = '', 'not an access line'"] })
  },
}

function isAccess(record: Record<string, unknown>): boolean {
  // Which fields are kept is the operator's choice.
  return (
    ('ClientAddr' in record || 'ClientHost' in record) &&
    ('DownstreamStatus' in record || 'RequestHost' in record || 'entryPointName' in record)
  )
}
