module Variants
open System.Net
open System.Security.Authentication
let old = SslProtocols.Tls11
(* ServicePointManager.SecurityProtocol <- SecurityProtocolType.Tls *)
// ServicePointManager.SecurityProtocol <- SecurityProtocolType.Tls
ServicePointManager.SecurityProtocol <- SecurityProtocolType.Tls12 ||| SecurityProtocolType.Tls11
ServicePointManager.SecurityProtocol <- ServicePointManager.SecurityProtocol ||| SecurityProtocolType.Tls12
ServicePointManager.SecurityProtocol <- enum<SecurityProtocolType> 192
ServicePointManager.SecurityProtocol <- enum<SecurityProtocolType> 3072
let handler = new HttpClientHandler(SslProtocols = SslProtocols.Tls)
let h2 = new HttpClientHandler(SslProtocols = SslProtocols.Tls12)
match p with
| SslProtocols.Tls -> "1.0"
| SslProtocols.Tls11 -> "1.1"
| _ -> "other"
if p = SslProtocols.Tls then printfn "old"
do! stream.AuthenticateAsClientAsync(host, null, SslProtocols.Tls, false)
