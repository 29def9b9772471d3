import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { refusalSql } from '../sql.ts'

export const nginxError: Source = {
  id: 'nginx-error',
  title: 'nginx error log, refused handshakes',
  setup: 'error_log /var/log/nginx/error.log info;     # handshakes that fail are logged at level info',
  sees: ['address', 'refusals'],
  blind: ['the log says that a version was refused, not which, nor the SNI'],
  sources: ['https://nginx.org/en/docs/ngx_core_module.html#error_log (2026-11)'],
  detect(sample) {
    const own = sample.lines.filter(line => /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#\d+: /.test(line))
    if (own.length === 0 || own.length < sample.lines.length / 2) return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: "''",
      values: {
        time: 'substring(line, 1, 19)',
        isHandshake: "position(line, 'SSL_do_handshake() failed') > 0",
        failure: refusalSql('line'),
        address: "extract(line, 'client: ([0-9a-fA-F.:]+)')",
      },
      reject: ["NOT isHandshake, 'not about a handshake'"],
      row: {
        outcome: "if(failure = 'handshake-failed', 'failed', 'refused')",
        reason: 'failure',
      },
    })
  },
}
