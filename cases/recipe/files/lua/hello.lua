ssl.set_protocols("TLSv1 TLSv1.1")
ssl.set_protocols("TLSv1.2 TLSv1.3")
