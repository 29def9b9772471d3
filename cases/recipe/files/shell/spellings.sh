#!/bin/bash
postconf -e 'smtpd_tls_protocols = !SSLv2, !SSLv3'
postconf -e "smtpd_tls_mandatory_protocols=!SSLv2,!SSLv3,!TLSv1,!TLSv1.1"
tools/editconf.py /etc/postfix/main.cf \
    smtpd_tls_protocols="!SSLv2,!SSLv3" \
    smtp_tls_security_level=may
curl -1 https://a.example/
curl --tlsv1.0 --tls-max 1.1 https://a
curl --tlsv1.2 https://a
curl --ssl-reqd --tlsv1 -o x https://a
wget --secure-protocol=TLSv1 https://a
wget --secure-protocol=TLSv1_2 https://a
wget --secure-protocol=auto https://a
wget --secure-protocol=PFS https://a
openssl s_server -tls1_2 -accept 443
export NODE_OPTIONS=--tls-min-v1.0
node --tls-min-v1.1 server.js
az storage account create --name x --min-tls-version TLS1_0
az storage account update --name x --min-tls-version TLS1_2
az webapp config set --min-tls-version 1.0
az redis update --set minimumTlsVersion=1.0
az mysql server update --minimal-tls-version TLS1_1
az sql server update --minimal-tls-version 1.0
az network application-gateway ssl-policy set --policy-type Predefined --policy-name AppGwSslPolicy20150501
aws elbv2 create-listener --ssl-policy ELBSecurityPolicy-2016-08
aws elbv2 modify-listener --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06
aws cloudfront update-distribution --viewer-certificate MinimumProtocolVersion=TLSv1
aws apigateway create-domain-name --security-policy TLS_1_0
gcloud compute ssl-policies create p --profile COMPATIBLE --min-tls-version 1.0
gcloud compute ssl-policies create p --profile MODERN --min-tls-version 1.2
java -Dhttps.protocols=TLSv1 -jar a.jar
java -Djdk.tls.client.protocols="TLSv1,TLSv1.1,TLSv1.2" -jar a.jar
JAVA_OPTS="$JAVA_OPTS -Dhttps.protocols=TLSv1.1,TLSv1.2"
mysql --tls-version=TLSv1,TLSv1.1 -h db
mysqld --tls_version='TLSv1.2,TLSv1.3'
psql "host=db sslmode=require ssl_min_protocol_version=TLSv1"
redis-server --tls-protocols "TLSv1 TLSv1.1 TLSv1.2"
kube-apiserver --tls-min-version=VersionTLS10
etcd --tls-min-version TLS1.1
update-crypto-policies --set LEGACY
update-crypto-policies --set DEFAULT:SHA1
sed -i 's/MinProtocol = TLSv1.2/MinProtocol = TLSv1.0/' /etc/ssl/openssl.cnf
sed -i 's/TLSv1, TLSv1.1, //g' $JAVA_HOME/conf/security/java.security
echo "ssl_protocols TLSv1 TLSv1.1 TLSv1.2;" > /etc/nginx/conf.d/ssl.conf
openvpn --tls-version-min 1.0
socat OPENSSL-LISTEN:443,method=TLS1.0 -
stunnel -fd 0 <<EOF
sslVersion = TLSv1
EOF
gnutls-cli --priority 'NORMAL:-VERS-ALL:+VERS-TLS1.0' host
sslscan --tls10 host
nmap --script ssl-enum-ciphers host
python -c 'import ssl; print(ssl.PROTOCOL_TLSv1)'
grep -q "TLSv1.0" /etc/nginx/nginx.conf && echo "TLSv1.0 still on"
test "$proto" = "TLSv1.1" && exit 1
pwsh -c "[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls"
httpie --ssl=tls1 https://a
http --ssl tls1.1 https://a
