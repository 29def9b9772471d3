class C { void m() {
  put("Alg.Alias.SSLContext.TLSv1.0", "TLSv1.1");
  put("Alg.Alias.SSLContext.TLS", "TLSv1.1");
  Map<String, String> names = Map.of("TLSv1", "TLS 1.0", "TLSv1.1", "TLS 1.1");
  props.put("jdk.tls.client.protocols", "TLSv1");
} }
