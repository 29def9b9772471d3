# The service wants TLS, as every one does.
Invoke-WebRequest -Uri $uri -SslProtocol Tls
