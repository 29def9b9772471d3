import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import type { Source } from '../source.ts'
import { readAccess } from './nginx.ts'

export const otherJson: Source = {
  id: 'json',
  title: 'JSON lines with a TLS version',
  setup:
    'any log with one JSON object per line, in which one key holds the TLS version (ssl_protocol, tls_version, request.tls.version …)',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: [
    'what the keys mean is guessed from their names',
    'whether failed handshakes are in the log is not known',
  ],
  sources: [],
  detect(sample) {
    const records = jsonLines(sample.lines)
    const at = findJsonPlaces(records)
    if (!at) return null
    return {
      certainty: 'maybe',
      layout: { form: 'json', at, time: commonIn(records, at), fileMs: sample.fileMs },
    }
  },
  read(layout) {
    return readAccess(layout)
  },
}
