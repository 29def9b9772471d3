echo "Protocol  : TLSv1" > expected.txt
echo "MinProtocol = TLSv1" > /etc/ssl/lower.cnf
