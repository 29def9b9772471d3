import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { refusalSql } from '../sql.ts'
import { mailTime, mailTimeText } from './postfix.ts'

export const dovecot: Source = {
  id: 'dovecot',
  title: 'Dovecot login log',
  setup:
    'login_log_format_elements = user=<%u> method=%m rip=%r lip=%l mpid=%e %c %k session=<%{session}>     # %k is the version',
  sees: ['negotiated', 'suite', 'address', 'account', 'refusals'],
  blind: [
    'without %k in login_log_format_elements the log says TLS, but not which',
    'a handshake that fails comes before the login, so that no user is known',
  ],
  sources: ['https://doc.dovecot.org/2.3/settings/core/#core_setting-login_log_format_elements (2026-11)'],
  detect(sample) {
    if (!sample.lines.some(line => /(imap|pop3|managesieve|submission)-login: (Info: )?\w/.test(line)))
      return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: "''",
      time: mailTime(layout.fileMs),
      values: {
        time: mailTimeText,
        isLogin: "match(line, '-login: (Info: )?Login: ')",
        failure: refusalSql('line'),
        isFailed: "match(line, '-login: ') AND position(line, 'SSL_accept() failed') > 0",
        hasTls: "match(line, ', (TLS|SSL)(,|$)')",
        version: "extract(line, ', ([A-Za-z]+v?[0-9.]+) with cipher')",
        cipher: "extract(line, 'with cipher ([^ ]+)')",
        address: "extract(line, 'rip=([0-9a-fA-F.:]+)')",
        account: "extract(line, 'user=<([^>]*)>')",
        service: "extract(line, '([a-z0-9]+)-login: ')",
      },
      reject: [
        // A session without a login, by a wrong password or a closed connection, had its handshake too.
        "NOT isLogin AND NOT isFailed AND (version = '' OR position(line, '-login: ') = 0), 'not a login'",
        "isLogin AND version = '' AND hasTls, 'does not say which TLS version'",
      ],
      row: {
        confidence: "if(account = '', 'none', 'certain')",
        outcome: "multiIf(NOT isFailed, 'accepted', failure = 'handshake-failed', 'failed', 'refused')",
        reason: "if(isFailed, failure, '')",
      },
    })
  },
}
