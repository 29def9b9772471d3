using System.Net;
using System.Security.Authentication;
using static System.Net.SecurityProtocolType;
using Spt = System.Net.SecurityProtocolType;
namespace A
{
  class Variants
  {
    private const SecurityProtocolType Old = SecurityProtocolType.Tls11;
    private const int Number = 192;
    private readonly SslProtocols allowed = SslProtocols.Tls | SslProtocols.Tls12;
    public SslProtocols Protocols { get; set; } = SslProtocols.Ssl3;
    public SslProtocols Good { get; set; } = SslProtocols.Tls13;
    void M(SslProtocols p = SslProtocols.Tls)
    {
      ServicePointManager.SecurityProtocol = Old;
      ServicePointManager.SecurityProtocol = (SecurityProtocolType)Number;
      ServicePointManager.SecurityProtocol = Tls | Tls11;
      ServicePointManager.SecurityProtocol = Spt.Tls;
      ServicePointManager.SecurityProtocol = global::System.Net.SecurityProtocolType.Ssl3;
      ServicePointManager.SecurityProtocol |= (SecurityProtocolType)0x300;
      ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
      ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12 | SecurityProtocolType.Tls13;
      ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol | SecurityProtocolType.Tls12;
      ServicePointManager.SecurityProtocol = (SecurityProtocolType)(192 | 768 | 3072);
      ServicePointManager.SecurityProtocol = (SecurityProtocolType)3072;
      ServicePointManager.SecurityProtocol = (SecurityProtocolType)(0xc0 | 0x300 | 0xc00);
      ServicePointManager.SecurityProtocol = (SecurityProtocolType)4080;
      System.Net.ServicePointManager.SecurityProtocol &= ~(SecurityProtocolType.Ssl3 | SecurityProtocolType.Tls);
      ServicePointManager.SecurityProtocol ^= SecurityProtocolType.Tls;
      ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol & ~SecurityProtocolType.Tls11;
      if (ServicePointManager.SecurityProtocol == SecurityProtocolType.Tls) { }
      if ((ServicePointManager.SecurityProtocol & SecurityProtocolType.Tls) != 0) { }
      if (p != SslProtocols.Tls) { }
      switch (p) {
        case SslProtocols.Tls: return;
        case SslProtocols.Tls11:
          break;
      }
      var name = p switch { SslProtocols.Tls => "1.0", SslProtocols.Tls11 => "1.1", _ => "?" };
      var e = (SecurityProtocolType)Enum.Parse(typeof(SecurityProtocolType), "Tls11");
      var f = (SecurityProtocolType)Enum.ToObject(typeof(SecurityProtocolType), 192);
      var g = Enum.Parse<SecurityProtocolType>("Tls");
      var h = (SslProtocols)240;
      var i = (SslProtocols)3072;
      await stream.AuthenticateAsClientAsync("host", null, SslProtocols.Tls11, true);
      await stream.AuthenticateAsClientAsync("host", null, SslProtocols.None, true);
      stream.BeginAuthenticateAsClient("host", null, SslProtocols.Tls | SslProtocols.Ssl3, false, cb, null);
      await stream.AuthenticateAsServerAsync(cert, false, SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12, false);
      var o = new SslClientAuthenticationOptions { TargetHost = "x", EnabledSslProtocols = SslProtocols.Tls };
      var q = new SslServerAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
      var r = new MqttClientOptionsBuilder().WithTls(new MqttClientOptionsBuilderTlsParameters { SslProtocol = SslProtocols.Tls });
      client.SslProtocols = SslProtocols.Ssl3 | SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12;
      client.SslProtocols = SslProtocols.None;
      factory.Ssl.Version = SslProtocols.Tls11;
      Connect(host, SslProtocols.Default);
      Log.Info("using SslProtocols.Tls because of legacy");
      throw new Exception("SecurityProtocolType.Tls is not supported");
      Assert.Equal(SslProtocols.Tls, x);
      Assert.True(x.HasFlag(SslProtocols.Tls11));
      var names = new Dictionary<SslProtocols, string> { [SslProtocols.Tls] = "TLS 1.0", { SslProtocols.Tls11, "TLS 1.1" } };
      var conn = "Server=x;Database=y;SslMode=Required;TlsVersion=TLSv1.1";
      var red = "host:6379,ssl=true,sslprotocols=tls11";
      var redis = "host:6379,ssl=true,sslProtocols=tls12";
      /* ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls; */
      return SslProtocols.Tls;
    }
    [DefaultValue(SslProtocols.Tls)]
    public SslProtocols X { get; set; }
    public static string Describe(SecurityProtocolType t) => t == SecurityProtocolType.Tls ? "old" : "new";
    SecurityProtocolType Pick(bool old) => old ? SecurityProtocolType.Tls : SecurityProtocolType.Tls12;
  }
  public enum SslProtocolVersions { Ssl3 = 1, Tls = 2, Tls11 = 3 }
}
