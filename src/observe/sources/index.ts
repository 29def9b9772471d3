import type { Source } from '../source.ts'
import { akamai } from './akamai.ts'
import { apache } from './apache.ts'
import { apacheError } from './apache-error.ts'
import { awsAlb } from './aws-alb.ts'
import { awsAlbConnection } from './aws-alb-connection.ts'
import { awsClassicElb } from './aws-classic-elb.ts'
import { awsCloudfront } from './aws-cloudfront.ts'
import { awsCloudtrail } from './aws-cloudtrail.ts'
import { awsNlb } from './aws-nlb.ts'
import { awsS3 } from './aws-s3.ts'
import { azureAppGateway } from './azure-app-gateway.ts'
import { azureBatch } from './azure-batch.ts'
import { azureFrontDoor } from './azure-front-door.ts'
import { azureMessaging } from './azure-messaging.ts'
import { azureStorage } from './azure-storage.ts'
import { caddy } from './caddy.ts'
import { cloudflare } from './cloudflare.ts'
import { dovecot } from './dovecot.ts'
import { ecs } from './ecs.ts'
import { envoy } from './envoy.ts'
import { exchangeSmtp } from './exchange-smtp.ts'
import { exim } from './exim.ts'
import { fastly } from './fastly.ts'
import { gcpLb } from './gcp-lb.ts'
import { haproxy } from './haproxy.ts'
import { iis } from './iis.ts'
import { nginx } from './nginx.ts'
import { nginxError } from './nginx-error.ts'
import { nginxStream } from './nginx-stream.ts'
import { otherJson } from './other-json.ts'
import { otlp } from './otlp.ts'
import { postfix } from './postfix.ts'
import { postgresql } from './postgresql.ts'
import { suricata } from './suricata.ts'
import { traefik } from './traefik.ts'
import { zeek } from './zeek.ts'

/**
 * Every source. Where several are equally sure the first is taken: those with marks of their own stand before those that are known only by
 * where their values are.
 */
export const sources: readonly Source[] = [
  awsAlb,
  awsAlbConnection,
  awsNlb,
  awsClassicElb,
  awsS3,
  awsCloudfront,
  awsCloudtrail,
  gcpLb,
  azureStorage,
  azureFrontDoor,
  azureAppGateway,
  azureBatch,
  azureMessaging,
  cloudflare,
  akamai,
  zeek,
  suricata,
  iis,
  postgresql,
  postfix,
  dovecot,
  exim,
  exchangeSmtp,
  caddy,
  traefik,
  otlp,
  ecs,
  haproxy,
  envoy,
  fastly,
  nginxError,
  apacheError,
  nginxStream,
  apache,
  nginx,
  otherJson,
]
