#include <openssl/ssl.h>
void set_protocols(SSL *ssl, int protocols) {
    SSL_clear_options(ssl, SSL_OP_NO_TLSv1);
    if (!(protocols & ALLOW_TLSv1)) {
        SSL_set_options(ssl, SSL_OP_NO_TLSv1);
    }
}
void lower(SSL *ssl) {
    SSL_clear_options(ssl, SSL_OP_NO_TLSv1_1);
}
