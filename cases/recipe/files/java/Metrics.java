class Metrics {
  void seen(MeterRegistry registry) {
    registry.counter("tls.handshakes", "protocol", "TLSv1").increment();
    socket.setEnabledProtocols(new String[] {"TLSv1"});
  }
}
