import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { timeSql } from '../sql.ts'

export const fastly: Source = {
  id: 'fastly',
  title: 'Fastly real-time log (JSON)',
  setup: `{ "timestamp":"%{strftime(\\{"%Y-%m-%dT%H:%M:%S%z"\\}, time.start)}V", "client_ip":"%{req.http.Fastly-Client-IP}V", "host":"%{req.http.host}V",
  "tls_client_protocol":"%{tls.client.protocol}V", "tls_client_cipher":"%{tls.client.cipher}V", "tls_client_servername":"%{tls.client.servername}V",
  "request_user_agent":"%{json.escape(req.http.User-Agent)}V", "service_id":"%{req.service_id}V" }`,
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: [
    'handshakes that fail make no request and are not logged',
    'sampled when the log statement is under a condition',
  ],
  sources: [
    'https://www.fastly.com/documentation/reference/vcl/variables/client-connection/tls-client-protocol/ (2026-11)',
  ],
  detect(sample) {
    const records = jsonLines(sample.lines.map(line => line.slice(Math.max(0, line.indexOf('{')))))
    const keys = new Set(records.flatMap(record => Object.keys(record)))
    const own = [
      'service_id',
      'tls_client_protocol',
      'tls_client_cipher',
      'fastly_is_edge',
      'fastly_server',
      'fastly_is_shield',
      'is_tls',
      'datacenter',
      'pop',
    ]
    if (own.filter(key => keys.has(key)).length < 2) return null
    const at = findJsonPlaces(records)
    if (!at) return null
    return {
      certainty: 'sure',
      layout: { form: 'json', at, time: commonIn(records, at), fileMs: sample.fileMs },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      time: layout.time === 'common' ? timeSql.common : timeSql.any,
      // A header of syslog may stand before the object.
      json: "substring(line, greatest(1, position(line, '{')))",
    })
  },
}
