case $version in TLSv1) tls_proto="-tls1" ;; esac
ssl_protocol="TLSv1"
