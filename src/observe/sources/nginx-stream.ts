import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import type { Detected, Sample, Source } from '../source.ts'
import { findTextPlaces } from '../text-layout.ts'
import { readAccess } from './nginx.ts'

export const nginxStream: Source = {
  id: 'nginx-stream',
  title: 'nginx stream log with ssl_preread',
  setup: `log_format preread '$remote_addr [$time_local] $protocol $status $bytes_sent $bytes_received $session_time '
                   '"$ssl_preread_protocol" "$ssl_preread_server_name"';
server { listen 443; ssl_preread on; access_log /var/log/nginx/stream.log preread; … }`,
  sees: ['offered', 'sni', 'address'],
  blind: [
    '$ssl_preread_protocol is the highest version offered; what was agreed is known to the server behind',
  ],
  sources: ['https://nginx.org/en/docs/stream/ngx_stream_ssl_preread_module.html (2026-11)'],
  detect(sample) {
    return detectJson(sample) ?? detectText(sample)
  },
  read(layout) {
    const reading = readAccess(layout)
    // A stream server that ends TLS by itself logs $ssl_protocol, and then a cipher beside it.
    if (layout.form === 'terminated') return reading
    return {
      ...reading,
      row: { ...reading.row, offered_max: reading.row.negotiated!, negotiated: 'toUInt16(0)' },
    }
  },
}

function detectJson(sample: Sample): Detected | null {
  const records = jsonLines(sample.lines).filter(record => 'ssl_preread_protocol' in record)
  const at = findJsonPlaces(records)
  if (!at) return null
  at.version = { keys: [['ssl_preread_protocol']] }
  if (records.some(record => 'ssl_preread_server_name' in record))
    at.sni = { keys: [['ssl_preread_server_name']] }
  return {
    certainty: 'sure',
    layout: { form: 'json', at, time: commonIn(records, at), fileMs: sample.fileMs },
  }
}

/** Stream logs name the transport and hold no request. */
function detectText(sample: Sample): Detected | null {
  const lines = sample.lines.filter(
    line => /(^|[\s"])(TCP|UDP)([\s"]|$)/.test(line) && !/"[A-Z]{3,10} \S+ HTTP\//.test(line),
  )
  if (lines.length === 0 || lines.length < sample.lines.length / 2) return null
  const found = findTextPlaces(lines)
  if (!found || found.share < 0.5) return null
  return {
    certainty: 'sure',
    layout: {
      form: found.layout.at.cipher ? 'terminated' : 'text',
      ...found.layout,
      fileMs: sample.fileMs,
    },
  }
}
