#!/bin/bash
curl -k --tlsv1.1 "https://$h"
curl --tlsv1 https://x
curl -s1 https://x
curl -2 https://x
curl --sslv2 https://x
curl --tlsv1.0 --tls-max 1.1 https://x
curl --tls-max 1.0 https://x
curl --tls-max 1.2 https://x
curl --tlsv1.2 https://x
curl -H 'X: -1' https://x
curl --retry 3 -m 1 https://x
curl -o out-1.txt https://x/file-1
curl \
  --silent \
  --tlsv1.0 \
  https://x
wget --secure-protocol=SSLv3 https://x
wget --secure-protocol=auto https://x
wget --no-check-certificate https://x
if curl --help | grep -q -- '--tlsv1.2'; then echo ok; fi
echo "use --tlsv1.2 instead of --tlsv1.0"
openssl s_client -connect h:443 -tls1
openssl s_client -connect h:443 -tls1_2
az storage account create -n x --min-tls-version TLS1_0
az storage account create -n x --min-tls-version TLS1_2
az webapp config set --min-tls-version 1.0
az sql server update --minimal-tls-version 1.1
az redis create --minimum-tls-version 1.0
aws elbv2 create-listener --ssl-policy ELBSecurityPolicy-2016-08
aws elbv2 create-listener --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06
gcloud compute ssl-policies create p --profile MODERN --min-tls-version 1.0
gcloud compute ssl-policies create p --min-tls-version=1.2
export JAVA_TOOL_OPTIONS="-Dhttps.protocols=TLSv1,TLSv1.1"
export JAVA_OPTS='-Djdk.tls.client.protocols="TLSv1"'
export NODE_OPTIONS=--tls-min-v1.0
export GODEBUG=tls10server=1
export PGSSLMINPROTOCOLVERSION=TLSv1
export PGSSLMINPROTOCOLVERSION=TLSv1.2
java -Dweblogic.security.SSL.minimumProtocolVersion=TLSv1.0 -jar x.jar
java -Dhttps.protocols=TLSv1.2 -jar x.jar
mysqld --tls_version=TLSv1,TLSv1.1
mysql --tls-version=TLSv1.2 -h x
mongod --tlsMode requireTLS --tlsDisabledProtocols none
mongod --tlsMode requireTLS --tlsDisabledProtocols TLS1_0,TLS1_1
socat openssl-listen:443,method=TLS1,cert=x -
psql "host=x sslmode=require ssl_min_protocol_version=TLSv1.1"
cat > /etc/nginx/conf.d/x.conf <<EOF
server {
  ssl_protocols TLSv1 TLSv1.1;
  # ssl_protocols TLSv1;
}
EOF
cat <<'EOF' | tee /etc/ssl/openssl.cnf
[system_default_sect]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
EOF
sed -i 's/^ssl_protocols.*/ssl_protocols TLSv1.2;/' /etc/nginx/nginx.conf
sed -i 's/TLSv1 TLSv1.1 TLSv1.2/TLSv1.2/' /etc/nginx/nginx.conf
testssl --tls1 host
nmap --script ssl-enum-ciphers -p 443 h
version=1.0
TLS_DIR=/etc/tls1
# curl --tlsv1.0 https://x
kube-apiserver --tls-min-version=VersionTLS11
etcd --tls-min-version TLS1.1
etcd --tls-min-version TLS1.2
