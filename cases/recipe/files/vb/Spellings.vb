Imports System.Net
Module M
  Sub Main()
    ServicePointManager.SecurityProtocol = SecurityProtocolType.Ssl3 Or SecurityProtocolType.Tls
    ServicePointManager.SecurityProtocol = CType(768, SecurityProtocolType)
    ServicePointManager.SecurityProtocol = DirectCast(3072, SecurityProtocolType)
    Dim p As SslProtocols = SslProtocols.Tls11
    Dim h As New HttpClientHandler With {.SslProtocols = SslProtocols.Tls}
    If x.SslProtocol = SslProtocols.Tls Then Return
    Select Case p
      Case SslProtocols.Tls
    End Select
    ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol Or SecurityProtocolType.Tls11
    ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol And Not SecurityProtocolType.Tls
    http.Option(9) = 128
    http.Option(9) = 2048
    Console.WriteLine("SecurityProtocolType.Tls")
  End Sub
  Function F() As SslProtocols
    Return SslProtocols.Ssl3
  End Function
End Module
