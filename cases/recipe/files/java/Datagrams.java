class Datagrams {
  SSLContext a = SSLContext.getInstance("DTLSv1.0");
  SSLContext b = SSLContext.getInstance("DTLSv1.2");
  SSLContext c = SSLContext.getInstance("DTLS");
}
