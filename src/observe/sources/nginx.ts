import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Detected, Layout, Reading, Sample, Source } from '../source.ts'
import { decimalVersions, timeSql } from '../sql.ts'
import { findTextPlaces, isVersionWord } from '../text-layout.ts'

export const nginx: Source = {
  id: 'nginx',
  title: 'nginx access log',
  setup: `log_format tls '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
               '$ssl_protocol $ssl_cipher "$ssl_server_name"';
access_log /var/log/nginx/access.log tls;`,
  sees: ['negotiated', 'suite', 'sni', 'address', 'account', 'userAgent'],
  blind: [
    'handshakes that fail never reach the access log of nginx',
    'nginx logs what was agreed, not what the client could have offered',
  ],
  sources: [
    'https://nginx.org/en/docs/http/ngx_http_ssl_module.html#variables (2026-11)',
    'https://nginx.org/en/docs/http/ngx_http_log_module.html (2026-11)',
  ],
  detect(sample) {
    return detectTskv(sample) ?? detectJson(sample) ?? detectText(sample)
  },
  read(layout) {
    return readAccess(layout)
  },
}

/** The first word of the format that Yandex made, and that clickhouse reads as TSKV, is `tskv`. */
function detectTskv(sample: Sample): Detected | null {
  const lines = sample.lines.filter(line => /^tskv\t/.test(line))
  if (lines.length === 0 || lines.length < sample.lines.length / 2) return null
  const keys = new Map<string, string[]>()
  for (const line of lines)
    for (const pair of line.split('\t').slice(1)) {
      const end = pair.indexOf('=')
      const key = pair.slice(0, Math.max(end, 0))
      keys.set(key, [...(keys.get(key) ?? []), pair.slice(end + 1)])
    }
  const named = (...names: string[]) => {
    const key = names.find(name => keys.has(name))
    return key === undefined ? {} : { key }
  }
  const version = [...keys].find(([, values]) => values.some(isVersionWord))?.[0]
  if (version === undefined) return null
  const at: Record<string, unknown> = {
    version: { key: version },
    time: named('timestamp', 'time_iso8601', 'time', 'time_local', 'msec', 'unixtime'),
    cipher: named('ssl_cipher', 'cipher'),
    address: named('ip', 'remote_addr', 'client', 'client_ip'),
    account: named('user', 'remote_user'),
    sni: named('ssl_server_name', 'sni', 'vhost', 'host', 'server_name'),
    userAgent: named('user_agent', 'http_user_agent', 'ua'),
  }
  const found = Object.entries(at).filter(([, place]) => 'key' in (place as object))
  return {
    certainty: 'sure',
    layout: {
      form: 'tskv',
      at: Object.fromEntries(found) as Layout['at'],
      time: lines.some(line => /=\d\d\/[A-Z][a-z]{2}\//.test(line)) ? 'common' : 'any',
      fileMs: sample.fileMs,
    },
  }
}

function detectJson(sample: Sample): Detected | null {
  const records = jsonLines(sample.lines)
  const at = findJsonPlaces(records)
  if (!at?.version) return null
  const keys = new Set(records.flatMap(record => Object.keys(record)))
  const own = [
    'remote_addr',
    'http_user_agent',
    'ssl_protocol',
    'request_uri',
    'body_bytes_sent',
    'time_iso8601',
    'upstream_addr',
    'http_host',
  ]
  const count = own.filter(key => keys.has(key)).length
  if (count === 0) return null
  const certainty = count >= 2 ? 'sure' : 'maybe'
  return { certainty, layout: { form: 'json', at, time: commonIn(records, at), fileMs: sample.fileMs } }
}

function detectText(sample: Sample): Detected | null {
  const found = findTextPlaces(sample.lines)
  if (!found || found.share < 0.5) return null
  return {
    certainty: 'maybe',
    layout: { form: 'text', ...found.layout, fileMs: sample.fileMs },
  }
}

/** Reads what the detection of access logs found; other web servers write the same forms. */
export function readAccess(layout: Layout): Reading {
  // `[2015-05-30 13:18:19.618870]` and its like stand in brackets too.
  const time =
    layout.time === 'common' ? timeSql.common : (text: string) => timeSql.any(`trim(BOTH '[]' FROM ${text})`)
  if (layout.form === 'json') return readPlaces(layout, { time, versions: [decimalVersions] })
  const reject = layout.at.address ? ["address = '' AND version = '', 'not a line of the log format'"] : []
  if (layout.form === 'tskv') return readPlaces(layout, { time, cut: "''", reject })
  return readPlaces(layout, { time, reject })
}
