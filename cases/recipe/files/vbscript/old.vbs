Set http = CreateObject("WinHttp.WinHttpRequest.5.1")
http.Option(9) = 128
http.Option(9) = 2048
http.Option(WinHttpRequestOption_SecureProtocols) = 640
http.Option(4) = 13056
