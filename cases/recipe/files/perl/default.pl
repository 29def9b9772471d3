my $any = IO::Socket::SSL->new(SSL_version => 'SSLv23');
my $most = IO::Socket::SSL->new(SSL_version => 'SSLv23:!SSLv3:!SSLv2');
