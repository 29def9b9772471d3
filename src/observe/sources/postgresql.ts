import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { refusalSql } from '../sql.ts'

export const postgresql: Source = {
  id: 'postgresql',
  title: 'PostgreSQL server log (text, CSV, JSON)',
  setup:
    "ALTER SYSTEM SET log_connections = on; ALTER SYSTEM SET log_line_prefix = '%m [%p] %q%u@%d %a %h '; SELECT pg_reload_conf();",
  sees: ['negotiated', 'suite', 'address', 'account', 'userAgent', 'operation', 'refusals'],
  blind: [
    'the address is known only when log_line_prefix has %h or %r',
    'libpq with sslmode=prefer goes on in plain text after a refused handshake',
  ],
  sources: [
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-CONNECTIONS (2026-11)',
    'the server writes the line in PerformAuthentication(), src/backend/utils/init/postinit.c',
  ],
  detect(sample) {
    const isOwn = (line: string) =>
      /connection authorized: user=|connection received: host=|could not accept SSL connection/.test(line) ||
      /"error_severity"\s*:/.test(line) ||
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \w+ .*\b(LOG|FATAL|ERROR|WARNING|HINT|DETAIL|STATEMENT): {2}/.test(
        line,
      )
    if (!sample.lines.some(isOwn)) return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    // The message is the same in all forms of the log, and holds no quotation marks but those of names.
    return readPlaces(layout, {
      cut: "splitByString('connection authorized: ', line)",
      values: {
        isAuthorized: 'length(cut) > 1',
        failure: refusalSql('line'),
        isFailed: "position(line, 'could not accept SSL connection') > 0",
        time: "extract(line, '([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}(?:\\\\.[0-9]+)?(?: ?(?:UTC|GMT|Z|[+-][0-9:]{2,5}))?)')",
        address: "extract(cut[1], '(?:^|[^0-9.])([0-9]{1,3}(?:\\\\.[0-9]{1,3}){3})(?:[^0-9.]|$)')",
        account: "extract(cut[2], 'user=([^ ,]+)')",
        operation: "extract(cut[2], 'database=([^ ,]+)')",
        userAgent: "extract(cut[2], 'application_name=(.*?)(?: SSL enabled| GSS|\"|$)')",
        version: "extract(cut[2], 'SSL enabled \\\\(protocol=([^,]+),')",
        cipher: "extract(cut[2], 'cipher=([^,)]+)')",
      },
      reject: ["NOT isAuthorized AND NOT isFailed, 'not about a connection'"],
      row: {
        confidence: "if(account = '', 'none', 'certain')",
        outcome: "multiIf(isAuthorized, 'accepted', failure = 'handshake-failed', 'failed', 'refused')",
        reason: "if(isAuthorized, '', failure)",
      },
    })
  },
}
