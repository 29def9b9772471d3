var s = p switch { SslProtocols.Tls => "1.0", SslProtocols.Tls11 or SslProtocols.Ssl3 => "x", SslProtocols.Tls | SslProtocols.Tls12 => "both", _ => "" };
switch (p) { case SslProtocols.Tls | SslProtocols.Tls11: return 1; case SslProtocols.Ssl3 or SslProtocols.Tls: break; }
var chosen = p switch { Mode.Old => SslProtocols.Tls, _ => SslProtocols.None };
