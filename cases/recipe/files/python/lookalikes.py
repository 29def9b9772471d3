"""Module about ssl.PROTOCOL_TLSv1."""
WEAK = {ssl.PROTOCOL_TLSv1: 'TLS 1.0', ssl.PROTOCOL_TLSv1_1: 'TLS 1.1'}
DEPRECATED_PROTOCOLS = ['TLSv1', 'TLSv1.1']
insecure_versions = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
if proto in ('TLSv1', 'TLSv1.1'): raise ValueError('TLSv1 is old')
assert ctx.minimum_version >= ssl.TLSVersion.TLSv1_2
self.assertEqual(ctx.minimum_version, ssl.TLSVersion.TLSv1)
with pytest.raises(ssl.SSLError): connect(ssl.PROTOCOL_TLSv1_2)
ctx.options |= ssl.OP_NO_TLSv1
ctx.options |= ssl.OP_NO_TLSv1_1
ctx.minimum_version = ssl.TLSVersion.TLSv1_2
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("tls version: TLSv1")
logger.warning("minimum_version=TLSv1")
help_text = "minimum TLS version, e.g. TLSv1"
parser.add_argument("--min-tls", default="1.2", help="1.0, 1.1, 1.2")
EXAMPLE = """
ssl_version=ssl.PROTOCOL_TLSv1
"""
x = {'version': '1.0', 'name': 'tls-checker'}
API_VERSION = "1.0"
class TLSVersion(enum.Enum):
    TLSv1 = 769
    TLSv1_1 = 770
def is_weak(v): return v < ssl.TLSVersion.TLSv1_2 or v == ssl.TLSVersion.TLSv1
hasattr(ssl, 'PROTOCOL_TLSv1')
from ssl import PROTOCOL_TLSv1
del ssl.PROTOCOL_SSLv3
blocked = [p for p in protos if p not in ["TLSv1", "TLSv1.1"]]
