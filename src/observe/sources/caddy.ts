import { at, jsonLines } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { decimalVersions } from '../sql.ts'

export const caddy: Source = {
  id: 'caddy',
  title: 'Caddy log (JSON)',
  setup: `example.com {
  log { output file /var/log/caddy/access.json }
}
# refused handshakes are in the log of the server, at debug level: { debug }`,
  sees: ['negotiated', 'offered', 'suite', 'sni', 'address', 'account', 'userAgent', 'refusals'],
  blind: ['Caddy never speaks TLS 1.0 or 1.1: such clients show only as refused, and only at debug level'],
  sources: [
    'https://caddyserver.com/docs/json/logging/ (2026-11)',
    'https://caddyserver.com/docs/caddyfile/directives/tls#protocols (2026-11)',
  ],
  detect(sample) {
    const isOwn = (record: Record<string, unknown>) =>
      (String(record.logger ?? '').startsWith('http.') || 'resp_headers' in record) &&
      (at(record, 'request', 'remote_ip') !== undefined ||
        at(record, 'request', 'remote_addr') !== undefined ||
        'msg' in record)
    const isConsole = sample.lines.some(line => consoleLine.test(line))
    const records = sample.lines.map(line => (isConsole ? line.slice(Math.max(0, line.indexOf('{'))) : line))
    if (!jsonLines(records).some(isOwn)) return null
    return {
      certainty: 'sure',
      layout: {
        form: isConsole ? 'console' : 'json',
        at: {
          time: { keys: [['ts']] },
          version: { keys: [['request', 'tls', 'version']] },
          cipher: { keys: [['request', 'tls', 'cipher_suite']] },
          address: {
            keys: [
              ['request', 'client_ip'],
              ['request', 'remote_ip'],
              ['request', 'remote_addr'],
            ],
          },
          account: { keys: [['user_id']] },
          sni: {
            keys: [
              ['request', 'tls', 'server_name'],
              ['request', 'host'],
            ],
          },
          userAgent: { keys: [['request', 'headers', 'User-Agent[]']] },
          operation: { keys: [['msg']] },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    const refused = "position(operation, 'client offered only unsupported versions') > 0"
    const highest = `arrayMax(arrayMap(word -> reinterpretAsUInt16(reverse(unhex(leftPad(word, 4, '0')))), arrayFilter(word -> word != '', splitByChar(' ', extract(operation, 'versions: \\\\[([0-9a-f ]+)\\\\]')))))`
    const from = `extract(operation, 'handshake error from (\\\\S+?):? ')`
    return readPlaces(layout, {
      versions: [decimalVersions],
      ...(layout.form === 'console' && { json: "substring(line, greatest(1, position(line, '{')))" }),
      values: {
        ...(layout.form === 'console' && { time: "replaceAll(substring(line, 1, 23), '/', '-')" }),
        isRefused: refused,
        isFailed: "position(operation, 'TLS handshake error') > 0",
        offeredMax: `if(${refused}, ${highest}, 0)`,
        peer: from,
      },
      reject: ["address = '' AND NOT isFailed, 'not an access line'"],
      row: {
        suite: 'toUInt32OrZero(cipher)',
        operation: "''",
        offered_max: 'toUInt16(offeredMax)',
        address: `if(address != '', address, extract(peer, '^\\\\[?([0-9a-fA-F.:]+?)\\\\]?:[0-9]+$'))`,
        outcome: "multiIf(isRefused, 'refused', isFailed, 'failed', 'accepted')",
        reason: "multiIf(isRefused, 'version', isFailed, 'handshake-failed', '')",
      },
    })
  },
}

/** `2026/11/20 10:00:00.000	INFO	http.log.access	handled request	{…`: instant, level, logger and message stand before the record. */
const consoleLine = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d+\t[A-Z]+\t[^{]*\t\{/
