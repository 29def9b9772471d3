import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const awsClassicElb: Source = {
  id: 'aws-classic-elb',
  title: 'AWS Classic Load Balancer access log',
  setup:
    'aws elb modify-load-balancer-attributes --load-balancer-name NAME --load-balancer-attributes "AccessLog={Enabled=true,S3BucketName=BUCKET,EmitInterval=5}"',
  sees: ['negotiated', 'suite', 'address', 'userAgent'],
  blind: ['the log has no SNI', 'delivery is best effort'],
  sources: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html (2026-11)',
  ],
  detect(sample) {
    const isOwn = (line: string) =>
      /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ \S+:\d+ (\S+:\d+|-) -?[\d.]+ -?[\d.]+ -?[\d.]+ /.test(line)
    if (!sample.lines.some(isOwn)) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'words',
        at: {
          time: { field: 1 },
          service: { field: 2 },
          address: { field: 3 },
          userAgent: { field: 13 },
          cipher: { field: 14 },
          version: { field: 15 },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      cut: cuts.words,
      reject: ["NOT match(line, '^[0-9]{4}-[0-9]{2}-[0-9]{2}T'), 'not a line of the log format'"],
      absent: 'plain',
    })
  },
}
