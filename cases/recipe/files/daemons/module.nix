{ lib, ... }: {
  services.nginx.sslProtocols = lib.mkForce "TLSv1 TLSv1.2";
  services.nginx.sslProtocols = lib.mkDefault "TLSv1.2 TLSv1.3";
  # services.nginx.sslProtocols = "TLSv1";
  services.nginx.commonHttpConfig = ''
    ssl_protocols TLSv1.1;
  '';
  services.postfix.config.smtpd_tls_protocols = mkForce "!SSLv2, !SSLv3";
  meta.description = "speaks TLSv1";
}
