cpr::Session session; session.SetSslOptions(cpr::Ssl(ssl::TLSv1_1{}));
session.SetSslOptions(cpr::Ssl(ssl::TLSv1_2{}));
folly::SSLContext ctx(SSLContext::TLSv1);
folly::SSLContext ctx2(SSLContext::TLSv1_2);
switch (m) { case ssl::context::tlsv1: handle = SSL_CTX_new(TLSv1_method()); break; }
