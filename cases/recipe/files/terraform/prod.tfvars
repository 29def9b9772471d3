min_tls_version = "1.0"
ssl_policy = "ELBSecurityPolicy-2015-05"
instance_type = "t2"
