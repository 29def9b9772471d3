http.Option(9) = &HA0
http.Option(9) = &H800
