import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Detected, Sample, Source } from '../source.ts'
import { timeSql } from '../sql.ts'
import { findTextPlaces } from '../text-layout.ts'
import { readAccess } from './nginx.ts'

export const apache: Source = {
  id: 'apache',
  title: 'Apache httpd access log',
  setup: `LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\" %{SSL_PROTOCOL}x %{SSL_CIPHER}x %{SSL_TLS_SNI}x" tls
CustomLog logs/access_log tls`,
  sees: ['negotiated', 'suite', 'sni', 'address', 'account', 'userAgent'],
  blind: [
    'handshakes that fail never reach the access log of httpd',
    'httpd logs what was agreed, not what the client could have offered',
  ],
  sources: [
    'https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats (2026-11)',
    'https://httpd.apache.org/docs/2.4/mod/mod_log_config.html (2026-11)',
  ],
  detect(sample) {
    return detectJson(sample) ?? detectText(sample)
  },
  read(layout) {
    if (layout.form !== 'json') return readAccess(layout)
    return readPlaces(layout, {
      time: layout.time === 'common' ? timeSql.common : timeSql.any,
      // httpd escapes odd bytes as \xhh, which JSON does not know.
      json: `replaceAll(line, '\\\\x', '\\\\u00')`,
    })
  },
}

const ownKeys =
  /^(ssl_?protocol|ssl_?cipher|ssl_tls_sni|remoteip|remote_?logname|useragent|request_?method|vhost|keepalive|bytessent)$/i

function detectJson(sample: Sample): Detected | null {
  const records = jsonLines(sample.lines.map(line => line.replaceAll('\\x', '\\u00')))
  const at = findJsonPlaces(records)
  if (!at) return null
  const keys = new Set(records.flatMap(record => Object.keys(record)))
  // Names of nginx variables tell the other server.
  if (['remote_addr', 'http_user_agent', 'body_bytes_sent', 'time_iso8601'].some(key => keys.has(key)))
    return null
  if ([...keys].filter(key => ownKeys.test(key)).length < 2) return null
  return {
    certainty: 'sure',
    layout: { form: 'json', at, time: commonIn(records, at), fileMs: sample.fileMs },
  }
}

/**
 * The forms of the mod_ssl documentation (`%t %h %{SSL_PROTOCOL}x`), and whatever has quotation marks escaped as `\"`, which nginx does not
 * write. Other lines look the same in both servers, and are read the same.
 */
function detectText(sample: Sample): Detected | null {
  const isRequestLog = sample.lines.some(line => /^\[[^\]]+\] [0-9a-fA-F.:]+ (SSL|TLS)v/.test(line))
  const isEscaped = sample.lines.some(line => line.includes('\\"') && !line.startsWith('{'))
  if (!isRequestLog && !isEscaped) return null
  const found = findTextPlaces(sample.lines)
  if (!found || found.share < 0.5) return null
  return {
    certainty: 'sure',
    layout: { form: 'text', ...found.layout, fileMs: sample.fileMs },
  }
}
