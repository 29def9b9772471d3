const a = https.request({ secureProtocol: 'TLSv1_method' })
const b = tls.createServer({ minVersion: 'TLSv1' })
const c = tls.connect({ maxVersion: 'TLSv1.1' })
tls.DEFAULT_MIN_VERSION = 'TLSv1'
tls.DEFAULT_MAX_VERSION = 'TLSv1.2'
const d = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' }
const e = new Agent({ secureOptions: constants.SSL_OP_NO_TLSv1_2 })
const f = new Agent({ secureOptions: constants.SSL_OP_NO_TLSv1 | constants.SSL_OP_NO_TLSv1_1 })
const g = new Agent({ ciphers: 'DEFAULT@SECLEVEL=0' })
type V = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2'
if (socket.getProtocol() === 'TLSv1') throw new Error('TLSv1 not allowed')
expect(socket.getProtocol()).toBe('TLSv1.1')
new elbv2.ApplicationListener(this, 'l', { sslPolicy: elbv2.SslPolicy.LEGACY })
new cloudfront.Distribution(this, 'd', { minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2016 })
new cloudfront.HttpOrigin('x', { originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1, cloudfront.OriginSslPolicy.TLS_V1_2] })
new apigateway.DomainName(this, 'a', { securityPolicy: apigateway.SecurityPolicy.TLS_1_0 })
new CfnDomainName(this, 'a', { securityPolicy: 'TLS_1_0' })
new opensearch.Domain(this, 'o', { tlsSecurityPolicy: opensearch.TLSSecurityPolicy.TLS_1_0 })
new azure.storage.StorageAccount('s', { minTlsVersion: 'TLS1_0' })
new azure_native.storage.StorageAccount('s', { minimumTlsVersion: azure_native.storage.MinimumTlsVersion.TLS1_1 })
new azure_native.web.WebApp('s', { siteConfig: { minTlsVersion: '1.0' } })
new gcp.compute.SSLPolicy('p', { minTlsVersion: 'TLS_1_0' })
process.env.NODE_OPTIONS = '--tls-min-v1.0'
mysql.createConnection({ ssl: { minVersion: 'TLSv1' } })
new Sequelize({ dialectOptions: { ssl: { minVersion: 'TLSv1.1' } } })
axios.create({ httpsAgent: new https.Agent({ secureProtocol: 'TLSv1_2_method' }) })
const m = { 'TLSv1': 769, 'TLSv1.1': 770 }
console.log('TLSv1 is gone')
nodemailer.createTransport({ tls: { minVersion: 'TLSv1' } })
const opts = { minVersion: tls.DEFAULT_MIN_VERSION }
const h = strict ? 'TLSv1.2' : 'TLSv1'
const options = { minVersion: strict ? 'TLSv1.2' : 'TLSv1' }
tls.createSecureContext({ secureProtocol: 'SSLv23_method' })
aws.cloudfront.Distribution('x', { viewerCertificate: { minimumProtocolVersion: 'TLSv1' } })
spawn('curl', ['--tlsv1', url])
export const LEGACY = { secureProtocol: "TLSv1_client_method" }
setTlsVersion('TLSv1.1')
