package a;
import static okhttp3.TlsVersion.TLS_1_0;
import org.apache.hc.core5.http.ssl.TLS;
class Variants {
  private static final String[] PROTOCOLS = {"TLSv1", "TLSv1.1", "TLSv1.2"};
  private static final String GOOD = "TLSv1.2";
  static final String PROTO = "SSLv3";
  private final String label = "TLSv1";
  void m(SSLSocket s, SSLEngine e, SSLServerSocket ss) throws Exception {
    SSLContext.getInstance("SSL");
    SSLContext.getInstance("SSLv3");
    SSLContext.getInstance("TLSv1.1", "SunJSSE");
    SSLContext.getInstance("TLSv1", provider);
    SSLContext.getInstance(PROTO);
    SSLContext.getInstance("TLSv1.2");
    SSLContext.getInstance("TLS");
    SSLContext c = SSLContexts.custom().useProtocol("TLSv1").build();
    SSLContext d = SSLContexts.custom().setProtocol("TLSv1.1").build();
    SSLContext f = new SSLContextBuilder().setProtocol("TLSv1.3").build();
    s.setEnabledProtocols(PROTOCOLS);
    e.setEnabledProtocols(new String[]{GOOD});
    ss.setEnabledProtocols(new String[]{"SSLv3"});
    s.setEnabledProtocols(Arrays.asList("TLSv1", "TLSv1.2").toArray(new String[0]));
    SSLParameters p = new SSLParameters(null, new String[]{"TLSv1"});
    p.setProtocols(new String[] {"TLSv1.1", "TLSv1.2"});
    String[] enabled = new String[] { "TLSv1" };
    p.setProtocols(enabled);
    new SSLConnectionSocketFactory(ctx, new String[]{"TLSv1", "TLSv1.1"}, null, NoopHostnameVerifier.INSTANCE);
    new SSLConnectionSocketFactory(ctx, new String[]{"TLSv1.2"}, null, v);
    System.setProperty("https.protocols", "TLSv1");
    System.setProperty("https.protocols", "TLSv1.2,TLSv1.3");
    System.setProperty("jdk.tls.client.protocols", "TLSv1.1,TLSv1.2");
    System.setProperty("http.agent", "TLSv1");
    props.put("mail.smtp.ssl.protocols", "TLSv1");
    props.put("mail.smtp.ssl.protocols", "TLSv1.2");
    props.setProperty("mail.smtps.ssl.protocols", "SSLv3 TLSv1");
    props.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, "TLSv1.2,TLSv1.1");
    props.put(SslConfigs.SSL_PROTOCOL_CONFIG, "TLSv1");
    props.put("ssl.enabled.protocols", "TLSv1.2");
    Security.setProperty("jdk.tls.disabledAlgorithms", "SSLv3, TLSv1, TLSv1.1, RC4");
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(TlsVersion.TLS_1_0).build();
    new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(TLS_1_0, TlsVersion.TLS_1_2).build();
    new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions("TLSv1.1").build();
    new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3).build();
    builder.connectionSpecs(Arrays.asList(ConnectionSpec.COMPATIBLE_TLS));
    TlsConfig.custom().setSupportedProtocols(TLS.V_1_0, TLS.V_1_2).build();
    TlsConfig.custom().setSupportedProtocols(TLS.V_1_3).build();
    SSLConnectionSocketFactoryBuilder.create().setTlsVersions(TLS.V_1_1).build();
    SslContextBuilder.forClient().protocols("TLSv1", "TLSv1.2").build();
    SslContextBuilder.forServer(k).protocols(Arrays.asList("TLSv1.1")).build();
    SslContextBuilder.forServer(k).protocols(SslProtocols.TLS_v1).build();
    SslContextBuilder.forServer(k).protocols(SslProtocols.TLS_v1_2).build();
    factory.setIncludeProtocols("TLSv1", "TLSv1.2");
    factory.setIncludeProtocols("TLSv1.2");
    factory.setExcludeProtocols("SSLv3", "TLSv1", "TLSv1.1");
    factory.addExcludeProtocols("TLSv1");
    options.addEnabledSecureTransportProtocol("TLSv1");
    options.removeEnabledSecureTransportProtocol("TLSv1");
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.1"));
    String url = "jdbc:mysql://h/db?useSSL=true&enabledTLSProtocols=TLSv1,TLSv1.1";
    String url2 = "jdbc:mysql://h/db?useSSL=true&tlsVersions=TLSv1.2";
    String url3 = "jdbc:sqlserver://h;encrypt=true;sslProtocol=TLSv1";
    String url4 = "jdbc:sqlserver://h;encrypt=true;sslProtocol=TLSv1.2";
    log.info("negotiated TLSv1 with {}", peer);
    if ("TLSv1".equals(session.getProtocol())) throw new IOException("TLSv1 refused");
    if (session.getProtocol().equals("TLSv1.1")) { }
    switch (session.getProtocol()) { case "TLSv1": return; case "TLSv1.1": break; }
    assertEquals("TLSv1", session.getProtocol());
    Map<String, Integer> m = Map.of("TLSv1", 1, "TLSv1.1", 2);
    List<String> weak = List.of("SSLv3", "TLSv1", "TLSv1.1");
    if (weak.contains(session.getProtocol())) { }
    MessageDigest.getInstance("SHA-1");
    SSLSocketFactory sf = new CustomTlsSocketFactory("TLSv1");
    String cmd = "java -Dhttps.protocols=TLSv1 -jar x.jar";
    connector.setProperty("sslEnabledProtocols", "TLSv1,TLSv1.2");
    ssl.setEnabledProtocols(new String[] {"TLSv1.2"});
    ssl.setProtocol("TLSv1");
    sslHostConfig.setProtocols("TLSv1.1+TLSv1.2");
    // s.setEnabledProtocols(new String[]{"TLSv1"});
    /** SSLContext.getInstance("TLSv1") */
  }
  enum Ver { TLSv1, TLSv1_1, TLS_1_0 }
  String proto() { return "TLSv1"; }
}
