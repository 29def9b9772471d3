import { commonIn, findJsonPlaces, jsonLines } from '../json-layout.ts'
import { helloKeys, helloTextSql } from '../logged-hello.ts'
import { readPlaces, valueSql } from '../places.ts'
import type { Detected, Sample, Source } from '../source.ts'
import { refusalSql, timeSql } from '../sql.ts'
import { findTextPlaces } from '../text-layout.ts'

export const haproxy: Source = {
  id: 'haproxy',
  title: 'HAProxy log',
  setup: `global
  tune.ssl.capture-buffer-size 512
frontend fe
  option httpslog                      # or, with what the client offered, as JSON:
  log-format '{"ts":%Ts.%ms,"client":"%ci","fe":"%f","sni":"%[ssl_fc_sni]","sslv":"%sslv","sslc":"%sslc","hello_id":"%[ssl_fc_protocol_hello_id]","cipherlist_hex":"%[ssl_fc_cipherlist_bin(1),hex]","exts_hex":"%[ssl_fc_extlist_bin(1),hex]","groups_hex":"%[ssl_fc_eclist_bin(1),hex]","ecformats_hex":"%[ssl_fc_ecformats_bin,hex]","ua":%{+Q}[capture.req.hdr(0)]}'`,
  sees: ['negotiated', 'offered', 'suite', 'sni', 'address', 'userAgent', 'refusals'],
  blind: [
    'a failed handshake is one line with the address only; HAProxy before 3.0 does not say why it failed',
    'without the lists of the client in the log format, only what was agreed is known',
    'the lists hold no signature schemes, and are cut at tune.ssl.capture-buffer-size: a forecast takes the usual schemes',
  ],
  sources: [
    'https://docs.haproxy.org/2.6/configuration.html#8.2.4 (2026-11)',
    'https://docs.haproxy.org/2.6/configuration.html#7.3.4-ssl_fc_protocol_hello_id (2026-11)',
  ],
  detect(sample) {
    return detectJson(sample) ?? detectText(sample)
  },
  read(layout) {
    if (layout.form === 'json') {
      const parts = Object.entries(layout.hello ?? {}).map(
        ([part, place]) => [part, valueSql(place)] as const,
      )
      const reading = readPlaces(layout, {
        time: layout.time === 'common' ? timeSql.common : timeSql.any,
        values: Object.fromEntries(parts.map(([part, sql]) => [`hello_${part}`, sql])),
        // A client of TLS 1.3 shows 771 as well (RFC 8446 section 4.1.2): the number tells the offer of older clients only.
        row: { offered_max: `if(offered IN ('768', '769', '770'), toUInt16OrZero(offered), 0)` },
      })
      if (!layout.hello) return reading
      const texts = Object.fromEntries(parts.map(([part]) => [part, `hello_${part}`]))
      return { ...reading, hello: helloTextSql('offered', 'version_number', texts) }
    }
    return readPlaces(layout, {
      time: timeSql.common,
      values: {
        time: `extract(line, '\\\\[([0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:.]+)\\\\]')`,
        address: `extract(line, '([0-9a-fA-F.:]+):[0-9]+ \\\\[')`,
        failed: isFailure,
        failure: refusalSql('line'),
        version: `if(${isFailure}, '', ${valueSql(layout.at.version)})`,
      },
      reject: [
        "address = '', 'not about a connection'",
        "match(line, '\\\\] [^ :]+: ') AND NOT failed, 'not about a handshake'",
        ...(layout.at.version ? [] : ["NOT failed, 'does not say which TLS version'"]),
      ],
      row: {
        outcome: "multiIf(NOT failed, 'accepted', failure = 'handshake-failed', 'failed', 'refused')",
        reason: "if(failed, failure, '')",
      },
    })
  },
}

const isFailure = "position(line, 'SSL handshake failure') > 0"

const ownKeys = [
  'sslv',
  'sslc',
  'hello_id',
  'fe',
  'frontend_name',
  'fc_err',
  'ssl_fc_sni',
  'termination_state',
  'cipherlist_hex',
]

function detectJson(sample: Sample): Detected | null {
  const records = jsonLines(sample.lines)
  const keys = new Set(records.flatMap(record => Object.keys(record)))
  if (ownKeys.filter(key => keys.has(key)).length < 2) return null
  const at = findJsonPlaces(records)
  if (!at) return null
  const hello = [...keys].find(key => /hello_?id/i.test(key))
  if (hello) at.offered = { keys: [[hello]] }
  const lists = helloKeys(keys)
  return {
    certainty: 'sure',
    layout: {
      form: 'json',
      at,
      time: commonIn(records, at),
      ...(hello && lists && { hello: lists }),
      fileMs: sample.fileMs,
    },
  }
}

/** `192.0.2.1:4711 [22/Nov/2026:17:31:23.904] frontend~ backend/server …`, with or without what syslog puts before it. */
const ownLine = /(^|\s)[0-9a-fA-F.:]+:\d+ \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:[\d:]+\.\d+\] \S+ \S+\/\S+ /

/** `192.0.2.1:4711 [28/Feb/2026:02:43:10.123] frontend/backend: SSL handshake failure (…)` */
const failureLine = /(^|\s)[0-9a-fA-F.:]+:\d+ \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:[\d:]+\.\d+\] [^\s:]+: /

function detectText(sample: Sample): Detected | null {
  const lines = sample.lines.filter(line => ownLine.test(line))
  if (lines.length === 0 && !sample.lines.some(line => failureLine.test(line))) return null
  // Without the version in its lines, a log still tells of handshakes that failed.
  const at = findTextPlaces(lines)?.layout.at ?? {}
  return { certainty: 'sure', layout: { form: 'text', at, fileMs: sample.fileMs } }
}
