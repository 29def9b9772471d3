local ctx = ssl.newcontext({ mode = "server", protocol = "tlsv1", key = k })
local params = { protocol = "sslv23", options = {"all", "no_sslv2", "no_sslv3"} }
ctx:setOptions(ctx.OP_NO_TLSv1_2)
if version == "TLSv1" then return end
ngx.say("TLSv1.1")
