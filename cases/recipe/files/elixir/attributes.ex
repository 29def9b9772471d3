@versions [:tlsv1, :"tlsv1.1"]
@versions [:"tlsv1.2", :"tlsv1.3"]
