final c = SecurityContext()..minimumTlsProtocolVersion = TlsProtocolVersion.tls1_2;
final e = MqttServerClient(); e.securityContext.tlsMinVersion = 'TLSv1';
final f = Settings(minTlsVersion: 'TLSv1.1');
print('TLSv1');
