final c = SecurityContext()..minimumTlsProtocolVersion = TlsProtocolVersion.tls1_3;
final v = 'TLSv1';
print('TLSv1 is off');
