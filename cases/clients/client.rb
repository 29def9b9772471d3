# usage: client.rb HOST PORT NAME CA-FILE VARIANT PATH
require 'net/http'
host, port, name, ca, variant, path = ARGV
http = Net::HTTP.new(name, port.to_i)
http.ipaddr = host
http.use_ssl = true
http.ca_file = ca
max = { 'tls1.0' => :TLS1, 'tls1.1' => :TLS1_1, 'tls1.2' => :TLS1_2 }[variant]
if max
  http.min_version = :TLS1
  http.max_version = max
  http.ciphers = 'DEFAULT:@SECLEVEL=0'
end
answer = http.get(path)
puts answer.code, answer.body
