# usage: client.pl HOST PORT NAME CA-FILE VARIANT PATH
use strict; use warnings;
use IO::Socket::SSL;
my ($host, $port, $name, $ca, $variant, $path) = @ARGV;
my %max = ('tls1.0' => 'TLSv1', 'tls1.1' => 'SSLv23:!TLSv1_2:!TLSv1_3:!SSLv3:!SSLv2', 'tls1.2' => 'TLSv1_2');
my @old = $max{$variant} ? (SSL_version => $max{$variant}, SSL_cipher_list => 'DEFAULT:@SECLEVEL=0') : ();
my $socket = IO::Socket::SSL->new(PeerAddr => $host, PeerPort => $port, SSL_hostname => $name, SSL_verifycn_name => $name,
  SSL_verifycn_scheme => 'http', SSL_ca_file => $ca, Timeout => 15, @old) or die "$SSL_ERROR\n";
print "negotiated ", $socket->get_sslversion, "\n";
print $socket "GET $path HTTP/1.1\r\nHost: $name\r\nConnection: close\r\n\r\n";
print while <$socket>;
