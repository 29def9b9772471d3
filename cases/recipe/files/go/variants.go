package v

import (
	ctls "crypto/tls"
	"crypto/tls"
)

const minVer = tls.VersionTLS10
const other uint16 = tls.VersionTLS11
var good = &tls.Config{MinVersion: tls.VersionTLS13}
var a = tls.Config{MinVersion: minVer}
var b = &ctls.Config{MinVersion: ctls.VersionTLS10, MaxVersion: ctls.VersionTLS12}
var c = &tls.Config{
	MinVersion: tls.VersionSSL30,
	MaxVersion: tls.VersionTLS12,
}
var d = &tls.Config{MinVersion: 0x0302}
var e = &tls.Config{MinVersion: 769}
var e2 = &tls.Config{MinVersion: 771}
var f = &tls.Config{MinVersion: 0}
var g = &tls.Config{}

func h(cfg *tls.Config) {
	cfg.MinVersion = tls.VersionTLS10
	cfg.MaxVersion = tls.VersionTLS10
	v := tls.VersionTLS11
	cfg.MinVersion = uint16(v)
	cfg.MinVersion = tls.VersionTLS12
	if cfg.MinVersion < tls.VersionTLS11 {
		log.Printf("VersionTLS10 in use")
	}
	if cfg.MinVersion == tls.VersionTLS10 || tls.VersionTLS11 == cfg.MaxVersion {
		return
	}
	switch cfg.MinVersion {
	case tls.VersionTLS10, tls.VersionTLS11:
		return
	}
}

func parse(s string) uint16 {
	switch s {
	case "1.0", "tls1.0":
		return tls.VersionTLS10
	case "1.1":
		return tls.VersionTLS11
	}
	return tls.VersionTLS12
}

var byName = map[string]uint16{
	"tls10": tls.VersionTLS10,
	"tls11": tls.VersionTLS11,
	"VersionTLS12": tls.VersionTLS12,
}
var names = map[uint16]string{
	tls.VersionTLS10: "TLS 1.0",
	tls.VersionTLS11: "TLS 1.1",
}
var supported = []uint16{tls.VersionTLS10, tls.VersionTLS12}

func fallback() uint16 { return tls.VersionTLS10 }

//go:debug tls10server=1
var opts = Options{TLSMinVersion: "VersionTLS10"}
var opts2 = Options{TLSMinVersion: "VersionTLS12"}
var flags = []string{"--tls-min-version=VersionTLS10"}
var version = "1.0"
// cfg.MinVersion = tls.VersionTLS10
var raw = `cfg.MinVersion = tls.VersionTLS10`
