my %h = (SSL_version => '!SSLv2:!SSLv3');
my $smtp = Net::SMTP->new('h', SSL_version => 'TLSv1_2:!TLSv1_1');
Net::SSLeay::CTX_set_options($ctx, &Net::SSLeay::OP_NO_TLSv1_2);
use IO::Socket::SSL qw(SSL_VERIFY_NONE);
die "SSL_version TLSv1 refused" unless $ok;
$IO::Socket::SSL::DEBUG = 1;
my $ua = LWP::UserAgent->new(ssl_opts => { SSL_version => 'tlsv1' });
