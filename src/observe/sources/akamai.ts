import { jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const akamai: Source = {
  id: 'akamai',
  title: 'Akamai DataStream 2',
  setup:
    'a stream in JSON with the fields TLS version (tlsVersion), client IP, request host, user agent, request time, CP code',
  sees: ['negotiated', 'sni', 'address', 'userAgent'],
  blind: [
    'handshakes that fail make no request and are not logged',
    'a value that is missing is left out of the JSON',
  ],
  sources: ['https://techdocs.akamai.com/datastream2/docs/data-set-parameters (2026-11)'],
  detect(sample) {
    const own = jsonLines(sample.lines).filter(
      record => 'reqTimeSec' in record || ('cliIP' in record && 'cp' in record),
    )
    if (own.length === 0) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'json',
        at: {
          time: { keys: [['reqTimeSec']] },
          version: { keys: [['tlsVersion']] },
          cipher: { keys: [['tlsCipher']] },
          address: { keys: [['cliIP']] },
          sni: { keys: [['reqHost']] },
          userAgent: { keys: [['UA']] },
          service: { keys: [['cp']] },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      absent: 'unsaid',
      row: { user_agent: "if(userAgent = '-', '', decodeURLComponent(userAgent))" },
    })
  },
}
