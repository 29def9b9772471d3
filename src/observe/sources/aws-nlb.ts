import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

export const awsNlb: Source = {
  id: 'aws-nlb',
  title: 'AWS Network Load Balancer access log (TLS listeners)',
  setup:
    'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=BUCKET',
  sees: ['negotiated', 'suite', 'group', 'sni', 'address', 'refusals'],
  blind: ['only TLS listeners are logged; TCP listeners pass TLS through unseen', 'delivery is best effort'],
  sources: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html (2026-11)',
  ],
  detect(sample) {
    if (!sample.lines.some(line => /^tls \d\.\d \d{4}-\d\d-\d\dT/.test(line))) return null
    return {
      certainty: 'sure',
      layout: {
        form: 'words',
        at: {
          time: { field: 3 },
          service: { field: 4 },
          address: { field: 6 },
          cipher: { field: 15 },
          version: { field: 16 },
          curve: { field: 17 },
          sni: { field: 18 },
        },
        fileMs: sample.fileMs,
      },
    }
  },
  read(layout) {
    return readPlaces(layout, {
      // The list of ALPN names, field 21, has quotation marks and commas in it; no field before it is quoted.
      cut: cuts.spaces,
      reject: ["NOT startsWith(line, 'tls '), 'not a TLS listener'"],
      row: {
        outcome: "if(version = '-', 'failed', 'accepted')",
        reason: "if(version = '-', 'handshake-failed', '')",
      },
    })
  },
}
