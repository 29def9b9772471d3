package x
var tests = []test{{expectedMinVersion: uint16(tls.VersionTLS11)}}
var name = tls.VersionName(tls.VersionTLS10)
var config = &tls.Config{MinVersion: uint16(tls.VersionTLS11)}
