val client = OkHttpClient.Builder().connectionSpecs(listOf(ConnectionSpec.COMPATIBLE_TLS, ConnectionSpec.CLEARTEXT)).build()
val spec = ConnectionSpec.Builder(ConnectionSpec.RESTRICTED_TLS).tlsVersions(TlsVersion.TLS_1_2).build()
val socket = (factory.createSocket() as SSLSocket).apply { enabledProtocols = arrayOf("TLSv1.1", "TLSv1.2") }
private const val PROTOCOL = "TLSv1"
val ctx = SSLContext.getInstance(PROTOCOL)
sslContext.init(null, null, null)
if (protocol == "TLSv1") error("old")
require(protocol !in listOf("TLSv1", "TLSv1.1")) { "too old" }
val p = SSLParameters().apply { protocols = arrayOf("TLSv1") }
