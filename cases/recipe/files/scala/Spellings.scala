val ctx = SSLContext.getInstance("TLSv1.1")
engine.setEnabledProtocols(Array("TLSv1", "TLSv1.2"))
val p = Seq("TLSv1.2", "TLSv1.3")
sys.props("https.protocols") = "TLSv1"
val bad = "SSLv3" match { case "SSLv3" => false }
TLSLevel.TLSv1
new SSLConnectionSocketFactory(ctx, Array("TLSv1"), null, verifier)
javaOptions += "-Dhttps.protocols=TLSv1"
