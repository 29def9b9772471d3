open System.Net
ServicePointManager.SecurityProtocol <- SecurityProtocolType.Tls
ServicePointManager.SecurityProtocol <- SecurityProtocolType.Tls12 ||| SecurityProtocolType.Tls11
ServicePointManager.SecurityProtocol <- ServicePointManager.SecurityProtocol &&& ~~~SecurityProtocolType.Tls
let handler = new HttpClientHandler(SslProtocols = SslProtocols.Tls)
ServicePointManager.SecurityProtocol <- enum<SecurityProtocolType> 192
ServicePointManager.SecurityProtocol <- SecurityProtocolType.Tls12
let ok = match p with | SslProtocols.Tls -> 1 | _ -> 2
stream.AuthenticateAsClient(host, null, SslProtocols.Tls11, false)
