local params = { mode = "client", protocol = "tlsv1", options = "all" }
local p2 = { mode = "client", protocol = "tlsv1_2" }
local p3 = { mode = "client", protocol = "any", options = {"all", "no_sslv3"} }
httpc:ssl_handshake(nil, host, true)
ssl.wrap(conn, { mode = "server", protocol = "sslv3" })
ngx.log(ngx.WARN, "TLSv1")
local v = ngx.var.ssl_protocol == "TLSv1"
red:set_tls { min_tls_version = "TLSv1" }
