import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'
import { timeSql } from '../sql.ts'

export const awsS3: Source = {
  id: 'aws-s3',
  title: 'AWS S3 server access log',
  setup: 'aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status file://logging.json',
  sees: ['negotiated', 'suite', 'sni', 'address', 'account', 'userAgent', 'operation'],
  blind: ['handshakes that S3 refuses are not logged', 'delivery is best effort'],
  sources: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (2026-11)'],
  detect(sample) {
    if (
      !sample.lines.some(line =>
        /^([0-9a-f]{64}|-) \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]+\] \S+ \S+ \S+ [A-Z]+[.\w]+ /.test(line),
      )
    )
      return null
    return {
      certainty: 'sure',
      layout: {
        form: 'words',
        at: {
          service: { field: 2 },
          time: { field: 3 },
          address: { field: 4 },
          account: { field: 5 },
          operation: { field: 7 },
          userAgent: { field: 17 },
          cipher: { field: 21 },
          sni: { field: 23 },
          version: { field: 24 },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: cuts.bracketed,
      time: timeSql.common,
      reject: [
        "NOT match(line, '^([0-9a-f]{64}|-) '), 'not a line of the log format'",
        "version = '', 'older than the field for the TLS version'",
      ],
      row: { confidence: "if(account IN ('', '-'), 'none', 'certain')" },
    })
  },
}
