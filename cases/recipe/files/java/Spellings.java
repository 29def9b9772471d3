class K {
  private static final String[] PROTOCOLS = {"TLSv1", "TLSv1.1", "TLSv1.2"};
  private static final String PROTO = "TLSv1";
  void t() throws Exception {
    socket.setEnabledProtocols(PROTOCOLS);
    SSLContext.getInstance(PROTO);
    SSLContext.getInstance("TLSv1.1", "SunJSSE");
    SSLContexts.custom().useProtocol("TLSv1").build();
    SSLContexts.custom().setProtocol("TLSv1.2").build();
    new SSLConnectionSocketFactory(ctx, new String[]{"TLSv1"}, null, v);
    TlsConfig.custom().setSupportedProtocols(TLS.V_1_0, TLS.V_1_2).build();
    factory.setIncludeProtocols("TLSv1", "TLSv1.1");
    factory.setExcludeProtocols("SSLv3", "TLSv1", "TLSv1.1");
    options.addEnabledSecureTransportProtocol("TLSv1");
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.1", "TLSv1.2"));
    props.put("mail.smtp.ssl.protocols", "TLSv1 TLSv1.1");
    props.put("ssl.enabled.protocols", "TLSv1.2,TLSv1.1");
    props.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, "TLSv1.1");
    props.setProperty("jdk.tls.client.protocols", "TLSv1.2");
    String url = "jdbc:mysql://db/x?enabledTLSProtocols=TLSv1,TLSv1.1";
    String u2 = "jdbc:sqlserver://db;encrypt=true;sslProtocol=TLSv1";
    String u3 = "jdbc:mysql://db/x?tlsVersions=TLSv1.2";
    parameters.setProtocols(new String[] {"SSLv3"});
    engine.setEnabledProtocols(engine.getSupportedProtocols());
    if ("TLSv1".equals(session.getProtocol())) throw new SSLException("TLSv1 refused");
    assertEquals("TLSv1.1", session.getProtocol());
    List<String> ps = new ArrayList<>(Arrays.asList(e.getEnabledProtocols())); ps.remove("TLSv1");
    new TlsVersion[] { TlsVersion.TLS_1_1 };
    SecurityPolicyProtocol p = SecurityPolicyProtocol.TLS_V1_1_2016;
    CfnDistribution.ViewerCertificateProperty.builder().minimumProtocolVersion("TLSv1").build();
    System.setProperty("jdk.tls.server.protocols", "TLSv1,TLSv1.2");
    MqttConnectOptions o; o.setSocketFactory(ctx("TLSv1"));
    Vertx v; new HttpServerOptions().setSsl(true).removeEnabledSecureTransportProtocol("TLSv1");
    logger.warn("enabled protocols: TLSv1, TLSv1.1");
    switch (s) { case "TLSv1": return 1; case "TLSv1.1": return 2; }
    String message = "TLSv1";
    httpsConfig.setSSLParameters(new SSLParameters(null, new String[]{"TLSv1", "TLSv1.2"}));
    SslProtocols.TLS_v1_1.toString();
    sslHandler.protocols(io.netty.handler.ssl.SslProtocols.TLS_v1);
    NettySslUtils.enable(SslProvider.JDK, "TLSv1.2", "TLSv1.3");
  }
}
