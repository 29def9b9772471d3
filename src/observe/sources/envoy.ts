import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import type { Detected, Sample, Source } from '../source.ts'
import { findTextPlaces } from '../text-layout.ts'
import { readAccess } from './nginx.ts'

export const envoy: Source = {
  id: 'envoy',
  title: 'Envoy access log (also Istio, Contour, Envoy Gateway)',
  setup: `json_format:
  start_time: "%START_TIME%"
  downstream_tls_version: "%DOWNSTREAM_TLS_VERSION%"
  downstream_tls_cipher: "%DOWNSTREAM_TLS_CIPHER%"
  requested_server_name: "%REQUESTED_SERVER_NAME%"
  downstream_remote_address: "%DOWNSTREAM_REMOTE_ADDRESS%"
  authority: "%REQ(:AUTHORITY)%"
  user_agent: "%REQ(USER-AGENT)%"`,
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: [
    'handshakes that fail have no request and are not in the HTTP access log',
    'inside a mesh the version is that of the sidecar, not of the customer',
  ],
  sources: [
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage (2026-11)',
  ],
  detect(sample) {
    return detectJson(sample) ?? detectText(sample)
  },
  read(layout) {
    return readAccess(layout)
  },
}

const ownKeys = [
  'response_flags',
  'upstream_cluster',
  'downstream_tls_version',
  'downstream_tls_cipher',
  'downstream_remote_address',
  'downstream_local_address',
  'requested_server_name',
  'upstream_service_time',
  'response_code_details',
  'route_name',
]

function detectJson(sample: Sample): Detected | null {
  const records = jsonLines(sample.lines)
  const keys = new Set(records.flatMap(record => Object.keys(record)))
  if (ownKeys.filter(key => keys.has(key)).length < 2) return null
  const at = findJsonPlaces(records)
  if (!at) return null
  return {
    certainty: 'sure',
    layout: { form: 'json', at, time: commonIn(records, at), fileMs: sample.fileMs },
  }
}

/** The default format starts `[2026-11-22T20:17:00.310Z] "GET / HTTP/2" 200 -`, and operators add to its end. */
function detectText(sample: Sample): Detected | null {
  const lines = sample.lines.filter(line => /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "/.test(line))
  if (lines.length < Math.max(1, sample.lines.length / 2)) return null
  const found = findTextPlaces(lines)
  if (!found || found.share < 0.5) return null
  return {
    certainty: 'sure',
    layout: { form: 'text', ...found.layout, fileMs: sample.fileMs },
  }
}
