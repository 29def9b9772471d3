$t->write_file('nginx.conf', <<'EOF');
http {
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2;
    ssl_protocols TLSv1.2;
}
EOF
if ($version eq 'TLSv1') { print "TLSv1\n" }
my $socket = IO::Socket::SSL->new(SSL_version => 'TLSv1');
