using Protocols = System.Security.Authentication.SslProtocols;
var options = new Options { EnabledSslProtocols = Protocols.Tls };
