possible_tls_versions = set(["SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"])
class TLSProtocol(str):
    available_protocols = ('TLSv1', 'SSLv2', 'SSL3', 'SSL23')
WEAK_SSL_METHODS = {"PROTOCOL_SSLv2", "PROTOCOL_SSLv3", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1"}
MAP = {'TLSv1': ssl.PROTOCOL_TLSv1 if hasattr(ssl, 'PROTOCOL_TLSv1') else None}
ctx = SSL.Context('tlsv1')
ctx = SSL.Context('sslv23')
self.add_param(['ssl_protocols', 'SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.2'])
if str(tls.get("minimum_tls_version")) not in {"1.1", "1.2", "1.3"}: errors.append("x")
finding = {"title": "TLS 1.0", "evidence": "Supported: TLSv1.0"}
bucket = s3.Bucket(self, "b", minimum_tls_version=1.1)
sc.options |= ssl.OP_NO_TLSv1_1 | ssl.OP_NO_TLSv1
