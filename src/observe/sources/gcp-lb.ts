import { at, jsonLines, startsJson } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { quicVersions } from '../sql.ts'

export const gcpLb: Source = {
  id: 'gcp-lb',
  title: 'Google Cloud external Application Load Balancer',
  setup:
    'gcloud compute backend-services update NAME --global --enable-logging --logging-sample-rate=1 --logging-optional=CUSTOM --logging-optional-fields=tls.protocol,tls.cipher',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: [
    'TLS fields are left out unless they are named as optional fields',
    'handshakes that fail are not logged',
    'logs are sampled when the sample rate is under 1',
  ],
  sources: ['https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring (2026-11)'],
  detect(sample) {
    const text = sample.lines.join('\n')
    const isOwn = (record: Record<string, unknown>) =>
      at(record, 'httpRequest', 'requestUrl') !== undefined && 'resource' in record
    const lines = jsonLines(sample.lines)
    const isDocument =
      lines.length === 0 &&
      startsJson(sample.lines) &&
      /"httpRequest"\s*:/.test(text) &&
      /http_load_balancer|loadbalancing/.test(text)
    if (!isDocument && !lines.some(isOwn)) return null
    return {
      certainty: 'sure',
      layout: {
        form: isDocument ? 'document' : 'lines',
        at: {
          time: { keys: [['timestamp'], ['receiveTimestamp']] },
          version: {
            keys: [
              ['jsonPayload', 'tls', 'protocol'],
              ['jsonPayload', 'tlsInfo', 'protocol'],
              ['jsonPayload', 'tls.protocol'],
            ],
          },
          cipher: {
            keys: [
              ['jsonPayload', 'tls', 'cipher'],
              ['jsonPayload', 'tls.cipher'],
            ],
          },
          address: {
            keys: [
              ['httpRequest', 'remoteIp'],
              ['jsonPayload', 'remoteIp'],
            ],
          },
          sni: { keys: [['httpRequest', 'requestUrl']] },
          userAgent: { keys: [['httpRequest', 'userAgent']] },
          service: {
            keys: [
              ['resource', 'labels', 'backend_service_name'],
              ['resource', 'labels', 'url_map_name'],
            ],
          },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      versions: [quicVersions],
      format: layout.form === 'lines' ? 'LineAsString' : 'JSONAsString',
      reject: ["startsWith(sni, 'http://'), 'plain HTTP'", "address = '', 'not a request'"],
      absent: 'unsaid',
      row: { sni: 'domain(sni)' },
    })
  },
}
