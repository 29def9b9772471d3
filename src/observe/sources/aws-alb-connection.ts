import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const awsAlbConnection: Source = {
  id: 'aws-alb-connection',
  title: 'AWS Application Load Balancer connection log',
  setup:
    'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=connection_logs.s3.enabled,Value=true Key=connection_logs.s3.bucket,Value=BUCKET',
  sees: ['negotiated', 'suite', 'address', 'account', 'refusals'],
  blind: ['the log has no SNI: join the access log by conn_trace_id', 'delivery is best effort'],
  sources: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html (2026-11)',
  ],
  detect(sample) {
    if (!sample.lines.some(line => /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-fA-F.:]+ \d+ \d+ (-|TLS\S+) /.test(line)))
      return null
    return {
      certainty: 'sure',
      layout: {
        form: 'words',
        at: {
          time: { field: 1 },
          address: { field: 2 },
          version: { field: 5 },
          cipher: { field: 6 },
          account: { field: 8 },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: cuts.words,
      reject: ["NOT match(line, '^[0-9]{4}-[0-9]{2}-[0-9]{2}T'), 'not a line of the log format'"],
      row: {
        outcome: "if(version = '-', 'failed', 'accepted')",
        reason: "if(version = '-', 'handshake-failed', '')",
        attributed_by: "if(account IN ('', '-'), '', 'certificate')",
      },
    })
  },
}
