const STREAM_TRANSPORTS: &[&str] = &["tcp", "udp", "ssl", "sslv2", "sslv3", "tlsv1.0", "tlsv1.1", "tlsv1.2"];
