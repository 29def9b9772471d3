package x
func g() {
	srv.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS10, CurvePreferences: nil}
	d := tls.Dialer{Config: &tls.Config{MaxVersion: tls.VersionTLS11}}
	creds := credentials.NewTLS(&tls.Config{MinVersion: tls.VersionSSL30})
	cfg.MinVersion, cfg.MaxVersion = tls.VersionTLS10, tls.VersionTLS12
	if min == 0 { min = tls.VersionTLS10 }
	var minVersion uint16 = tls.VersionTLS11
	opts.MinTLSVersion = "1.0"
	os.Setenv("GODEBUG", "tls10server=1")
	fasthttp.Client{TLSConfig: &tls.Config{MinVersion: 0x0302}}
	const minTLS = tls.VersionTLS10
	return &Config{TLSMinVersion: "VersionTLS10"}
}
