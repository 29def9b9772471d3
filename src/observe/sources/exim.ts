import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { refusalSql } from '../sql.ts'
import { mailTime, mailTimeText } from './postfix.ts'

export const exim: Source = {
  id: 'exim',
  title: 'Exim main log',
  setup: 'log_selector = +tls_cipher +tls_sni',
  sees: ['negotiated', 'suite', 'sni', 'address', 'account', 'refusals'],
  blind: ['one row per message that arrives or is rejected, not per connection'],
  sources: ['https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html (2026-11)'],
  detect(sample) {
    const isOwn = (line: string) =>
      // Its own file, or by way of syslog.
      (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4})?( \[\d+\])? /.test(line) ||
        / exim4?\[\d+\]: /.test(line)) &&
      (/ (<=|=>|->|\*\*|==) \S+ /.test(line) ||
        / H=\S.* (X=|F=|rejected|temporarily)/.test(line) ||
        /authenticator failed for /.test(line) ||
        / exim \d/.test(line))
    if (!sample.lines.some(isOwn)) return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: "''",
      time: mailTime(layout.fileMs),
      values: {
        time: `if(match(line, ' exim4?\\\\[[0-9]+\\\\]: '), ${mailTimeText}, extract(line, '^([0-9-]{10} [0-9:.]{8,12}(?: [+-][0-9]{4})?)'))`,
        isArrival: "position(line, ' <= ') > 0",
        isFailed: "position(line, 'TLS error on connection from') > 0",
        failure: refusalSql('line'),
        // X=TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256, X=TLSv1:AES256-SHA:256
        version: "extract(line, ' X=([A-Za-z0-9.]+):')",
        cipher: "extract(line, ' X=[A-Za-z0-9.]+:([^: ]+)')",
        address: "extract(line, ' \\\\[([0-9a-fA-F.:]+)\\\\](?::[0-9]+)?(?: |$)')",
        sni: 'extract(line, \' SNI="?([^" ]+)\')',
        account: "extract(line, ' A=[a-z_0-9]+:([^ ]+)')",
      },
      reject: [
        "match(line, ' (=>|->|==|>>|\\\\*>) '), 'outbound'",
        "isArrival AND position(line, ' H=') = 0, 'local'",
        "NOT isArrival AND NOT isFailed AND version = '', 'not about TLS'",
      ],
      row: {
        confidence: "if(account = '', 'none', 'certain')",
        outcome:
          "multiIf(NOT isFailed OR version != '', 'accepted', failure = 'handshake-failed', 'failed', 'refused')",
        reason: "if(isFailed AND version = '', failure, '')",
      },
    })
  },
}
