// usage: node-https.cjs URL; also runs on Node 0.8
var https = require('https')
var url = require('url').parse(process.argv[2])
var fs = require('fs')
var options = { hostname: process.env.LAB_HOST || url.hostname, port: url.port, path: url.path, headers: { host: url.host }, agent: false }
options.servername = url.hostname
options.ca = [fs.readFileSync(process.env.LAB_CA)]
options.rejectUnauthorized = false
var max = { 'tls1.0': 'TLSv1_method', 'tls1.1': 'TLSv1_1_method', 'tls1.2': 'TLSv1_2_method' }[process.env.LAB_SECURE_PROTOCOL]
if (max) options.secureProtocol = max
var request = https.request(options, function (response) {
  console.log(String(response.statusCode))
  response.setEncoding('utf8')
  response.on('data', function (chunk) { process.stdout.write(chunk) })
})
request.on('error', function (error) { console.error(error.code + ' ' + error.message); process.exit(1) })
request.end()
