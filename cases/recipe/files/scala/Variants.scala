val ctx = SSLContext.getInstance("TLSv1.1")
engine.setEnabledProtocols(Array("TLSv1.1"))
engine.setEnabledProtocols(List("TLSv1.2", "TLSv1.3").toArray)
val protocols = Array("TLSv1", "TLSv1.1")
params.setProtocols(protocols)
params.setProtocols(Seq("SSLv3").toArray)
System.setProperty("https.protocols", "TLSv1.2")
if (p == "TLSv1") log.warn("TLSv1")
p match {
  case "TLSv1" => 1
  case "TLSv1.1" => 2
}
// SSLContext.getInstance("TLSv1")
