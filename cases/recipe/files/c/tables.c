static const struct option names[] = {
  { "no_tlsv1_2", SSL_OP_NO_TLSv1_2 },
#ifdef SSL_OP_NO_TLSv1_3
  { U"no_tlsv1_3", SSL_OP_NO_TLSv1_3 },
#endif
  { string("TLSv1.1"), MY_SSL_TLSv1_1 },
};
static const struct value values[] = {
  NV(CURL_SSLVERSION_TLSv1_0), NV(CURL_SSLVERSION_TLSv1_1)
};
int set(SSL_CTX *c, int version, int protocols) {
  switch (version) {
  default:
  case TLS1_VERSION:
    return wolfSSL_CTX_SetMinVersion(c, WOLFSSL_TLSV1);
  case CURL_SSLVERSION_MAX_TLSv1_1:
    priority = "NORMAL:+VERS-TLS1.1";
    break;
  }
  if (!(protocols & MY_SSL_TLSv1_2)) {
    SSL_CTX_set_options(c, SSL_OP_NO_TLSv1_2);
  }
  if (version == TLS1_1_VERSION) SSL_CTX_set_min_proto_version(c, TLS1_1_VERSION);
}
