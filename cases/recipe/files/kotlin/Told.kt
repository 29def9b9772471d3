import okhttp3.TlsVersion
fun read(source: Source): Handshake {
  val seen =
    if (!source.exhausted()) TlsVersion.forJavaName(source.line()) else {
      TlsVersion.SSL_3_0
    }
  return Handshake.get(seen, suite, peer, local)
}
fun check(socket: SSLSocket) {
  val oldest = TlsVersion.TLS_1_0
  if (socket.version == oldest) refuse(socket)
}
fun spec(old: Boolean): ConnectionSpec {
  val version = TlsVersion.TLS_1_0
  return ConnectionSpec.Builder(base).tlsVersions(version).build()
}
