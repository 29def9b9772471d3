// Preloaded into Node programs: a ceiling for TLS, and one address for every name.
const tls = require('tls')
const dns = require('dns')
const max = { 'tls1.0': 'TLSv1', 'tls1.1': 'TLSv1.1', 'tls1.2': 'TLSv1.2' }[process.env.LAB_VARIANT]
if (max) {
  tls.DEFAULT_MIN_VERSION = 'TLSv1'
  tls.DEFAULT_MAX_VERSION = max
}
const real = dns.lookup
dns.lookup = (name, options, callback) => real('127.0.0.1', options, callback)
