listener "tcp" {
  tls_min_version = "tls10"
}
tls {
  defaults { tls_min_version = "TLSv1_1" }
  verify_incoming = true
}
