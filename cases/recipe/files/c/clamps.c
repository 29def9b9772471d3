static void set_version(struct conf *c)
{
  long version = c->version;
  if(version <= CURL_SSLVERSION_TLSv1)
    version = CURL_SSLVERSION_TLSv1_0;
  if(version == CURL_SSLVERSION_DEFAULT)
    version = CURL_SSLVERSION_TLSv1_0;
  if(c->wanted >= TLS1_1_VERSION)
    SSL_CTX_set_min_proto_version(c->ctx, TLS1_1_VERSION);
  if(c->wanted < TLS1_VERSION)
    SSL_CTX_set_min_proto_version(c->ctx, TLS1_VERSION);
}
