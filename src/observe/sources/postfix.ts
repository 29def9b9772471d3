import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { timeSql } from '../sql.ts'

export const postfix: Source = {
  id: 'postfix',
  title: 'Postfix mail log',
  setup: 'postconf -e smtpd_tls_loglevel=1 && postfix reload',
  sees: ['negotiated', 'suite', 'address', 'refusals'],
  blind: [
    'a session without TLS has no line of its own',
    'why a handshake failed stands in the line after it, without the address',
    'who logged in is known from other lines of the session only',
  ],
  sources: ['https://www.postfix.org/postconf.5.html#smtpd_tls_loglevel (2026-11)'],
  detect(sample) {
    // Collectors may store the message alone.
    const own =
      /postfix\S*\/\S+(\[\d+\]:| \d+ \S+ \S+) |^(\w+: )?(Anonymous|Untrusted|Trusted|Verified) TLS connection established (from|to) /
    if (!sample.lines.some(line => own.test(line))) return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: "''",
      time: mailTime(layout.fileMs),
      values: {
        time: mailTimeText,
        isFailed: "position(line, 'SSL_accept error from ') > 0",
        version:
          "extract(line, 'TLS connection (?:established|reused) from [^ ]*\\\\[[^ ]*\\\\](?::[0-9]+)?: ([^ ]+) with cipher')",
        cipher: "extract(line, 'with cipher ([^ ]+)')",
        address: "extract(line, ' from [^ ]*\\\\[([0-9a-fA-F.:]+)\\\\]')",
      },
      reject: [
        "position(line, 'TLS connection established to ') > 0 OR position(line, 'TLS connection reused to ') > 0, 'outbound'",
        "version = '' AND NOT isFailed, 'not about TLS'",
      ],
      row: { outcome: "if(isFailed, 'failed', 'accepted')", reason: "if(isFailed, 'handshake-failed', '')" },
    })
  },
}

/** `Nov 22 17:53:49` of syslog, or the ISO form of newer ones; a priority may stand before either. */
export const mailTimeText =
  "extract(line, '^(?:<[0-9]+>(?:1 )?)?([A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]+)')"

export function mailTime(fileMs: number): (text: string) => string {
  return text => `if(match(${text}, '^[A-Z]'), ${timeSql.syslog(text, fileMs)}, ${timeSql.any(text)})`
}
