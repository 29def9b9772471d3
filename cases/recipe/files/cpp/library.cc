const SSL_METHOD *TLSv1_client_method(void) { return TLSv1_method(); }
const struct { uint16_t version; uint32_t flag; } kVersions[] = {
    {TLS1_VERSION, SSL_OP_NO_TLSv1},
    {TLS1_2_VERSION, SSL_OP_NO_TLSv1_2},
};
SSL_CTX *make() { return SSL_CTX_new(TLSv1_method()); }
