// min_protocol_version(Some(Protocol::Tlsv10))
enum Protocol { Sslv3, Tlsv10, Tlsv11 }
match p { Protocol::Tlsv10 => "1.0", Protocol::Tlsv11 => "1.1", _ => "" };
assert_eq!(s.version(), Some(SslVersion::TLS1));
assert_ne!(p, Protocol::Tlsv10);
b.min_protocol_version(Some(Protocol::Tlsv12));
println!("TLSv1");
let v = Version::TLS_1_2;
if v < SslVersion::TLS1_2 {}
