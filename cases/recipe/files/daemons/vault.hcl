listener "tcp" {
  address         = "0.0.0.0:8200"
  tls_min_version = "tls10"
}
listener "tcp" {
  tls_min_version = "tls12"
}
tls {
  defaults { tls_min_version = "TLSv1_0" }
}
