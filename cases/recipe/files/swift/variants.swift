let config = URLSessionConfiguration.default
config.tlsMinimumSupportedProtocolVersion = .TLSv11
config.tlsMinimumSupportedProtocolVersion = tls_protocol_version_t.TLSv10
config.tlsMinimumSupportedProtocolVersion = .TLSv12
config.tlsMinimumSupportedProtocol = .tlsProtocol1
config.tlsMinimumSupportedProtocol = SSLProtocol.tlsProtocol11
config.tlsMinimumSupportedProtocol = .tlsProtocol12
config.tlsMaximumSupportedProtocol = .tlsProtocol1
config.tlsMaximumSupportedProtocolVersion = .TLSv13
sec_protocol_options_set_max_tls_protocol_version(o, .TLSv10)
sec_protocol_options_set_min_tls_protocol_version(options.securityProtocolOptions, .TLSv12)
stream.setProperty(StreamSocketSecurityLevel.tlSv1.rawValue, forKey: .socketSecurityLevelKey)
inputStream.setProperty(StreamSocketSecurityLevel.negotiatedSSL, forKey: .socketSecurityLevelKey)
var tls = TLSConfiguration.makeClientConfiguration()
tls.minimumTLSVersion = .tlsv1
tls.minimumTLSVersion = .tlsv11
tls.minimumTLSVersion = .tlsv12
let t = TLSConfiguration.forClient(minimumTLSVersion: .tlsv1)
let manager = Session(configuration: config)
switch v { case .TLSv10: return "1.0"
case .TLSv11: return "1.1"
default: return "" }
if v == .TLSv10 { print("TLSv10") }
// config.tlsMinimumSupportedProtocolVersion = .TLSv10
