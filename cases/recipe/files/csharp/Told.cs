static SslProtocols Seen(byte[] b) {
    if (b[0] == 'T') {
        if (b[5] == 0) {
            return SslProtocols.Tls;
        }
        switch (b[6]) {
            case (byte)'1': return SslProtocols.Tls11;
            case (byte)'2': return SslProtocols.Tls12;
        }
    } else if (b[4] == '3') {
        return SslProtocols.Ssl3;
    }
    return SslProtocols.None;
}
static SslProtocols Choose(bool old) {
    if (old) {
        return SslProtocols.Tls;
    }
    return SslProtocols.Tls12;
}
static void Pass(SslProtocols wanted) {
    if ((wanted & SslProtocols.Tls) != 0) {
        flags |= WinHttp.WINHTTP_FLAG_SECURE_PROTOCOL_TLS1;
    }
    if ((wanted & SslProtocols.Tls11) != 0) {
        flags |= WinHttp.WINHTTP_FLAG_SECURE_PROTOCOL_TLS1;
    }
}
public const uint WINHTTP_OPTION_SECURE_PROTOCOLS = 84;
WinHttp.WinHttpSetOption(session, WINHTTP_OPTION_SECURE_PROTOCOLS, 0x80, 4);
