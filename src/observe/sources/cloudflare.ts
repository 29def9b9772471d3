import { jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { quicVersions } from '../sql.ts'

export const cloudflare: Source = {
  id: 'cloudflare',
  title: 'Cloudflare Logpush, HTTP requests',
  setup:
    'a Logpush job for http_requests with ClientSSLProtocol, ClientSSLCipher, ClientIP, ClientRequestHost, ClientRequestUserAgent, EdgeStartTimestamp, SampleInterval',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: ['handshakes that fail make no request and are not logged'],
  sources: [
    'https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/ (2026-11)',
  ],
  detect(sample) {
    const own = jsonLines(sample.lines).filter(
      record =>
        'ClientSSLProtocol' in record || ('EdgeStartTimestamp' in record && 'ClientRequestHost' in record),
    )
    if (own.length === 0) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'json',
        at: {
          time: { keys: [['EdgeStartTimestamp'], ['EdgeEndTimestamp'], ['Datetime']] },
          version: { keys: [['ClientSSLProtocol']] },
          cipher: { keys: [['ClientSSLCipher']] },
          address: { keys: [['ClientIP']] },
          sni: { keys: [['ClientRequestHost'], ['EdgeRequestHost']] },
          userAgent: { keys: [['ClientRequestUserAgent']] },
          service: { keys: [['ZoneName']] },
          count: { keys: [['SampleInterval']] },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      versions: [quicVersions],
      reject: ["version = '', 'does not say which TLS version'"],
      row: { count: 'greatest(1, toUInt32OrZero(count))' },
    })
  },
}
