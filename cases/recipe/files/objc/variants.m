#import <Security/SecureTransport.h>
SSLSetProtocolVersionMin(ctx, kTLSProtocol1);
SSLSetProtocolVersionMax(ctx, kTLSProtocol11);
SSLSetProtocolVersionEnabled(ctx, kSSLProtocol3, true);
NSURLSessionConfiguration *c = [NSURLSessionConfiguration defaultSessionConfiguration];
c.TLSMinimumSupportedProtocol = kTLSProtocol1;
c.TLSMinimumSupportedProtocolVersion = tls_protocol_version_TLSv10;
c.TLSMinimumSupportedProtocolVersion = tls_protocol_version_TLSv12;
c.TLSMaximumSupportedProtocol = kTLSProtocol11;
[settings setObject:(NSString *)kCFStreamSocketSecurityLevelTLSv1 forKey:(NSString *)kCFStreamSSLLevel];
[stream setProperty:NSStreamSocketSecurityLevelSSLv3 forKey:NSStreamSocketSecurityLevelKey];
[stream setProperty:NSStreamSocketSecurityLevelNegotiatedSSL forKey:NSStreamSocketSecurityLevelKey];
sec_protocol_options_set_min_tls_protocol_version(o, tls_protocol_version_TLSv10);
sec_protocol_options_set_min_tls_protocol_version(o, tls_protocol_version_TLSv13);
// c.TLSMinimumSupportedProtocol = kTLSProtocol1;
if (version == kTLSProtocol1) { NSLog(@"TLSv1"); }
