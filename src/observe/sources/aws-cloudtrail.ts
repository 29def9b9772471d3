import { startsJson } from '../json-layout.ts'
import { readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const awsCloudtrail: Source = {
  id: 'aws-cloudtrail',
  title: 'AWS CloudTrail',
  setup: 'management events are on; add data events of the services in question to the trail',
  sees: ['negotiated', 'suite', 'group', 'sni', 'address', 'account', 'userAgent', 'operation'],
  blind: [
    'calls by the console, by AWS itself and to some services carry no TLS details',
    'handshakes that AWS refuses are not logged',
  ],
  sources: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (2026-11)',
  ],
  detect(sample) {
    if (!startsJson(sample.lines)) return null
    const text = sample.lines.join('\n')
    if (!/"eventSource"\s*:/.test(text) || !/"eventName"\s*:/.test(text) || !/"eventVersion"\s*:/.test(text))
      return null
    // As written by AWS, by EventBridge, and in the schema of OpenSearch.
    const path = (...keys: string[]) => ({
      keys: [keys, ['detail', ...keys], ['aws', 'cloudtrail', ...keys]],
    })
    return {
      certainty: 'sure',
      layout: {
        // Files are one line; what people print for themselves goes over many.
        form: sample.lines[0]!.includes('"eventVersion"') ? 'lines' : 'document',
        at: {
          time: path('eventTime'),
          version: path('tlsDetails', 'tlsVersion'),
          cipher: path('tlsDetails', 'cipherSuite'),
          curve: path('tlsDetails', 'keyExchange'),
          sni: path('tlsDetails', 'clientProvidedHostHeader'),
          address: path('sourceIPAddress'),
          account: {
            keys: [
              ...path('userIdentity', 'arn').keys,
              ...path('userIdentity', 'principalId').keys,
              ...path('userIdentity', 'accountId').keys,
            ],
          },
          userAgent: path('userAgent'),
          service: path('eventSource'),
          operation: path('eventName'),
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      format: layout.form === 'lines' ? 'LineAsString' : 'JSONAsString',
      records: "if(JSONHas(line, 'Records'), JSONExtractArrayRaw(line, 'Records'), [line])",
      absent: 'unsaid',
      reject: ["operation = '', 'not an event'"],
      row: { confidence: "if(account = '', 'none', 'certain')" },
    })
  },
}
