// The server behind both edges: `upstream.mjs answer` answers a hello; `bulk` goes on sending afterwards; `tls KEY CERT` is a real TLS server.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:tls'
import { adopt, bindSocket, finish, listen, send } from '../../dist/enforce/gateway/raw-tcp.js'
import { serverAnswer } from './wire.mjs'

const [mode, key, cert] = process.argv.slice(2)

if (mode === 'tls') {
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, socket => {
    socket.on('error', () => {})
    socket.on('data', bytes => socket.write(bytes))
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
} else {
  const answer = serverAnswer(0x0304, 0x1301)
  const chunk = Buffer.alloc(1 << 18, 23)
  const pump = link => {
    while (link.isOpen && send(link, chunk) === 0);
  }
  const role = {
    bytes(link) {
      if (link.hasAnswered) return
      link.hasAnswered = true
      send(link, answer)
      if (mode === 'bulk') pump(link)
    },
    end(link) {
      link.isOpen = false
      finish(link)
      link.close()
    },
    sent(link, error) {
      if (error === 0) pump(link)
    },
    finished() {},
  }
  const accept = link => {
    adopt(link, null, role)
    link.isOpen = true
    link.setNoDelay(true)
    link.readStart()
  }
  const { port } = listen(bindSocket('127.0.0.1', 0), accept, error => {
    throw new Error(`cannot accept: ${error}`)
  })
  process.send({ port })
}
