SSLSetProtocolVersionEnabled(context, kSSLProtocol3, false)
SSLSetProtocolVersionEnabled(context, kTLSProtocol1, true)
XCTAssertEqual(configuration.tlsMinimumSupportedProtocolVersion, .TLSv10)
configuration.tlsMinimumSupportedProtocolVersion = .DTLSv10
configuration.tlsMinimumSupportedProtocolVersion = .DTLSv12
