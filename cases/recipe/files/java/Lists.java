class Lists {
  static final String[] DEFAULT_EXCLUDED_PROTOCOLS = {"SSL", "SSLv2", "SSLv2Hello", "SSLv3"};
  static final Set<String> blackProtocols = Set.of("TLSv1.1", "TLSv1", "SSL", "SSLv3");
  List<String> unpack(int packed) {
    if ((packed & TLS_V1) != 0) { protocols.add(SslProtocols.TLS_v1); }
  }
  static final String[] PROTOCOLS = {"TLSv1", "TLSv1.2"};
  void set(SSLSocket socket) { socket.setEnabledProtocols(PROTOCOLS); }
}
