Imports System.Net
Imports System.Security.Authentication
Public Class Variants
    Private Const Old As SslProtocols = SslProtocols.Tls11
    Public Property P As SslProtocols = SslProtocols.Tls12
    Sub M(Optional p As SslProtocols = SslProtocols.Tls)
        ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12 Or SecurityProtocolType.Tls11 Or SecurityProtocolType.Tls
        ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol Or SecurityProtocolType.Tls12
        ServicePointManager.SecurityProtocol = _
            SecurityProtocolType.Tls
        ServicePointManager.SecurityProtocol = CType(192, SecurityProtocolType)
        ServicePointManager.SecurityProtocol = CType(768 Or 3072, SecurityProtocolType)
        ServicePointManager.SecurityProtocol = DirectCast(3072, SecurityProtocolType)
        ServicePointManager.SecurityProtocol = ServicePointManager.SecurityProtocol And Not SecurityProtocolType.Tls
        If ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls Then Return
        If p <> SslProtocols.Tls Then Return
        Select Case p
            Case SslProtocols.Tls
                Return
            Case SslProtocols.Tls11, SslProtocols.Ssl3
                Return
        End Select
        Dim h As New HttpClientHandler With {.SslProtocols = SslProtocols.Tls11}
        h.SslProtocols = SslProtocols.Tls12 Or SslProtocols.Tls13
        stream.AuthenticateAsClient("h", Nothing, SslProtocols.Default, False)
        ' SecurityProtocolType.Tls
        Console.WriteLine("SecurityProtocolType.Tls")
        REM SecurityProtocolType.Tls
    End Sub
End Class
