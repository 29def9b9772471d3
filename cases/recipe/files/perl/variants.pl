use LWP::UserAgent;
my $s = IO::Socket::SSL->new(PeerAddr => 'h:443', SSL_version => 'SSLv3') or die;
my $t = IO::Socket::SSL->new(PeerAddr => 'h:443', SSL_version => 'TLSv1_2');
my $u = IO::Socket::SSL->new(PeerAddr => 'h:443', SSL_version => "TLSv1_1", SSL_verify_mode => 0);
my $v = IO::Socket::SSL->new(PeerAddr => 'h', SSL_version => '!SSLv2:!SSLv3');
my $w = IO::Socket::SSL->new(PeerAddr => 'h', SSL_version => 'SSLv23:!SSLv3:!SSLv2:!TLSv1:!TLSv1_1');
my $x = IO::Socket::SSL->new(PeerAddr => 'h', SSL_version => 'SSLv23');
IO::Socket::SSL->start_SSL($sock, SSL_version => 'tlsv1');
my $ua = LWP::UserAgent->new(ssl_opts => { SSL_version => 'TLSv1' });
$ua->ssl_opts(SSL_version => 'TLSv12:!SSLv3');
IO::Socket::SSL::set_defaults(SSL_version => 'SSLv3');
$IO::Socket::SSL::DEFAULT{SSL_version} = 'TLSv1';
my $ctx = Net::SSLeay::CTX_tlsv1_new();
my $ctx2 = Net::SSLeay::CTX_v3_new();
my $ctx3 = Net::SSLeay::CTX_new();
Net::SSLeay::CTX_set_min_proto_version($ctx, Net::SSLeay::TLS1_VERSION());
$Net::SSLeay::ssl_version = 10;
$Net::SSLeay::ssl_version = 12;
if ($sock->get_sslversion eq 'TLSv1') { print "TLSv1 in use\n"; }
# SSL_version => 'TLSv1'
print "SSL_version => 'TLSv1'\n";
my $smtp = Net::SMTP->new($h, SSL => 1, SSL_version => 'TLSv1');

=head1 NAME

SSL_version => 'TLSv1'

=cut

system("curl --tlsv1.0 https://x");
