Search.setIndex({"terms": {"tlsv1": [1, 2]}, "titles": ["options"], "objects": {"min_version": "TLSv1", "ssl_protocols": "TLSv1"}})
