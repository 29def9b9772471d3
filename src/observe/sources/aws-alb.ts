import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const awsAlb: Source = {
  id: 'aws-alb',
  title: 'AWS Application Load Balancer access log',
  setup:
    'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=BUCKET',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: ['handshakes that fail are in the connection log only', 'delivery is best effort'],
  sources: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html (2026-11)',
  ],
  detect(sample) {
    const isOwn = (line: string) =>
      /^(https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT[\d:.]+Z \S+ \S+:\d+ /.test(line)
    if (!sample.lines.some(isOwn)) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'words',
        at: {
          time: { field: 2 },
          service: { field: 3 },
          address: { field: 4 },
          status: { field: 9 },
          userAgent: { field: 14 },
          cipher: { field: 15 },
          version: { field: 16 },
          sni: { field: 19 },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: cuts.words,
      reject: ["NOT match(line, '^(https?|h2|grpcs?|wss?) [0-9]{4}-'), 'not a line of the log format'"],
    })
  },
}
