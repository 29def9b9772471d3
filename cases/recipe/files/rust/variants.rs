use native_tls::{Protocol, TlsConnector, TlsAcceptor};
fn f() -> Result<(), E> {
    let a = TlsConnector::builder().min_protocol_version(Some(Protocol::Sslv3)).build()?;
    let b = TlsConnector::builder().min_protocol_version(Some(Protocol::Tlsv10)).build()?;
    let c = TlsConnector::builder().max_protocol_version(Some(native_tls::Protocol::Tlsv11)).build()?;
    let d = TlsAcceptor::builder(id).min_protocol_version(Some(Protocol::Tlsv12)).build()?;
    builder.set_min_proto_version(Some(openssl::ssl::SslVersion::TLS1_1))?;
    builder.set_min_proto_version(Some(SslVersion::SSL3))?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    builder.set_max_proto_version(Some(SslVersion::TLS1))?;
    builder.set_max_proto_version(None)?;
    builder.set_options(SslOptions::NO_SSLV3 | SslOptions::NO_TLSV1_2);
    builder.set_options(SslOptions::NO_SSLV3 | SslOptions::NO_TLSV1 | SslOptions::NO_TLSV1_1);
    let acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls())?;
    let acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls())?;
    let r = reqwest::Client::builder().min_tls_version(tls::Version::TLS_1_1).build()?;
    let r = reqwest::Client::builder().max_tls_version(reqwest::tls::Version::TLS_1_0).build()?;
    let r = reqwest::Client::builder().min_tls_version(reqwest::tls::Version::TLS_1_3).build()?;
    if v == SslVersion::TLS1 { println!("TLSv1"); }
    match v {
        Protocol::Tlsv10 => "1.0",
        Protocol::Tlsv11 => "1.1",
        _ => "x",
    };
    let p = match s { "1.0" => Protocol::Tlsv10, "1.2" => Protocol::Tlsv12, _ => return };
    easy.ssl_version(curl::easy::SslVersion::Tlsv1)?;
    easy.ssl_version(curl::easy::SslVersion::Tlsv12)?;
    easy.ssl_min_max_version(SslVersion::Tlsv10, SslVersion::Tlsv12)?;
    // builder.set_min_proto_version(Some(SslVersion::TLS1))?;
    let x: &'static str = "TLSv1";
    let cfg = rustls::ClientConfig::builder_with_protocol_versions(&[&rustls::version::TLS12]);
    Ok(())
}
enum Mine { Tlsv10, Tlsv11 }
