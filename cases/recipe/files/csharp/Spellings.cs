using System.Net;
using System.Security.Authentication;
class A {
  void T() {
    ServicePointManager.SecurityProtocol = SecurityProtocolType.Ssl3 | SecurityProtocolType.Tls;
    ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls11;
    ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
    ServicePointManager.SecurityProtocol &= ~SecurityProtocolType.Ssl3;
    ServicePointManager.SecurityProtocol = (SecurityProtocolType)768 | (SecurityProtocolType)3072;
    ServicePointManager.SecurityProtocol = (SecurityProtocolType)0x300;
    ServicePointManager.SecurityProtocol = SecurityProtocolType.SystemDefault;
    System.Net.ServicePointManager.SecurityProtocol = (SecurityProtocolType)(0xc0 | 0x300 | 0xc00);
    var h = new HttpClientHandler { SslProtocols = SslProtocols.Tls11 | SslProtocols.Tls12 };
    var h2 = new SocketsHttpHandler { SslOptions = { EnabledSslProtocols = SslProtocols.Tls } };
    await s.AuthenticateAsClientAsync(host, null, SslProtocols.Default, false);
    s.AuthenticateAsServer(cert, false, SslProtocols.Tls | SslProtocols.Tls11, true);
    s.AuthenticateAsServer(cert, false, SslProtocols.None, true);
    if (p == SecurityProtocolType.Tls) return;
    switch (p) { case SslProtocols.Tls: break; }
    Console.WriteLine(SslProtocols.Tls11);
    var o = new SslServerAuthenticationOptions { EnabledSslProtocols = SslProtocols.Ssl3 };
    webBuilder.ConfigureKestrel(k => k.ConfigureHttpsDefaults(d => d.SslProtocols = SslProtocols.Tls));
    var p2 = Enum.Parse<SslProtocols>("Tls11");
    const SslProtocols _Tls12 = (SslProtocols)0x00000C00;
    const SecurityProtocolType Old = (SecurityProtocolType)48;
    SecurityProtocolType p3 = flag ? SecurityProtocolType.Tls12 : SecurityProtocolType.Tls;
    Assert.Equal(SslProtocols.Tls, x.SslProtocol);
    Use(SslProtocols.Tls11);
    AppContext.SetSwitch("Switch.System.Net.DontEnableSchUseStrongCrypto", true);
    AppContext.SetSwitch("Switch.System.Net.DontEnableSchUseStrongCrypto", false);
    Func<SecurityProtocolType> f = () => SecurityProtocolType.Tls11;
    ServicePointManager.SecurityProtocol = (SecurityProtocolType)Enum.Parse(typeof(SecurityProtocolType), "Tls");
    var cs = "Server=db;SslMode=Required;TlsVersion=TLS 1.1;";
    client.SslProtocols = System.Security.Authentication.SslProtocols.Ssl3 | System.Security.Authentication.SslProtocols.Tls12;
    new ConfigurationOptions { Ssl = true, SslProtocols = SslProtocols.Tls };
    factory.Ssl.Version = SslProtocols.Tls11;
    var opt = new MqttClientOptionsBuilder().WithTls(o => o.SslProtocol = SslProtocols.Tls).Build();
    Registry.SetValue(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client", "Enabled", 1);
    new Listener { SslPolicy = SslPolicy.TLS11 };
    new StorageAccountArgs { MinimumTlsVersion = MinimumTlsVersion.TLS1_0 };
    new StorageAccountArgs { MinimumTlsVersion = "TLS1_1" };
    [SslProtocols.Tls] = "x";
    public SslProtocols Protocols { get; set; } = SslProtocols.Tls | SslProtocols.Tls12;
  }
  public SslProtocols P => SslProtocols.Tls11;
  void M(SslProtocols p = SslProtocols.Tls) {}
  [Obsolete("use SslProtocols.Tls12 rather than SslProtocols.Tls")] void N() {}
}
