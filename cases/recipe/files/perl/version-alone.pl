my $ctx = Net::SSLeay::CTX_v3_new();
