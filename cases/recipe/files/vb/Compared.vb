Function WasOld(stream As SslStream) As Boolean
    Return stream.SslProtocol = SslProtocols.Tls
End Function
Sub Check(stream As SslStream)
    Dim old As Boolean = (stream.SslProtocol = SslProtocols.Tls11)
    old = stream.SslProtocol = SslProtocols.Tls
    Debug.Assert(Not stream.SslProtocol = SslProtocols.Tls)
    If old Then options.EnabledSslProtocols = SslProtocols.Tls
End Sub
