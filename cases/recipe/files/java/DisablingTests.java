class DisablingTests {
  void all() throws Exception {
    testDisableProtocols(SslProtocols.TLS_v1, SslProtocols.TLS_v1);
    testOldNotAcceptedByDefault(null, SslProtocols.TLS_v1_1);
    builder.protocols(SslProtocols.TLS_v1);
  }
}
