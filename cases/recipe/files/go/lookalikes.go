package main
// MinVersion: tls.VersionTLS10
var names = map[uint16]string{tls.VersionTLS10: "1.0", tls.VersionTLS11: "1.1"}
func f() error {
	if cs.Version < tls.VersionTLS12 { return fmt.Errorf("tls.VersionTLS10 refused") }
	if v == tls.VersionTLS10 || v == tls.VersionTLS11 { return nil }
	switch v {
	case tls.VersionTLS10, tls.VersionTLS11:
		return errOld
	}
	assert.Equal(t, uint16(tls.VersionTLS11), cfg.MinVersion)
	require.NotEqual(t, tls.VersionTLS10, cfg.MinVersion)
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	log.Printf("min %d", tls.VersionTLS10)
	tests := []struct{ name string; v uint16 }{{"tls 1.0", tls.VersionTLS10}}
	const desc = "TLS 1.0 is off"
	_ = apis.Version{Major: 1, Minor: 0}
	cfg.CipherSuites = []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
}
