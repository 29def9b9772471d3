import { fieldHeaders, fieldNames, fieldSql, fieldValues, isHeader } from '../fields.ts'
import { jsonLines } from '../json-layout.ts'
import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const zeek: Source = {
  id: 'zeek',
  title: 'Zeek ssl.log',
  setup: 'on by default; @load policy/protocols/ssl/ssl-log-ext adds what the client offered',
  sees: ['negotiated', 'offered', 'suite', 'group', 'sni', 'address', 'refusals'],
  blind: [
    'STARTTLS of mail, databases and remote desktops is counted among the rest',
    'a connection whose ServerHello was not seen has no version',
  ],
  sources: ['https://docs.zeek.org/en/master/logs/ssl.html (2026-11)'],
  detect(sample) {
    const headers = fieldHeaders(sample, /\t/)
    if (fieldNames(headers).includes('id.orig_h') && fieldNames(headers).includes('version'))
      return { certainty: 'sure', layout: { form: 'fields', at: {}, headers, fileMs: sample.fileMs } }
    const own = jsonLines(sample.lines).filter(
      record =>
        'uid' in record &&
        ('id.orig_h' in record || 'id_orig_h' in record || 'id' in record) &&
        ('ssl_history' in record || 'established' in record || 'cipher' in record),
    )
    if (own.length === 0) return null
    const path = (name: string) => ({ keys: [[name]] })
    return {
      certainty: 'sure',
      layout: {
        form: 'json',
        at: {
          time: { keys: [['ts'], ['_write_ts']] },
          version: path('version'),
          offered: { keys: [['client_supported_versions'], ['client_version']] },
          cipher: path('cipher'),
          curve: path('curve'),
          address: { keys: [['id.orig_h'], ['id_orig_h'], ['id', 'orig_h']] },
          sni: path('server_name'),
          operation: path('established'),
          // The log that a line is of, where several go into one stream.
          service: path('_path'),
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    // 772,771 in a table, [772,771] in JSON; GREASE and drafts lie above TLS 1.3.
    const offered = `arrayMax(arrayFilter(each -> each <= 0x0304, arrayMap(each -> toUInt16OrZero(each), extractAll(offered, '[0-9]+'))))`
    const row = {
      // What the log calls unknown-32257 is a trial number, and a draft counts as what it became.
      offered_max: offered,
      operation: "''",
      outcome: "if(operation IN ('T', 'true'), 'accepted', 'failed')",
      reason: "if(operation IN ('T', 'true'), '', 'handshake-failed')",
    }
    if (layout.form === 'json')
      return withoutDrafts(
        readPlaces(layout, {
          reject: [
            "service NOT IN ('', 'ssl'), 'another log of Zeek'",
            "address = '' OR (operation = '' AND cipher = ''), 'not a line of ssl.log'",
          ],
          row: { ...row, service: "''" },
        }),
      )
    const headers = layout.headers!
    return withoutDrafts(
      readPlaces(layout, {
        cut: cuts.tabs,
        values: {
          ...fieldValues(headers, {
            time: ['ts'],
            version: ['version'],
            cipher: ['cipher'],
            curve: ['curve'],
            address: ['id.orig_h'],
            sni: ['server_name'],
            operation: ['established'],
          }),
          // Without the extension a hello offers at most what its own field says (RFC 8446 section 4.2.1).
          offered: firstSet(
            fieldSql(headers, 'client_supported_versions'),
            fieldSql(headers, 'client_version'),
          ),
        },
        reject: [`${isHeader}, 'header'`, "version = '', 'not a line of ssl.log'"],
        row,
      }),
    )
  },
}

function firstSet(first: string, second: string): string {
  return `if(${first} IN ('', '-', '(empty)'), ${second}, ${first})`
}

function withoutDrafts<T extends { values: Readonly<Record<string, string>> }>(reading: T): T {
  return {
    ...reading,
    values: { ...reading.values, version: `replaceRegexpOne(${reading.values.version}, '[- ]draft.*$', '')` },
  }
}
