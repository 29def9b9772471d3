import ssl, requests
ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ctx.minimum_version = ssl.TLSVersion.TLSv1_1
ctx.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
ctx.maximum_version = ssl.TLSVersion.TLSv1
ctx.options |= ssl.OP_NO_TLSv1_2
ctx.options |= ssl.OP_NO_SSLv3 | ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
ctx.options &= ~ssl.OP_NO_TLSv1
ctx.set_ciphers("DEFAULT@SECLEVEL=0")
ssl.wrap_socket(s, ssl_version=ssl.PROTOCOL_SSLv3)
ssl.wrap_socket(s, ssl_version=3)
urllib3.PoolManager(ssl_version=ssl.PROTOCOL_TLSv1_1)
urllib3.PoolManager(ssl_minimum_version=ssl.TLSVersion.TLSv1)
create_urllib3_context(ssl_version=ssl.PROTOCOL_TLSv1_2)
SSL.Context(SSL.TLSv1_METHOD)
conn = SSL.Context(SSL.SSLv23_METHOD)
client.tls_set(ca, tls_version=ssl.PROTOCOL_TLSv1)
CertificateOptions(method=SSL.TLSv1_1_METHOD)
CertificateOptions(raiseMinimumTo=TLSVersion.TLSv1_2)
CertificateOptions(insecurelyLowerMinimumTo=TLSVersion.TLSv1_0)
ldap.set_option(ldap.OPT_X_TLS_PROTOCOL_MIN, ldap.OPT_X_TLS_PROTOCOL_TLS1_0)
c.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_0)
mysql.connector.connect(tls_versions=['TLSv1', 'TLSv1.1'])
psycopg2.connect("dbname=x ssl_min_protocol_version=TLSv1")
if ver == ssl.PROTOCOL_TLSv1: pass
assert sock.version() == 'TLSv1'
parser.add_argument('--tls', choices=['TLSv1', 'TLSv1.1', 'TLSv1.2'])
logging.info('TLSv1 was negotiated')
VERSIONS = {'TLSv1': ssl.PROTOCOL_TLSv1, 'TLSv1.2': ssl.PROTOCOL_TLSv1_2}
uvicorn.run(app, ssl_version=ssl.PROTOCOL_TLSv1)
aiohttp.TCPConnector(ssl=ssl.SSLContext(protocol=ssl.PROTOCOL_TLSv1_1))
httpx.Client(verify=ctx)
gunicorn_opts = {'ssl_version': 'TLSv1'}
subprocess.run(['curl', '--tlsv1.0', url])
cloudfront.ViewerCertificate.from_acm_certificate(c, security_policy=cloudfront.SecurityPolicyProtocol.TLS_V1)
storage.StorageAccount("a", minimum_tls_version="TLS1_0")
aws.lb.Listener("l", ssl_policy="ELBSecurityPolicy-2016-08")
elbv2.ApplicationListener(self, "l", ssl_policy=elbv2.SslPolicy.TLS11)
ssl_context = (ssl.PROTOCOL_TLSv1, 'x')
def f(version=ssl.PROTOCOL_TLSv1): pass
boto3.client('cloudfront').update_distribution(DistributionConfig={'ViewerCertificate': {'MinimumProtocolVersion': 'TLSv1'}})
context = ssl._create_unverified_context(ssl.PROTOCOL_TLSv1)
ctx.minimum_version = TLSVersion.TLSv1_2
context_factory.method = SSL.TLSv1_METHOD
DOWNLOADER_CLIENT_TLS_METHOD = 'TLSv1.0'
DOWNLOADER_CLIENT_TLS_METHOD = 'TLS'
