import { startsJson } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { bareVersions } from '../sql.ts'

export const otlp: Source = {
  id: 'otlp',
  title: 'OpenTelemetry logs and spans as the collector writes them (OTLP JSON)',
  setup: 'exporters: { file: { path: telemetry.json } }   # of the OpenTelemetry collector',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: ['instrumentation that does not set tls.protocol.version says nothing'],
  sources: [
    'https://opentelemetry.io/docs/specs/semconv/registry/attributes/tls/ (2026-11)',
    'https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding (2026-11)',
  ],
  detect(sample) {
    if (!startsJson(sample.lines)) return null
    const text = sample.lines.slice(0, 20).join('\n')
    if (!/"(resourceLogs|resourceSpans)"\s*:\s*\[/.test(text)) return null
    const isLines = /^\s*\{.*"(resourceLogs|resourceSpans)"/.test(sample.lines[0]!)
    return {
      certainty: 'sure',
      layout: { form: isLines ? 'lines' : 'document', at: {}, fileMs: sample.fileMs },
    }
  },
  read(layout) {
    const attribute = (...names: string[]) =>
      `arrayFirst(each -> each != '', arrayMap(name -> tupleElement(tupleElement(arrayFirst(each -> tupleElement(each, 'key') = name, tupleElement(cut, 'attributes')), 'value'), 'stringValue'), [${names.map(name => `'${name}'`).join(', ')}]))`
    const inner = (outer: string, scope: string, item: string) =>
      `arrayFlatten(arrayMap(resource -> arrayFlatten(arrayMap(scope -> JSONExtractArrayRaw(scope, '${item}'), JSONExtractArrayRaw(resource, '${scope}'))), JSONExtractArrayRaw(line, '${outer}')))`
    const reading = readPlaces(layout, {
      format: layout.form === 'lines' ? 'LineAsString' : 'JSONAsString',
      records: `arrayConcat(${inner('resourceLogs', 'scopeLogs', 'logRecords')}, ${inner('resourceSpans', 'scopeSpans', 'spans')})`,
      cut: `JSONExtract(line, 'Tuple(timeUnixNano String, observedTimeUnixNano String, startTimeUnixNano String, name String, attributes Array(Tuple(key String, value Tuple(stringValue String))))')`,
      versions: [bareVersions],
      absent: 'unsaid',
      values: {
        time: "arrayFirst(each -> each != '', [tupleElement(cut, 'timeUnixNano'), tupleElement(cut, 'startTimeUnixNano'), tupleElement(cut, 'observedTimeUnixNano')])",
        protocol: attribute('tls.protocol.name', 'tls.version_protocol'),
        version: attribute('tls.protocol.version', 'tls.version'),
        cipher: attribute('tls.cipher'),
        curve: attribute('tls.curve'),
        address: attribute('client.address', 'network.peer.address', 'source.address'),
        sni: attribute('tls.client.server_name', 'server.address'),
        userAgent: attribute('user_agent.original'),
        account: attribute('enduser.id', 'user.id'),
      },
    })
    const { version } = reading.values
    return {
      ...reading,
      values: {
        ...reading.values,
        version: `if(lower(${reading.values.protocol}) = 'ssl', concat('sslv', substring(${version}, 1, 1)), ${version})`,
      },
    }
  },
}
