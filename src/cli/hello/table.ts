import { alertName } from '../../model/iana/alerts.ts'
import { suiteName } from '../../model/iana/suites.ts'
import { type Offer, offeredVersions } from '../../model/offer.ts'
import type { Prediction } from '../../model/prediction.ts'
import { isLegacy, versionName } from '../../model/version.ts'
import type { Connection } from '../../observe/capture/connection.ts'
import { ja4 } from '../../wire/fingerprint.ts'
import type { Io } from '../command.ts'
import { type Column, textTable } from '../text-table.ts'

export interface ConnectionTable {
  add(connection: Connection, file: string): void
  /** Prints what is left. */
  end(): void
}

/** Rows are printed in blocks, so that a long capture shows something early and does not pile up. */
const blockRows = 500

/** One line per connection: when, who, which name, what was offered, what became of it. */
export function connectionTable(io: Io, predict: ((offer: Offer) => Prediction) | null): ConnectionTable {
  const columns: Column[] = ['time (UTC)', 'client', 'server', 'name', 'offered', 'answer']
    .map(title => ({ title }))
    .concat(predict ? [{ title: 'predicted' }] : [], [{ title: 'ja4' }])
  let rows: string[][] = []
  let lastFile = ''

  function print(): void {
    if (rows.length > 0) io.stdout.write(`${textTable(columns, rows, Number.POSITIVE_INFINITY).join('\n')}\n`)
    rows = []
  }

  return {
    add(connection, file) {
      if (file !== lastFile || rows.length >= blockRows) print()
      if (file !== lastFile) io.stdout.write(`${lastFile === '' ? '' : '\n'}${file}\n`)
      lastFile = file
      const offer = connection.hello?.offer
      rows.push([
        new Date(connection.atMs).toISOString().replace('T', ' ').slice(0, 23),
        `${connection.src}:${connection.sport}`,
        `${connection.dst}:${connection.dport}`,
        nameText(offer),
        offer ? offeredText(offer) : 'not captured',
        answerText(connection),
        ...(predict ? [offer ? predictedText(predict(offer)) : ''] : []),
        offer ? ja4(offer).ja4 : '',
      ])
    },
    end: print,
  }
}

function nameText(offer: Offer | undefined): string {
  if (!offer) return ''
  return offer.sni ?? 'none'
}

/** `TLS 1.2 - 1.3`; without supported_versions the floor is not on the wire, and `up to TLS 1.2` says so. */
function offeredText(offer: Offer): string {
  const versions = offeredVersions(offer)
  const highest = versions.at(-1)
  const draft = offer.supportedVersions.find(version => version >> 8 === 0x7f)
  const drafts = draft === undefined ? '' : `, ${versionName(draft)}`
  const framing = offer.format === 'sslv2' ? ' (SSLv2 framing)' : ''
  if (highest === undefined) return `${versionName(draft ?? offer.legacyVersion)}${framing}`
  if (offer.supportedVersions.length === 0) return `up to ${versionName(highest)}${framing}`
  const lowest = versions[0]!
  const range = lowest === highest ? '' : ` - ${versionName(highest).replace('TLS ', '')}`
  return `${versionName(lowest)}${range}${drafts}`
}

function answerText(connection: Connection): string {
  const { answer, alerts, closedBy } = connection
  const fatal = alerts.find(({ alert }) => alert.level === 2)
  const alert = fatal
    ? `${fatal.from} alert ${fatal.alert.description} ${alertName(fatal.alert.description)}`
    : ''
  if (answer) {
    const old = isLegacy(answer.version) ? '!' : ''
    return `${versionName(answer.version)}${old} ${suiteName(answer.suite)}${alert ? `, then ${alert}` : ''}`
  }
  if (connection.answeredSslv2) return 'SSL 2.0!'
  if (alert) return alert
  if (connection.incomplete && !connection.hello) return 'hello not captured whole'
  if (connection.answeredOtherwise) return 'answered, not with TLS'
  if (closedBy) return `closed by the ${closedBy}`
  return connection.retried ? 'asked for another key share' : 'no answer captured'
}

function predictedText(prediction: Prediction): string {
  if (prediction.outcome === 'refused') return `refused (${prediction.clause})`
  return `${versionName(prediction.version)} ${suiteName(prediction.suite)}`
}
