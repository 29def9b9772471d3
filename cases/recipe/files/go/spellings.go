package main
var c = &tls.Config{MinVersion: tls.VersionTLS10}
var d = &tls.Config{MinVersion: tls.VersionTLS12}
var e = tls.Config{MaxVersion: tls.VersionTLS11}
var versions = map[string]uint16{"1.0": tls.VersionTLS10, "1.2": tls.VersionTLS12}
func f() {
	cfg.MinVersion = 0x0301
	cfg.MinVersion = 769
	if s.Version == tls.VersionTLS10 { return }
	switch v { case tls.VersionTLS11: x = "1.1" }
	min := uint16(tls.VersionTLS11)
	t.Errorf("got %x want %x", v, tls.VersionTLS10)
	flag.String("tls-min-version", "1.0", "lowest version")
	return tls.VersionTLS10
	opts := []string{"--tls-min-version=VersionTLS10"}
	want := tls.VersionTLS10
	lb.NewListener(ctx, "l", &lb.ListenerArgs{SslPolicy: pulumi.String("ELBSecurityPolicy-2016-08")})
	storage.NewAccount(ctx, "a", &storage.AccountArgs{MinTlsVersion: pulumi.String("TLS1_0")})
	_ = awscloudfront.SecurityPolicyProtocol_TLS_V1_1_2016
	_ = armstorage.MinimumTLSVersionTLS10
	case "VersionTLS10": return tls.VersionTLS10, nil
}
