import okhttp3.*
val a = SSLContext.getInstance("SSLv3")
val b = SSLContext.getInstance("TLS")
private const val OLD = "TLSv1"
val c = SSLContext.getInstance(OLD)
val d = ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions(TlsVersion.TLS_1_0, TlsVersion.TLS_1_1, TlsVersion.TLS_1_2).build()
val e = ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).tlsVersions("TLSv1", "TLSv1.1").build()
val f = listOf(ConnectionSpec.COMPATIBLE_TLS)
socket.enabledProtocols = arrayOf("TLSv1", "TLSv1.2")
(socket as SSLSocket).enabledProtocols = arrayOf("TLSv1.3")
engine.setEnabledProtocols(arrayOf("TLSv1.1"))
System.setProperty("https.protocols", "TLSv1,TLSv1.1,TLSv1.2")
val name = when (v) {
    TlsVersion.TLS_1_0 -> "old"
    TlsVersion.TLS_1_1 -> "older"
    else -> "new"
}
if (v == TlsVersion.TLS_1_0) println("TLSv1")
val legacy = setOf(TlsVersion.TLS_1_0)
val text = """TLSv1 is "off" now"""
/* nested /* SSLContext.getInstance("TLSv1") */ still */
sslConnector(ks, "a", { cs }, { ps }) { enabledProtocols = listOf("TLSv1.2", "TLSv1.3") }
sslConnector(ks, "a", { cs }, { ps }) { enabledProtocols = listOf("TLSv1") }
val client = SslContextBuilder.forClient().protocols("TLSv1").build()
