package x
func TestRejects(t *testing.T) { rejectsTLS(t, tls.VersionTLS10) }
func dial() { dialTLS(addr, tls.VersionTLS10) }
