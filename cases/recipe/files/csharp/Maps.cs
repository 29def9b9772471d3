var map = new Dictionary<string, SslProtocols> { ["1.0"] = SslProtocols.Tls, { "tls11", SslProtocols.Tls11 } };
options["EnabledSslProtocols"] = SslProtocols.Tls;
