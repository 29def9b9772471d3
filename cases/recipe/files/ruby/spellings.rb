http.ssl_version = :TLSv1
http.ssl_version = :TLSv1_2
http.min_version = OpenSSL::SSL::TLS1_VERSION
http.max_version = :TLS1_1
ctx = OpenSSL::SSL::SSLContext.new(:TLSv1)
ctx.ssl_version = 'SSLv3'
ctx.options |= OpenSSL::SSL::OP_NO_TLSv1_2
ctx.options |= OpenSSL::SSL::OP_NO_SSLv3 | OpenSSL::SSL::OP_NO_TLSv1
Excon.defaults[:ssl_version] = :TLSv1
Faraday.new(url, ssl: { version: :TLSv1 })
Faraday.new(url, ssl: { min_version: :TLS1 })
RestClient::Request.execute(url: u, ssl_version: 'TLSv1')
HTTParty.get(u, ssl_version: :TLSv1_1)
config.ssl_version = :TLSv1_2
Net::HTTP.start(h, 443, use_ssl: true, ssl_version: :SSLv23)
raise "TLSv1 refused" if ssl.version == :TLSv1
Typhoeus.get(u, sslversion: :tlsv1)
ssl_options: { version: 'TLSv1' }
client = Savon.client(ssl_version: :TLSv1)
windows_feature 'x'
registry_key 'HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server' do
  values [{ name: 'Enabled', type: :dword, data: 1 }]
end
OpenSSL::SSL::SSLContext::DEFAULT_PARAMS[:ssl_version] = 'TLSv1'
OpenSSL::SSL::SSLContext::DEFAULT_PARAMS[:min_version] = OpenSSL::SSL::TLS1_1_VERSION
default['nginx']['ssl_protocols'] = 'TLSv1 TLSv1.1 TLSv1.2'
