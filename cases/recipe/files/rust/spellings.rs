let c = TlsConnector::builder().min_protocol_version(Some(Protocol::Tlsv10)).build()?;
let c = TlsConnector::builder().max_protocol_version(Some(Protocol::Tlsv11)).build()?;
b.set_min_proto_version(Some(SslVersion::TLS1))?;
b.set_max_proto_version(Some(SslVersion::TLS1_1))?;
b.set_min_proto_version(Some(SslVersion::TLS1_2))?;
reqwest::Client::builder().min_tls_version(reqwest::tls::Version::TLS_1_0);
SslConnector::builder(SslMethod::tls())?;
b.set_options(SslOptions::NO_TLSV1_2);
b.set_options(SslOptions::NO_TLSV1 | SslOptions::NO_TLSV1_1);
easy.ssl_version(curl::easy::SslVersion::Tlsv1)?;
easy.ssl_min_max_version(SslVersion::Tlsv10, SslVersion::Tlsv12)?;
match v { Protocol::Tlsv10 => "1.0", _ => "x" };
let a = SslAcceptor::mozilla_intermediate(SslMethod::tls())?;
let a = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls())?;
if version == SslVersion::TLS1 { return Err(e); }
pub const TLS1: SslVersion = SslVersion(ffi::TLS1_VERSION);
pub fn TLSv1_method() -> *const SSL_METHOD;
