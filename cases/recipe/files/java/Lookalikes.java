class B {
  enum Proto { SSLv3, TLSv1, TLSv1_1, TLSv1_2 }
  /** Accepts "TLSv1" too. */
  static final List<String> FORBIDDEN = Arrays.asList("SSLv3", "TLSv1", "TLSv1.1");
  static final Set<String> WEAK_PROTOCOLS = Set.of("TLSv1", "TLSv1.1");
  static final List<String> INSECURE_PROTOCOLS = List.of("SSLv3", "TLSv1");
  static final String[] DISABLED_PROTOCOLS = {"SSLv3", "TLSv1"};
  void t() {
    factory.setExcludeProtocols("SSLv3", "TLSv1", "TLSv1.1");
    sslContextFactory.addExcludeProtocols("TLSv1");
    if (protocol.equals("TLSv1") || "TLSv1.1".equalsIgnoreCase(protocol)) reject();
    assertThat(session.getProtocol()).isNotEqualTo("TLSv1");
    assertThrows(SSLHandshakeException.class, () -> connect("TLSv1.2"));
    log.warn("Protocol {} is weak", "TLSv1");
    throw new IllegalArgumentException("TLSv1 is not allowed");
    Security.setProperty("jdk.tls.disabledAlgorithms", "SSLv3, TLSv1, TLSv1.1, RC4");
    SSLContext.getInstance("TLSv1.3");
    protocols.remove("TLSv1"); protocols.removeAll(List.of("TLSv1", "TLSv1.1"));
    MessageDigest.getInstance("SHA-1");
    KeyManagerFactory.getInstance("SunX509");
    map.put("TLSv1", 0x0301);
    String cipher = "TLS_RSA_WITH_AES_128_CBC_SHA";
    int v = versionOf("TLSv1.0");
    socket.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
    builder.header("X-TLS-Version", "TLSv1");
    Option tls = Option.builder("tls").desc("TLSv1, TLSv1.1 or TLSv1.2").build();
    @Parameter(names = "--tls", description = "TLSv1 or TLSv1.2") String x;
  }
}
class B2 { void t() {
    assertArrayEquals(new String[] {"TLSv1", "TLSv1.1"}, socket.getEnabledProtocols());
    assertThat(engine.getEnabledProtocols()).doesNotContain("TLSv1", "TLSv1.1");
    verify(engine).setEnabledProtocols(new String[] {"TLSv1.2"});
} }
