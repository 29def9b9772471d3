void lower(TlsParameters* params) {
  params->set_tls_minimum_protocol_version(envoy::api::v2::auth::TlsParameters::TLSv1_0);
  params->set_tls_maximum_protocol_version(TlsParameters::TLSv1_1);
  EXPECT_EQ(TlsParameters::TLSv1_0, params->tls_minimum_protocol_version());
}
