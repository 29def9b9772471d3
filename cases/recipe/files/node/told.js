const tls = require('tls')
metrics.inc({ version: 'TLSv1.1' })
logger.info('handshake', { version: 'TLSv1' })
tls.connect({ port: 443, maxVersion: 'TLSv1.1' })
