from OpenSSL.SSL import TLSv1_METHOD
factory = DefaultOpenSSLContextFactory('key.pem', 'cert.pem', sslmethod=TLSv1_METHOD)
