package x
var tlsVersions = map[string]uint16{
	"":      tls.VersionTLS10, // default in golang
	"tls10": tls.VersionTLS10,
}
func f(v int) uint16 {
	switch v {
	case 4: // CURL_SSLVERSION_TLSv1_0
		return tls.VersionTLS10
	case 5:
		return tls.VersionTLS11
	}
	config := tls.Config{
		Certificates: []tls.Certificate{cert},
		MinVersion:   tls.VersionTLS10,
	}
	validation.StringInSlice([]string{string(cdn.AfdMinimumTLSVersionTLS10), string(storage.MinimumTLSVersionTLS10)}, false)
	flags.StringVar(&o.TLSMinVersion, "tls-min-version", defaultTLSMinVersion, "Possible values: 1.0, 1.1, 1.2, 1.3.")
	expected := map[string]uint16{"TLSv1.0": tls.VersionTLS10}
	args := []string{"--kube-apiserver-arg=tls-min-version=VersionTLS10"}
	t.Run("x", func(t *testing.T) { testDowngrade(t, VersionTLS13, VersionTLS10) })
	overrides := []string{"--output-tcp-tls-min-version", "1.1"}
	case "tlsv1.0": return 0x0301, nil
}
