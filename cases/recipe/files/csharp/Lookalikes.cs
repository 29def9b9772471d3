public enum TlsVersion { Ssl3 = 0x300, Tls = 0x301, Tls11 = 0x302, Tls12 = 0x303 }
/// <summary>Use SecurityProtocolType.Tls11</summary>
class A {
  private static readonly Dictionary<SslProtocols, string> Names = new Dictionary<SslProtocols, string> { { SslProtocols.Tls, "TLS 1.0" }, { SslProtocols.Tls11, "TLS 1.1" } };
  static readonly HashSet<SslProtocols> Weak = new HashSet<SslProtocols> { SslProtocols.Tls, SslProtocols.Tls11 };
  bool IsWeak(SslProtocols p) => p == SslProtocols.Tls || p is SslProtocols.Tls11;
  string Name(SslProtocols p) => p switch { SslProtocols.Tls => "TLSv1", SslProtocols.Tls11 => "TLSv1.1", _ => "" };
  void T() {
    if ((ServicePointManager.SecurityProtocol & SecurityProtocolType.Tls) != 0) Warn();
    if (ServicePointManager.SecurityProtocol.HasFlag(SecurityProtocolType.Tls11)) Warn();
    ServicePointManager.SecurityProtocol &= ~(SecurityProtocolType.Ssl3 | SecurityProtocolType.Tls);
    ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol & ~SecurityProtocolType.Tls11;
    logger.LogWarning("Client used {Protocol}", SslProtocols.Tls11);
    Assert.NotEqual(SslProtocols.Tls11, s.SslProtocol);
    Assert.Throws<AuthenticationException>(() => Connect(SslProtocols.Tls12));
    throw new NotSupportedException("SslProtocols.Tls is not supported, use TLS 1.2");
    var s = $"minimum TLS version is 1.0";
    options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
    ServicePointManager.SecurityProtocol = (SecurityProtocolType)3072;
    ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
    var version = "1.1";
    var tls = cert.Subject.Contains("TLSv1");
    services.AddSingleton<TlsVersionChecker>();
    foreach (var p in new[] { "TLSv1", "TLSv1.1" }) Forbidden.Add(p);
  }
}
