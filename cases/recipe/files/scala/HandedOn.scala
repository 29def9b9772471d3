object HandedOn {
  val legacy = Seq("TLSv1", "TLSv1.1")
  engine.setEnabledProtocols(legacy.toArray)
}
