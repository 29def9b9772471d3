import ssl
from ssl import PROTOCOL_TLSv1, PROTOCOL_SSLv3
from ssl import (
    PROTOCOL_TLSv1_1,
    TLSVersion,
)
import OpenSSL
from OpenSSL import SSL
PROTO = ssl.PROTOCOL_TLSv1
ctx = ssl.SSLContext(PROTO)
ctx = ssl.SSLContext(PROTOCOL_SSLv3)
ctx = ssl.SSLContext(protocol=ssl.PROTOCOL_TLSv1_1)
ctx = ssl.SSLContext()
ctx = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
s = ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_SSLv3)
s = ssl.wrap_socket(sock, ssl_version=PROTOCOL_TLSv1)
s = ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_TLSv1_2)
s = ssl.wrap_socket(
    sock,
    keyfile=None,
    ssl_version=ssl.PROTOCOL_SSLv2,
    ca_certs="x",
)
class A(HTTPAdapter):
    def init_poolmanager(self, c, m, block=False):
        self.poolmanager = PoolManager(num_pools=c, maxsize=m, block=block, ssl_version=ssl.PROTOCOL_TLSv1)
    def good(self, c, m):
        self.poolmanager = PoolManager(num_pools=c, ssl_minimum_version=ssl.TLSVersion.TLSv1_2)
def dial(host, version=ssl.PROTOCOL_TLSv1):
    pass
def dial2(host, version=ssl.PROTOCOL_TLS_CLIENT):
    if version == ssl.PROTOCOL_TLSv1:
        raise ValueError("PROTOCOL_TLSv1 is dead")
    if version in (ssl.PROTOCOL_SSLv3, ssl.PROTOCOL_TLSv1):
        return None
    assert version != ssl.PROTOCOL_TLSv1_1
ctx.minimum_version = TLSVersion.TLSv1
ctx.minimum_version = ssl.TLSVersion.SSLv3
ctx.minimum_version = ssl.TLSVersion.TLSv1_3
ctx.minimum_version = 0x0301
ctx.maximum_version = ssl.TLSVersion.TLSv1_1
ctx.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
ctx.options |= ssl.OP_NO_SSLv2
ctx.options |= ssl.OP_NO_SSLv3
ctx.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
ctx.options &= ~ssl.OP_NO_TLSv1_1
ctx.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
ctx.options &= ~ssl.OP_NO_SSLv3
ctx.set_ciphers('ALL:@SECLEVEL=0')
ctx.set_ciphers('HIGH')
c = SSL.Context(SSL.SSLv3_METHOD)
c = SSL.Context(method=SSL.TLSv1_1_METHOD)
c = OpenSSL.SSL.Context(OpenSSL.SSL.TLSv1_METHOD)
c = SSL.Context(SSL.TLS_METHOD)
c = SSL.Context(SSL.SSLv23_METHOD)
c.set_min_proto_version(SSL.TLS1_VERSION)
c.set_min_proto_version(SSL.TLS1_2_VERSION)
c.set_max_proto_version(SSL.TLS1_1_VERSION)
c.set_options(SSL.OP_NO_SSLv2 | SSL.OP_NO_SSLv3)
c.set_options(SSL.OP_NO_TLSv1_2)
herp_derp(ssl_version=ssl.PROTOCOL_SSLv2)
herp_derp(method=SSL.SSLv2_METHOD)
getattr(ssl, "PROTOCOL_TLSv1")
opts = certificateOptionsOf(insecurelyLowerMinimumTo=TLSVersion.TLSv1_0)
opts = CertificateOptions(method=SSL.TLSv1_METHOD)
client.tls_set(ca, tls_version=ssl.PROTOCOL_TLSv1)
client.tls_set(ca, tls_version=ssl.PROTOCOL_TLSv1_2)
ldap.set_option(ldap.OPT_X_TLS_PROTOCOL_MIN, 0x301)
ldap.set_option(ldap.OPT_X_TLS_PROTOCOL_MIN, ldap.OPT_X_TLS_PROTOCOL_TLS1_2)
tls = Tls(validate=ssl.CERT_NONE, version=ssl.PROTOCOL_TLSv1)
db = mysql.connector.connect(host="h", tls_versions=["TLSv1", "TLSv1.1"])
db = mysql.connector.connect(host="h", tls_versions=["TLSv1.2"])
pg = psycopg2.connect("host=h sslmode=require ssl_min_protocol_version=TLSv1")
conn.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_0)
conn.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
BROKER = {"ssl_version": ssl.PROTOCOL_TLSv1, "ca_certs": "x"}
NAMES = {ssl.PROTOCOL_TLSv1: "TLSv1", ssl.PROTOCOL_TLSv1_1: "TLSv1.1"}
log.info("TLSv1 negotiated: %s", ssl.PROTOCOL_TLSv1)
print(ssl.PROTOCOL_TLSv1)
subprocess.run(["curl", "--tlsv1.0", url])
subprocess.run(["curl", "--tlsv1.2", url])
os.system("curl --sslv3 https://x")
os.environ["NODE_OPTIONS"] = "--tls-min-v1.0"
ssl_version = "TLSv1"
tls_version = "1.0"
tls_version = "1.2"
version = "1.0"
__version__ = "1.1"
"""
ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
"""
# ssl.PROTOCOL_TLSv1
return_value = ssl.PROTOCOL_TLSv1 if legacy else ssl.PROTOCOL_TLS_CLIENT
