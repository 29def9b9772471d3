// The two edges under measurement, on the same core, in front of the same upstream.
import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const edgeCore = '0'
export const otherCore = '1'
const here = name => fileURLToPath(new URL(name, import.meta.url))

/** A child on a core, with a channel; `pinned` false where taskset is missing. */
export function startProgram(name, core, args = []) {
  const child = fork(here(name), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  spawnSync('taskset', ['-a', '-pc', core, String(child.pid)])
  return child
}

export async function startUpstream(...mode) {
  const child = startProgram('upstream.mjs', otherCore, mode)
  const [{ port }] = await once(child, 'message')
  return { port, stop: () => child.kill() }
}

export async function startGatewayEdge(upstreamPort, dir) {
  const file = join(dir, `retirement-${upstreamPort}.yaml`)
  writeFileSync(
    file,
    `retirement: bench
service: { names: ["*.example.test"], owner: bench }
accounts: { sni: "{account}.example.test" }
floor:
  now: { version: TLS 1.0 }
  next: { version: TLS 1.2 }
cutoff: 2020-01-01T00:00:00Z
unknown: { noSni: next, otherSni: next }
gateway:
  listen: 127.0.0.1:0
  workers: 1
  limits: { connectionsPerAddress: 1000000 }
  upstreams: [{ sni: "*.example.test", to: "127.0.0.1:${upstreamPort}" }]
`,
  )
  const child = startProgram('gateway.mjs', edgeCore, [file, join(dir, `spool-${upstreamPort}`)])
  const [{ port, pid }] = await once(child, 'message')
  spawnSync('taskset', ['-a', '-pc', edgeCore, String(pid)])
  const stop = async () => {
    child.disconnect()
    await once(child, 'exit')
  }
  return { name: 'gateway', port, pid, stop }
}

export async function startHaproxy(upstreamPort, dir) {
  const port = await freePort()
  const file = join(dir, `haproxy-${port}.cfg`)
  // The least that looks at the hello and routes by name; no log, no counters, no decision.
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 9000
defaults
  mode tcp
  timeout client 300s
  timeout server 300s
  timeout connect 5s
frontend edge
  bind 127.0.0.1:${port}
  tcp-request inspect-delay 5s
  tcp-request content accept if { req.ssl_hello_type 1 }
  use_backend named if { req.ssl_sni -m end .example.test }
backend named
  server upstream 127.0.0.1:${upstreamPort}
`,
  )
  const child = spawn('taskset', ['-c', edgeCore, 'haproxy', '-f', file, '-db'], { stdio: 'ignore' })
  await reachable(port)
  const stop = async () => {
    child.kill()
    await once(child, 'exit')
  }
  return { name: 'haproxy', port, pid: child.pid, stop }
}

async function freePort() {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

async function reachable(port) {
  for (let tries = 0; tries < 100; tries++) {
    const isUp = await new Promise(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('close', () => {})
      socket.once('connect', () => socket.destroy())
    })
    if (isUp) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}

/** CPU time of a process so far, all its threads, in seconds. */
export function cpuSeconds(pid) {
  let ns = 0
  for (const task of readdirSync(`/proc/${pid}/task`))
    ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0])
  return ns / 1e9
}

export function residentKb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1])
}
