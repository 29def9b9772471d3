import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const apacheError: Source = {
  id: 'apache-error',
  title: 'Apache httpd error log, failed handshakes',
  setup: 'LogLevel ssl:info',
  sees: ['address', 'refusals'],
  blind: [
    'the address and the reason stand in two lines: a failed handshake is counted, its reason is not known',
    'the log has no SNI',
  ],
  sources: ['https://httpd.apache.org/docs/2.4/mod/core.html#loglevel (2026-11)'],
  detect(sample) {
    const own = sample.lines.filter(line =>
      /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(\.\d+)? \d{4}\] \[[\w-]*:\w+\] /.test(line),
    )
    if (own.length === 0 || own.length < sample.lines.length / 2) return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: "''",
      values: {
        time: "substring(line, 2, position(line, ']') - 2)",
        isHandshake: "position(line, 'AH02008') > 0",
        address: "extract(line, '\\\\[client ([0-9a-fA-F.:]+):[0-9]+\\\\]')",
      },
      reject: ["NOT isHandshake, 'not about a handshake'"],
      row: { outcome: "'failed'", reason: "'handshake-failed'" },
    })
  },
}
