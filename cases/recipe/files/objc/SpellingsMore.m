NSURLSessionConfiguration *c; c.TLSMinimumSupportedProtocol = kTLSProtocol11;
[request setValue:@"TLSv1" forHTTPHeaderField:@"X"];
settings[(NSString *)kCFStreamSSLLevel] = (NSString *)kCFStreamSocketSecurityLevelSSLv3;
if (version == kTLSProtocol1) return NO;
manager.securityPolicy.minTLS = tls_protocol_version_TLSv11;
NSLog(@"TLSv1 %d", kTLSProtocol1);
