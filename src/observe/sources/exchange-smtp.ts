import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const exchangeSmtp: Source = {
  id: 'exchange-smtp',
  title: 'Exchange Server SMTP protocol log',
  setup: 'Set-ReceiveConnector "SERVER\\Default Frontend SERVER" -ProtocolLoggingLevel Verbose',
  sees: ['negotiated', 'address', 'operation'],
  blind: [
    'a session without TLS has no line of its own',
    'lines of send connectors tell what other servers accept; their operation is `send`',
  ],
  sources: ['https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging (2026-11)'],
  detect(sample) {
    const isOwn = (line: string) =>
      /^#Log-type: SMTP (Receive|Send) Protocol Log/i.test(line) ||
      /TLS protocol SP_PROT/.test(line) ||
      /^\d{4}-\d\d-\d\dT[\d:.]+Z,[^,]+,[0-9A-F]{16},\d+,/.test(line)
    if (!sample.lines.some(isOwn)) return null
    return { certainty: 'sure', layout: { form: 'text', at: {}, fileMs: sample.fileMs } }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: "splitByChar(',', line)",
      values: {
        time: 'cut[1]',
        // SP_PROT_TLS1_2_SERVER; the client form is also written SP_PROT-TLS1_0_CLIENT.
        version: "replaceOne(extract(line, 'TLS protocol (SP_PROT[_-][A-Z0-9_]+)'), 'SP_PROT-', 'SP_PROT_')",
        isClient: "position(line, '_CLIENT negotiation') > 0",
        address: 'cut[6]',
        service: 'cut[2]',
      },
      reject: ["startsWith(line, '#'), 'header'", "version = '', 'not about TLS'"],
      row: { operation: "if(isClient, 'send', 'receive')" },
    })
  },
}
