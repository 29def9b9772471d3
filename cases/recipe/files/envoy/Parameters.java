class Parameters {
  TlsParameters of() {
    return TlsParameters.newBuilder()
        .setTlsMinimumProtocolVersion(TlsProtocol.TLSv1_0)
        .setTlsMaximumProtocolVersion(TlsProtocol.TLSv1_3)
        .build();
  }
}
