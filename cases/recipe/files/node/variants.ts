import * as tls from 'tls';
export interface Opts { minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2'; }
type V = 'TLSv1' | 'TLSv1.1';
function f(minVersion: 'TLSv1' | 'TLSv1.2') {}
const opts: tls.SecureContextOptions = { minVersion: 'TLSv1.1' };
const good: tls.SecureContextOptions = { minVersion: 'TLSv1.3' };
export enum Version { TLSv1 = 'TLSv1', TLSv11 = 'TLSv1.1' }
const v: string = 'TLSv1';
class C { static readonly minVersion: tls.SecureVersion = 'TLSv1'; }
new elbv2.ApplicationListener(this, 'l', { sslPolicy: elbv2.SslPolicy.TLS11 });
new elbv2.ApplicationListener(this, 'l', { sslPolicy: elbv2.SslPolicy.TLS12 });
new elbv2.CfnListener(this, 'l', { sslPolicy: 'ELBSecurityPolicy-FS-2018-06' });
new cloudfront.CfnDistribution(this, 'd', { distributionConfig: { viewerCertificate: { minimumProtocolVersion: 'TLSv1_2016' } } });
new cloudfront.CfnDistribution(this, 'd', { distributionConfig: { viewerCertificate: { minimumProtocolVersion: 'TLSv1.2_2021' } } });
new opensearch.Domain(this, 'o', { tlsSecurityPolicy: opensearch.TLSSecurityPolicy.TLS_1_0 });
new apigateway.CfnDomainName(this, 'n', { securityPolicy: 'TLS_1_0' });
new apigateway.CfnDomainName(this, 'n', { securityPolicy: 'TLS_1_2' });
new azure.storage.Account("s", { minTlsVersion: "TLS1_0" });
new azure.appservice.AppService("s", { siteConfig: { minTlsVersion: "1.1" } });
new azure.storage.StorageAccount("s", { minimumTlsVersion: azure.storage.MinimumTlsVersion.TLS1_1 });
new gcp.compute.SSLPolicy("p", { minTlsVersion: "TLS_1_0" });
new gcp.compute.SSLPolicy("p", { minTlsVersion: "TLS_1_2" });
new aws.lb.Listener("l", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" });
new cloudflare.ZoneSettingsOverride("z", { settings: { minTlsVersion: "1.0" } });
