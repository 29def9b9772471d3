use native_tls::Protocol::*;
builder.min_protocol_version(Some(Tlsv10));
builder.min_protocol_version(Some(Tlsv12));
let wanted = match text { "tls10" => Some(Protocol::Tlsv10), _ => None };
