class Wrapper {
  SSLContext make(String protocol) throws Exception {
    return SSLContext.getInstance(protocol);
  }
  void use() throws Exception {
    make("TLSv1");
    make("TLSv1.2");
    final String v = "TLSv1.1";
    SSLContext x = SSLContext.getInstance(v);
  }
}
