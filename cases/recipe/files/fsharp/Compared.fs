let wasOld seen = seen = SslProtocols.Tls11
let equal (left: SslProtocols) = (left = SslProtocols.Tls)
let old = protocols |> List.filter (fun one -> one = SslProtocols.Tls)
let handler = new HttpClientHandler(SslProtocols = SslProtocols.Tls11)
let chosen = SslProtocols.Tls
