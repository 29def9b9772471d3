class S {
  const string Name = "Switch.System.Net.DontEnableSchUseStrongCrypto";
  void M() {
    AppContext.SetSwitch("Switch.System.Net.DontEnableSchUseStrongCrypto", true);
    AppContext.SetSwitch(Name, true);
    AppContext.SetSwitch("Switch.System.ServiceModel.DisableUsingServicePointManagerSecurityProtocols", true);
    AppContext.SetSwitch("Switch.System.ServiceModel.DisableUsingServicePointManagerSecurityProtocols", false);
    AppContext.SetSwitch("Switch.System.Xml.Whatever", true);
    AppContext.TryGetSwitch("Switch.System.Net.DontEnableSchUseStrongCrypto", out var on);
    var binding = new NetTcpBinding();
    binding.Security.Transport.SslProtocols = SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12;
    binding.Security.Transport.SslProtocols = SslProtocols.Tls12;
    options.ConfigureHttpsDefaults(o => { o.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls11; });
    listen.UseHttps(h => h.SslProtocols = SslProtocols.Tls12);
    Registry.SetValue(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client", "Enabled", 1);
    Registry.SetValue(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client", "Enabled", 0);
  }
}
