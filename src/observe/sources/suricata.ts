import { jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const suricata: Source = {
  id: 'suricata',
  title: 'Suricata EVE, TLS events',
  setup: `outputs:
  - eve-log: { enabled: yes, filetype: regular, filename: eve.json, types: [ tls: { extended: yes } ] }
app-layer: { protocols: { tls: { ja3-fingerprints: yes } } }`,
  sees: ['negotiated', 'offered', 'sni', 'address'],
  blind: [
    'until a ServerHello is seen the version is that of the ClientHello',
    'QUIC, which is always TLS 1.3, is another event',
  ],
  sources: ['https://docs.suricata.io/en/latest/output/eve/eve-json-format.html#event-type-tls (2026-11)'],
  detect(sample) {
    const own = jsonLines(sample.lines).filter(
      record => 'event_type' in record && ('src_ip' in record || 'flow_id' in record),
    )
    if (own.length === 0) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'json',
        at: {
          time: { keys: [['timestamp']] },
          version: { keys: [['tls', 'version']] },
          offered: { keys: [['tls', 'ja3', 'hash']] },
          address: { keys: [['src_ip']] },
          sni: { keys: [['tls', 'sni']] },
          operation: { keys: [['event_type']] },
          service: { keys: [['tls', 'ja3s', 'hash']] },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    const reading = readPlaces(layout, {
      reject: [
        "operation = 'quic', 'QUIC: always TLS 1.3'",
        "operation != 'tls', 'another kind of event'",
        "version IN ('', 'UNDETERMINED'), 'version not determined'",
      ],
    })
    const version = reading.row.negotiated!
    // With a fingerprint of the client's hello and none of the server's, no ServerHello was seen.
    const onlyOffered = "offered != '' AND service = ''"
    return {
      ...reading,
      values: { ...reading.values, version: `replaceRegexpOne(${reading.values.version}, ' draft.*$', '')` },
      row: {
        ...reading.row,
        negotiated: `if(${onlyOffered}, 0, ${version})`,
        offered_max: `if(${onlyOffered}, ${version}, 0)`,
        operation: "''",
        service: "''",
      },
    }
  },
}
