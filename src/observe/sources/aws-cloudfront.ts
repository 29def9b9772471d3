import { suiteByName } from '../../model/iana/suites.ts'
import { fieldHeaders, fieldNames, fieldSql, isHeader } from '../fields.ts'
import { jsonLines } from '../json-layout.ts'
import { cuts, readPlaces } from '../places.ts'
import type { Detected, Layout, Sample, Source } from '../source.ts'
import { timeSql } from '../sql.ts'
import { isAddress, isVersionWord } from '../text-layout.ts'

/** Fields of a standard log, as delivered since 2019; exports at times lack the header. */
const standard =
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher'.split(
    ' ',
  )

export const awsCloudfront: Source = {
  id: 'aws-cloudfront',
  title: 'AWS CloudFront log (standard and real-time)',
  setup:
    'switch on logging of the distribution; real-time logs need the fields timestamp, c-ip, x-host-header, cs-user-agent, ssl-protocol, ssl-cipher',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: [
    'handshakes that fail are not logged',
    'delivery of standard logs is best effort; real-time logs are sampled',
  ],
  sources: [
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html (2026-11)',
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html (2026-11)',
  ],
  detect(sample) {
    return detectJson(sample) ?? detectFields(sample) ?? detectRealTime(sample)
  },
  read(layout) {
    if (layout.form === 'json')
      return readPlaces(layout, {
        time: text => timeSql.any(`if(position(${text}, ':') = 3, concat(operation, ' ', ${text}), ${text})`),
        reject: ["version = '', 'does not say which TLS version'"],
        row: { user_agent: decoded, operation: "''" },
      })
    if (layout.form === 'real-time')
      return readPlaces(layout, {
        cut: cuts.tabs,
        row: { user_agent: decoded },
        reject: ["version = '' AND address = '', 'not a line of the log format'"],
      })
    const headers = layout.headers!
    return readPlaces(layout, {
      cut: cuts.tabs,
      values: {
        time: `concat(${fieldSql(headers, 'date')}, ' ', ${fieldSql(headers, 'time')})`,
        address: fieldSql(headers, 'c-ip'),
        sni: fieldSql(headers, 'x-host-header', 'cs(Host)'),
        userAgent: fieldSql(headers, 'cs(User-Agent)'),
        cipher: fieldSql(headers, 'ssl-cipher'),
        status: fieldSql(headers, 'sc-status'),
        version: fieldSql(headers, 'ssl-protocol'),
      },
      reject: [
        `${isHeader}, 'header'`,
        "address = '', 'not a line of the log format'",
        "version = '', 'log has no field for the TLS version'",
      ],
      row: { user_agent: decoded },
    })
  },
}

/** User agents are URL-encoded, and twice in older files. */
const decoded = "if(userAgent = '-', '', decodeURLComponent(decodeURLComponent(userAgent)))"

function detectFields(sample: Sample): Detected | null {
  const headers = fieldHeaders(sample)
  const names = fieldNames(headers)
  if (names.some(name => name.startsWith('x-edge-')))
    return { certainty: 'sure', layout: { form: 'fields', at: {}, headers, fileMs: sample.fileMs } }
  // Other fields than those, as can be chosen, leave another word where the version stands.
  const place = standard.indexOf('ssl-protocol')
  const isOwn = (line: string) =>
    /^\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t[A-Z]{3}\d+(-\w+)?\t\d+\t[0-9a-fA-F.:]+\t[A-Z]+\t/.test(line) &&
    isVersionOrNone(line.split('\t')[place] ?? '')
  if (!sample.lines.some(isOwn)) return null
  return {
    certainty: 'sure',
    layout: { form: 'fields', at: {}, headers: [{ line: 0, fields: standard }], fileMs: sample.fileMs },
  }
}

function isVersionOrNone(text: string): boolean {
  return text === '-' || isVersionWord(text)
}

/** Standard logging v2 and Firehose deliver the same names as JSON. */
function detectJson(sample: Sample): Detected | null {
  if (
    !jsonLines(sample.lines).some(
      record => 'ssl-protocol' in record && ('x-edge-location' in record || 'c-ip' in record),
    )
  )
    return null
  return {
    certainty: 'sure',
    layout: {
      form: 'json',
      at: {
        time: { keys: [['timestamp'], ['timestamp(ms)'], ['time']] },
        // The day, where the time is told apart from it.
        operation: { keys: [['date']] },
        address: { keys: [['c-ip']] },
        sni: { keys: [['x-host-header'], ['cs(Host)'], ['cs-host']] },
        userAgent: { keys: [['cs(User-Agent)'], ['cs-user-agent']] },
        cipher: { keys: [['ssl-cipher']] },
        version: { keys: [['ssl-protocol']] },
      },
      fileMs: sample.fileMs,
    },
  }
}

/** No header, tabs, the fields that the operator chose: an instant in seconds first, then by what the columns hold. */
function detectRealTime(sample: Sample): Detected | null {
  if (sample.headers.length > 0) return null
  const rows = sample.lines.filter(line => /^\d{10}(\.\d+)?\t/.test(line)).map(line => line.split('\t'))
  if (rows.length === 0 || rows.length < sample.lines.length / 2) return null
  const column = (test: (text: string) => boolean) => {
    const width = Math.max(...rows.map(row => row.length))
    const hits = Array.from({ length: width }, (_, at) => rows.filter(row => test(row[at] ?? '')).length)
    const most = Math.max(...hits)
    return most >= rows.length / 2 ? hits.indexOf(most) + 1 : 0
  }
  const version = column(isVersionOrNone) && column(isVersionWord)
  if (!version) return null
  const at: Layout['at'] = { time: { field: 1 }, version: { field: version } }
  const address = column(isAddress)
  if (address) at.address = { field: address }
  const cipher = column(text => suiteByName(text) !== undefined)
  if (cipher) at.cipher = { field: cipher }
  const userAgent = column(text => /%20|^Mozilla|^[\w.-]+\/\d/.test(text))
  if (userAgent) at.userAgent = { field: userAgent }
  const sni = column(text => /^[a-z0-9-]+(\.[a-z0-9-]+)+\.[a-z]{2,}$/i.test(text))
  if (sni) at.sni = { field: sni }
  return { certainty: 'sure', layout: { form: 'real-time', at, fileMs: sample.fileMs } }
}
