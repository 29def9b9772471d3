configuration.TlsMinimumSupportedProtocolVersion = TlsProtocolVersion.Tls10;
configuration.TlsMinimumSupportedProtocolVersion = TlsProtocolVersion.Tls12;
if (ServicePointManager.SecurityProtocol != SecurityProtocolType.Tls12) { ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls11; }
