Dim http
Set http = CreateObject("WinHttp.WinHttpRequest.5.1")
http.Option(9) = 128
http.Option(9) = 2048
http.Option(WinHttpRequestOption_SecureProtocols) = 512
