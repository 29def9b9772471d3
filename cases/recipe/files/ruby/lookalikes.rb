WEAK = %i[TLSv1 TLSv1_1]
raise 'TLSv1 is off' if ctx.ssl_version == :TLSv1
expect(http.ssl_version).not_to eq(:TLSv1)
http.min_version = OpenSSL::SSL::TLS1_2_VERSION
http.ssl_version = :TLSv1_2
puts "ssl_version TLSv1"
ctx.options = OpenSSL::SSL::OP_NO_TLSv1 | OpenSSL::SSL::OP_NO_TLSv1_1
VERSIONS = { TLSv1: 0x301, TLSv1_1: 0x302 }
it { is_expected.not_to contain('SSLProtocol TLSv1') }
case v when :TLSv1 then 'old' end
# http.ssl_version = :TLSv1
