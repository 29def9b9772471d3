const deprecatedPolicies = ['ELBSecurityPolicy-2016-08', 'ELBSecurityPolicy-TLS-1-1-2017-01'];
throw new Error('the listener still has ELBSecurityPolicy-2016-08');
if (listener.SslPolicy === 'ELBSecurityPolicy-2016-08') report(listener);
const listener = { SslPolicy: 'ELBSecurityPolicy-2016-08' };
const policies = { default: 'ELBSecurityPolicy-2016-08,ELBSecurityPolicy-TLS-1-2-2017-01' };
