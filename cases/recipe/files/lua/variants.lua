local params = { mode = "client", protocol = "tlsv1", verify = "none", options = "all" }
local good = { mode = "client", protocol = "tlsv1_2", verify = "peer", options = "all" }
local any = { mode = "client", protocol = "any", options = {"all", "no_sslv2", "no_sslv3"} }
sock = ssl.wrap(sock, { mode = "client", protocol = "tlsv1_1" })
sock = ssl.wrap(sock, { mode = "client", protocol = "sslv3" })
-- protocol = "tlsv1"
print("ssl protocol tlsv1")
httpc:request_uri(u, { ssl_verify = false })
local v = { ssl_version = "TLSv1" }
