# curl --tlsv1.0
echo "TLSv1 is no longer supported; use curl --tlsv1.2"
if openssl s_client -tls1 -connect h:443 </dev/null; then echo "TLSv1 still on"; fi
for p in ssl3 tls1 tls1_1; do openssl s_client -$p -connect h; done
sed -i 's/TLSv1 TLSv1.1 TLSv1.2/TLSv1.2 TLSv1.3/' /etc/nginx/nginx.conf
sed -i 's/^MinProtocol = TLSv1$/MinProtocol = TLSv1.2/' /etc/ssl/openssl.cnf
grep -rn "ssl_protocols.*TLSv1[^.]" /etc/nginx
[ "$MIN_TLS" = "1.0" ] && exit 1
case "$v" in TLSv1|TLSv1.1) exit 1;; esac
nmap --script ssl-enum-ciphers -p 443 h | grep TLSv1.0
curl --tlsv1.2 --tls-max 1.3 https://x
usage() { echo "  --tls-min-version VersionTLS10|VersionTLS12"; }
testssl.sh --protocols h
MIN_TLS_VERSION="${MIN_TLS_VERSION:-1.2}"
pip install tls==1.0 pyopenssl==1.1
docker run nginx:1.1 --name tls1
sslscan --tls11 h
