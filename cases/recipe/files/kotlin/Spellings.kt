val a = SSLContext.getInstance("TLSv1")
val b = SSLContext.getInstance("TLSv1.2")
val c = SSLContext.getInstance("TLS")
socket.enabledProtocols = arrayOf("TLSv1", "TLSv1.1")
val spec = ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(TlsVersion.TLS_1_0, TlsVersion.TLS_1_2).build()
val spec2 = listOf(ConnectionSpec.COMPATIBLE_TLS)
val spec3 = ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions("TLSv1.1").build()
System.setProperty("https.protocols", "TLSv1,TLSv1.1")
install(HttpClient) { engine { config { sslProtocols = listOf("TLSv1") } } }
when (v) { TlsVersion.TLS_1_0 -> "old" }
log.info("TLSv1 handshake")
Security.setProperty("jdk.tls.disabledAlgorithms", "SSLv3, RC4")
SslContextBuilder.forServer(k, c).protocols("TLSv1.1", "TLSv1.2")
val parts = params.protocols.filter { it != "TLSv1" }
