import { at, jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const ecs: Source = {
  id: 'ecs',
  title: 'Elastic Common Schema or OpenTelemetry attributes (JSON)',
  setup:
    'a shipper that fills tls.version and tls.version_protocol (ECS), or tls.protocol.version and tls.protocol.name (OpenTelemetry)',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: ['what the shipper did not map is lost'],
  sources: [
    'https://www.elastic.co/guide/en/ecs/current/ecs-tls.html (2026-11)',
    'https://opentelemetry.io/docs/specs/semconv/registry/attributes/tls/ (2026-11)',
  ],
  detect(sample) {
    const path = (...dotted: string[]) => ({
      keys: dotted.flatMap(name => [
        [name],
        name.split('.'),
        ['attributes', name],
        ['attributes', ...name.split('.')],
      ]),
    })
    const records = jsonLines(sample.lines)
    const version = path('tls.version', 'tls.protocol.version')
    const isOwn = (record: Record<string, unknown>) =>
      version.keys.some(keys => typeof at(record, ...keys) === 'string') &&
      ('@timestamp' in record ||
        'ecs' in record ||
        'ecs.version' in record ||
        'attributes' in record ||
        'tls.protocol.version' in record ||
        at(record, 'tls', 'protocol', 'version') !== undefined)
    if (!records.some(isOwn)) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'json',
        at: {
          time: {
            keys: [['@timestamp'], ['timestamp'], ['timeUnixNano'], ['observedTimeUnixNano'], ['time']],
          },
          version,
          // The name of the protocol: ssl or tls.
          operation: path('tls.version_protocol', 'tls.protocol.name'),
          cipher: path('tls.cipher'),
          curve: path('tls.curve'),
          address: path('client.ip', 'source.ip', 'client.address', 'source.address'),
          sni: path('tls.client.server_name', 'server.address', 'destination.domain', 'url.domain'),
          userAgent: path('user_agent.original'),
          account: path('user.name', 'enduser.id'),
          service: path('service.name'),
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    const reading = readPlaces(layout, {
      absent: 'unsaid',
      reject: ["lower(operation) = 'dtls', 'DTLS'"],
      row: { operation: "''" },
    })
    // Bare numbers mean SSL when the name of the protocol says so: 3 is SSL 3.0.
    const version = `if(lower(${reading.values.operation}) = 'ssl', concat('sslv', substring(${reading.values.version}, 1, 1)), ${reading.values.version})`
    return { ...reading, values: { ...reading.values, version } }
  },
}
