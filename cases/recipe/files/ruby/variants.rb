require 'openssl'
http.ssl_version = :SSLv3
http.ssl_version = 'TLSv1'
http.ssl_version = "TLSv1_1"
http.ssl_version = :TLSv1_2
http.ssl_version = :SSLv23
http.min_version = OpenSSL::SSL::TLS1_1_VERSION
http.min_version = :TLS1
http.min_version = OpenSSL::SSL::TLS1_2_VERSION
http.max_version = OpenSSL::SSL::TLS1_VERSION
ctx.ssl_version = :TLSv1_client
ctx = OpenSSL::SSL::SSLContext.new('TLSv1')
ctx = OpenSSL::SSL::SSLContext.new(:SSLv3)
ctx = OpenSSL::SSL::SSLContext.new
ctx = OpenSSL::SSL::SSLContext.new(:TLSv1_2)
ctx.options = OpenSSL::SSL::OP_NO_SSLv2 | OpenSSL::SSL::OP_NO_SSLv3
ctx.options |= OpenSSL::SSL::OP_NO_TLSv1_2
ctx.ciphers = 'DEFAULT:@SECLEVEL=0'
RestClient::Request.execute(url: u, ssl_version: :TLSv1)
RestClient::Request.execute(:url => u, :ssl_version => 'TLSv1')
RestClient::Request.execute(url: u, ssl_version: 'TLSv1_2')
Faraday.new(u, ssl: { min_version: :TLS1_1 })
Faraday.new(u, :ssl => { :version => :TLSv1 })
Faraday.new(u, ssl: { version: :TLSv1_2 })
Net::HTTP.start(u.host, u.port, use_ssl: true, ssl_version: :TLSv1) do |h|
end
Excon.new(u, ssl_version: :TLSv1_1)
client = Savon.client(wsdl: w, ssl_version: :TLSv1)
class Api
  include HTTParty
  ssl_version :TLSv1
end
class Api2
  ssl_version :TLSv1_2
end
PROTO = :TLSv1
http.ssl_version = PROTO
VERSIONS = %w[TLSv1 TLSv1.1].freeze
raise "TLSv1 not allowed" if VERSIONS.include?(sock.ssl_version)
puts "ssl_version = :TLSv1"
if http.ssl_version == :TLSv1
  warn 'TLSv1'
end
expect(http.ssl_version).to eq(:TLSv1)
system("curl --tlsv1.0 #{url}")
=begin
http.ssl_version = :TLSv1
=end
version '1.0'
gem 'tls', '1.1'
# http.ssl_version = :TLSv1
Mongo::Client.new(h, ssl: true, ssl_min_version: :TLS1)
