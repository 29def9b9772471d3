#include <openssl/ssl.h>
#ifdef SSL_OP_NO_TLSv1_2
#define HAVE_TLS12 1
#endif
#if OPENSSL_VERSION_NUMBER < 0x10100000L
#define TLS_client_method TLSv1_client_method
#endif
#define TLS1_VERSION 0x0301
const SSL_METHOD *TLSv1_method(void);
static const struct { const char *name; int v; } table[] = {
  { "TLSv1", TLS1_VERSION },
  { "TLSv1.1", TLS1_1_VERSION },
  { "TLSv1.2", TLS1_2_VERSION },
};
static int min_version = TLS1_VERSION;
int f(SSL_CTX *ctx, SSL *ssl) {
  const SSL_METHOD *m = TLSv1_method();
  m = SSLv23_method();
  m = TLSv1_2_client_method();
  m = server ? TLSv1_server_method() : TLSv1_client_method();
  ctx = SSL_CTX_new(SSLv2_client_method());
  ctx = SSL_CTX_new(DTLS_method());
  SSL_set_min_proto_version(ssl, TLS1_VERSION);
  SSL_CTX_set_min_proto_version(ctx, SSL3_VERSION);
  SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
  SSL_CTX_set_min_proto_version(ctx, 0x0301);
  SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(ctx, 0);
  if (SSL_version(ssl) == TLS1_VERSION) return 1;
  if (SSL_version(ssl) < TLS1_2_VERSION || SSL_version(ssl) <= TLS1_1_VERSION) return 1;
  switch (SSL_version(ssl)) {
    case TLS1_VERSION: return "TLSv1";
    case TLS1_1_VERSION:
      return "TLSv1.1";
  }
  SSL_CTX_set_options(ctx, SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3);
  SSL_CTX_set_options(ctx, SSL_OP_NO_TLSv1_2);
  SSL_CTX_set_options(ctx, SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2);
  SSL_CTX_clear_options(ctx, SSL_OP_NO_TLSv1);
  SSL_CTX_clear_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
  options &= ~SSL_OP_NO_TLSv1_1;
  options |= SSL_OP_NO_TLSv1;
  if (options & SSL_OP_NO_TLSv1) puts("TLSv1 is off");
  SSL_CTX_set_security_level(ctx, 0);
  SSL_CTX_set_security_level(ctx, 2);
  SSL_CTX_set_cipher_list(ctx, "DEFAULT@SECLEVEL=0");
  SSL_CTX_set_cipher_list(ctx, "HIGH:!aNULL");
  SSL_CONF_cmd(cctx, "MinProtocol", "TLSv1");
  SSL_CONF_cmd(cctx, "MinProtocol", "TLSv1.2");
  SSL_CONF_cmd(cctx, "Protocol", "ALL,-SSLv3");
  printf("TLSv1 is not supported, use TLSv1_method\n");
  // SSL_CTX_new(TLSv1_method());
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_DEFAULT);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_SSLv2);
  curl_easy_setopt(curl, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_1);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, 4L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, 6L);
  gnutls_priority_init(&p, "NORMAL:-VERS-SSL3.0:+VERS-TLS1.0", NULL);
  gnutls_priority_init(&p, "NORMAL:-VERS-SSL3.0", NULL);
  gnutls_priority_init(&p, "NONE:+VERS-TLS1.2:+AES-128-GCM", NULL);
  gnutls_priority_init(&p, "NONE:+VERS-TLS1.0:+VERS-TLS1.1:+AES-128-CBC", NULL);
  gnutls_priority_init(&p, "NORMAL", NULL);
  mbedtls_ssl_conf_min_version(&c, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_2);
  mbedtls_ssl_conf_max_version(&c, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_1);
  mbedtls_ssl_conf_min_version(&c, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  ssl_set_min_version(&ssl, SSL_MAJOR_VERSION_3, SSL_MINOR_VERSION_1);
  wolfSSL_CTX_new(wolfTLSv1_client_method());
  wolfSSL_CTX_new(wolfTLSv1_2_client_method());
  wolfSSL_CTX_SetMinVersion(ctx, WOLFSSL_TLSV1_1);
  wolfSSL_CTX_SetMinVersion(ctx, WOLFSSL_TLSV1_2);
  SSL_VersionRangeSetDefault(ssl_variant_stream, &range);
  range.min = SSL_LIBRARY_VERSION_TLS_1_0;
  range.min = SSL_LIBRARY_VERSION_TLS_1_2;
  cred.grbitEnabledProtocols = SP_PROT_TLS1_CLIENT;
  cred.grbitEnabledProtocols = SP_PROT_TLS1_0_SERVER | SP_PROT_TLS1_2_SERVER;
  cred.grbitEnabledProtocols = SP_PROT_SSL3TLS1_CLIENTS;
  cred.grbitEnabledProtocols |= SP_PROT_TLS1_1;
  tls.grbitDisabledProtocols = SP_PROT_SSL3 | SP_PROT_TLS1_0 | SP_PROT_TLS1_1;
  DWORD p = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_1;
  DWORD q = WINHTTP_FLAG_SECURE_PROTOCOL_SSL3 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_1 | WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2;
  WinHttpSetOption(s, WINHTTP_OPTION_SECURE_PROTOCOLS, &q, sizeof(q));
  return 0;
}
