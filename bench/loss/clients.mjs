// A process of clients: makes connections with hellos of all versions and counts what it saw of each.
import { connect as connectTls } from 'node:tls'
import { adopt, connect, send } from '../../dist/enforce/gateway/raw-tcp.js'
import { capturedHello, freshen } from '../gateway/wire.mjs'

const tls10 = capturedHello('openssl-3.0-tls10')
const tls11 = Buffer.from(tls10)
tls11[10] = 2
const hellos = [
  tls10,
  tls11,
  capturedHello('java17-tls10'),
  capturedHello('sslv2-framing-tls10'),
  capturedHello('mono-tls10'),
  capturedHello('node-0.10'),
  capturedHello('go-1.19'),
  capturedHello('openssl-3.0'),
  capturedHello('chromium-mlkem'),
]
/** So many captured hellos are sent between two handshakes of real TLS. */
const realEvery = 100
const realVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

const [port, connections, atOnce] = process.argv.slice(2).map(Number)
const seen = { answered: 0, refused: 0, nothing: 0, notConnected: 0 }
let started = 0

function captured(number, done) {
  const hello = hellos[number % hellos.length]
  connect('127.0.0.1', port, (error, link) => {
    if (error) {
      link.close()
      return done('notConnected')
    }
    let isOver = false
    const over = what => {
      if (isOver) return
      isOver = true
      link.close()
      done(what)
    }
    adopt(link, null, {
      bytes: (_, bytes) => over(bytes[0] === 22 ? 'answered' : 'refused'),
      end: () => over('nothing'),
      sent() {},
      finished() {},
    })
    link.readStart()
    if (send(link, hello[0] === 22 ? freshen(hello, number) : hello) < 0) over('nothing')
  })
}

function real(number, done) {
  const version = realVersions[(number / realEvery) % realVersions.length]
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    servername: 'real.example.test',
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
    ciphers: 'DEFAULT:@SECLEVEL=0',
  })
  let isConnected = false
  socket.once('connect', () => {
    isConnected = true
  })
  socket.once('secureConnect', () => {
    done('answered')
    socket.destroy()
  })
  socket.once('error', error => {
    if (/ALERT/.test(error.code ?? '')) done('refused')
    else done(isConnected ? 'nothing' : 'notConnected')
    socket.destroy()
  })
}

function next() {
  if (started >= connections) return
  const number = started++
  if (number % 500 === 0) process.send({ started: number })
  const visit = number % realEvery === 0 ? real : captured
  visit(number, what => {
    seen[what]++
    const sum = seen.answered + seen.refused + seen.nothing + seen.notConnected
    if (sum === connections) {
      process.send({ seen })
      process.disconnect()
    } else setImmediate(next)
  })
}

for (let i = 0; i < atOnce; i++) next()
