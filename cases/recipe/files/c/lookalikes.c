#define TLS1_VERSION 0x0301
#if TLS1_VERSION > 0
#endif
enum { TLSv1, TLSv1_1 };
const SSL_METHOD *TLSv1_method(void);
extern const SSL_METHOD *TLSv1_client_method(void);
static const char *names[] = { "SSLv3", "TLSv1", "TLSv1.1" };
switch (v) { case TLS1_VERSION: return "TLSv1"; case TLS1_1_VERSION: return "TLSv1.1"; }
if (version < TLS1_2_VERSION || version == TLS1_VERSION) fail();
SSL_CTX_set_options(ctx, SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1);
fprintf(stderr, "TLSv1 not allowed, use --tlsv1.2\n");
SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
assert(SSL_version(s) != TLS1_VERSION);
/* SSL_CTX_new(TLSv1_method()) */
#ifdef OPENSSL_NO_TLS1
{"no-tls1", no_argument, 0, SSL_OP_NO_TLSv1},
int tls1_prf(void);
SSL3_RT_HEADER_LENGTH;
if (conf->tls_min_version >= (float) 1.2) min_version = TLS1_2_VERSION;
else if (conf->tls_min_version >= (float) 1.1) min_version = TLS1_1_VERSION;
if (strcmp(cfg->tls_min_version_str, "1.1") == 0) return 2;
else if (strcasecmp(cfg->tls_min_version_str, "1.0") == 0) return 1;
