config.tlsMinimumSupportedProtocolVersion = .TLSv10
config.tlsMaximumSupportedProtocol = .tlsProtocol1
sec_protocol_options_set_min_tls_protocol_version(o, .TLSv11)
config.tlsMinimumSupportedProtocolVersion = .TLSv12
var t = TLSConfiguration.makeClientConfiguration(); t.minimumTLSVersion = .tlsv1
t.minimumTLSVersion = .tlsv12
stream.setProperty(StreamSocketSecurityLevel.tlSv1, forKey: .socketSecurityLevelKey)
switch v { case .TLSv10: return "1.0" default: return "" }
stream.setProperty(StreamSocketSecurityLevel.negotiatedSSL, forKey: .socketSecurityLevelKey)
func v(_ n: UInt16) -> TLSVersion? {
  switch n {
  case TLS1_1_VERSION:
    return .tlsv11
  case TLS1_VERSION:
    return .tlsv1
  default:
    return nil
  }
}
