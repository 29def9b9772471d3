file '/etc/nginx/tls.conf', content: <<~CONF
  ssl_protocols TLSv1.1 TLSv1.2;
  ssl_protocols TLSv1.2;
CONF
http.ssl_version = :TLSv1
