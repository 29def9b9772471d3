sed -i 's/ssl_protocols .*/ssl_protocols TLSv1 TLSv1.2;/' nginx.conf
sed -i 's/ssl_protocols .*/ssl_protocols TLSv1.2;/' nginx.conf
sed -i 's/SSLProtocol all -SSLv3/SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1/' ssl.conf
gunicorn --ssl-version 3 app:app
gunicorn --ssl-version 17 app:app
git config --global http.sslVersion tlsv1
git config --global http.sslVersion tlsv1.2
curl --proxy-tlsv1 -x https://proxy https://host
