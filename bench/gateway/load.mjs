// One load generator process. It is told what to do, one thing at a time, and answers with numbers.
import { connect as connectTls } from 'node:tls'
import { adopt, connect, send } from '../../dist/enforce/gateway/raw-tcp.js'
import { capturedHello, freshen } from './wire.mjs'

const hello = capturedHello('openssl-3.0')
const answerBytes = 1100
const seconds = since => Number(process.hrtime.bigint() - since) / 1e9
let made = 0

/** One connection: hello, answer, then `done(link, error)`. */
function exchange(port, done, bytes) {
  let got = 0
  const role = {
    bytes(link, part) {
      got += part.length
      if (bytes) bytes(part.length)
      else if (got >= answerBytes) done(link)
    },
    end: link => done(link, true),
    sent() {},
    finished() {},
  }
  connect('127.0.0.1', port, (error, link) => {
    if (error) return done(link, true)
    adopt(link, null, role)
    link.setNoDelay(true)
    link.readStart()
    send(link, freshen(hello, ++made))
  })
}

/** New connections as fast as `concurrency` allows, each closed by the client once it is answered. */
function rate({ port, concurrency, forS }) {
  return new Promise(resolve => {
    const start = process.hrtime.bigint()
    let connections = 0
    let errors = 0
    let running = concurrency
    const one = () => {
      if (seconds(start) >= forS) {
        if (--running === 0) resolve({ connections, errors, seconds: seconds(start) })
        return
      }
      let isOver = false
      exchange(port, (link, failed) => {
        if (isOver) return
        isOver = true
        if (failed) errors++
        else connections++
        link.close()
        setImmediate(one)
      })
    }
    for (let i = 0; i < concurrency; i++) one()
  })
}

/** Full handshakes of real TLS, no session reused. */
function tls({ port, concurrency, forS }) {
  return new Promise(resolve => {
    const start = process.hrtime.bigint()
    let connections = 0
    let errors = 0
    let running = concurrency
    const one = () => {
      if (seconds(start) >= forS) {
        if (--running === 0) resolve({ connections, errors, seconds: seconds(start) })
        return
      }
      const socket = connectTls({
        port,
        host: '127.0.0.1',
        servername: 'server.example.test',
        rejectUnauthorized: false,
      })
      socket.once('secureConnect', () => {
        connections++
        socket.destroy()
        one()
      })
      socket.once('error', () => {
        errors++
        setImmediate(one)
      })
    }
    for (let i = 0; i < concurrency; i++) one()
  })
}

/** Connections one after the other: how long each takes from connect to the whole answer, in µs. */
async function latency({ port, count }) {
  const times = []
  for (let i = 0; i < count; i++) {
    const start = process.hrtime.bigint()
    const link = await new Promise((resolve, reject) =>
      exchange(port, (link, failed) => (failed ? reject(new Error('no answer')) : resolve(link))),
    )
    times.push(seconds(start) * 1e6)
    link.close()
    // So that the end of one connection is not part of the next.
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  return { times }
}

async function bulk({ port, concurrency, forS }) {
  let bytes = 0
  for (let i = 0; i < concurrency; i++)
    exchange(
      port,
      () => {},
      size => {
        bytes += size
      },
    )
  const start = process.hrtime.bigint()
  await new Promise(resolve => setTimeout(resolve, forS * 1000))
  return { bytes, seconds: seconds(start), exit: true }
}

const held = []
/** Opens connections that have their answer and then say nothing. */
async function idle({ port, count }) {
  for (let i = 0; i < count; i++)
    held.push(
      await new Promise((resolve, reject) =>
        exchange(port, (link, failed) => (failed ? reject(new Error('no answer')) : resolve(link))),
      ),
    )
  return { count }
}

function release() {
  for (const link of held.splice(0)) link.close()
  return {}
}

const work = { rate, tls, latency, bulk, idle, release }
process.on('message', async ({ what, ...order }) => {
  try {
    process.send(await work[what](order))
  } catch (error) {
    process.send({ failed: error.message })
  }
})
process.on('disconnect', () => process.exit())
