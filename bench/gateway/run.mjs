// New connections per second, bulk bytes per second, memory per idle connection and added latency: the gateway with everything on (decision,
// observations, spool) against HAProxy in TCP mode with SNI inspection on one thread. Same core, same upstream, alternating rounds.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  cpuSeconds,
  otherCore,
  residentKb,
  startGatewayEdge,
  startHaproxy,
  startProgram,
  startUpstream,
} from './edges.mjs'

const bars = { connections: 0.4, bulk: 0.75, idleKb: 13, latency: 1.8 }
const asJson = process.argv.includes('--json')
const quick = process.argv.includes('--quick')
/** `--only latency` measures one thing. */
const only = process.argv[process.argv.indexOf('--only') + 1 || process.argv.length]
const wanted = name => only === undefined || only === name
const rounds = quick ? 3 : 7
const forS = quick ? 1 : 2
const say = text => process.stderr.write(`${text}\n`)

for (const program of ['haproxy', 'taskset'])
  if (spawnSync(program, ['-v']).error) {
    say(`tlsunset: error: ${program} is missing, and a number without its peer says nothing`)
    say('tlsunset: hint: apt-get install haproxy util-linux')
    process.exit(5)
  }
if (availableParallelism() < 2) {
  say('tlsunset: error: two cores are needed: one for the edge, one for its clients and upstream')
  process.exit(5)
}

const dir = mkdtempSync(join(tmpdir(), 'tlsunset-bench-'))
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const spread = values => `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`

async function order(load, message) {
  const stop = new AbortController()
  const { signal } = stop
  const ended = once(load, 'exit', { signal }).then(() => [{ failed: 'the generator died' }])
  ended.catch(() => {})
  load.send(message)
  const [answer] = await Promise.race([once(load, 'message', { signal }), ended])
  stop.abort()
  if (answer.failed) throw new Error(`${message.what}: ${answer.failed}`)
  return answer
}

/** Alternating rounds on both edges; `measure(edge)` gives { perS, perCpuS }. */
async function pair(edges, measure) {
  const ratios = { wall: [], cpu: [] }
  const numbers = { gateway: [], haproxy: [] }
  for (let round = 0; round < rounds; round++) {
    const found = {}
    for (const edge of round % 2 === 0 ? edges : edges.toReversed()) found[edge.name] = await measure(edge)
    ratios.wall.push(found.gateway.perS / found.haproxy.perS)
    ratios.cpu.push(found.gateway.perCpuS / found.haproxy.perCpuS)
    for (const name of Object.keys(numbers)) numbers[name].push(found[name].perS)
  }
  return {
    wallRatio: median(ratios.wall),
    cpuRatio: median(ratios.cpu),
    wallSpread: spread(ratios.wall),
    cpuSpread: spread(ratios.cpu),
    gateway: median(numbers.gateway),
    haproxy: median(numbers.haproxy),
  }
}

async function withEdges(upstreamMode, use) {
  const upstream = await startUpstream(...upstreamMode)
  const edges = [await startHaproxy(upstream.port, dir), await startGatewayEdge(upstream.port, dir)]
  try {
    return await use(edges, upstream)
  } finally {
    for (const edge of edges) await edge.stop()
    upstream.stop()
  }
}

const timed = (load, what, concurrency) => async edge => {
  const before = cpuSeconds(edge.pid)
  const { connections, errors, seconds } = await order(load, { what, port: edge.port, concurrency, forS })
  if (errors > connections / 100) throw new Error(`${edge.name}: ${errors} of ${connections + errors} failed`)
  const cpu = cpuSeconds(edge.pid) - before
  return { perS: connections / seconds, perCpuS: connections / cpu }
}

async function connectionRate() {
  return withEdges(['answer'], async edges => {
    const load = startProgram('load.mjs', otherCore)
    for (const edge of edges) await timed(load, 'rate', 64)(edge)
    const rate = await pair(edges, timed(load, 'rate', 64))
    load.disconnect()
    return rate
  })
}

async function tlsRate() {
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=server.example.test', '-keyout', key, '-out', cert],
  ])
  if (made.status !== 0) return null
  return withEdges(['tls', key, cert], async edges => {
    const load = startProgram('load.mjs', otherCore)
    for (const edge of edges) await timed(load, 'tls', 8)(edge)
    const rate = await pair(edges, timed(load, 'tls', 8))
    load.disconnect()
    return rate
  })
}

async function bulkRate() {
  return withEdges(['bulk'], edges =>
    pair(edges, async edge => {
      // A generator of its own for each round: its end closes its connections.
      const load = startProgram('load.mjs', otherCore)
      const before = cpuSeconds(edge.pid)
      const { bytes, seconds } = await order(load, { what: 'bulk', port: edge.port, concurrency: 8, forS })
      const cpu = cpuSeconds(edge.pid) - before
      load.disconnect()
      await once(load, 'exit')
      return { perS: bytes / seconds, perCpuS: bytes / cpu }
    }),
  )
}

async function idleMemory(count = quick ? 2000 : 5000) {
  return withEdges(['answer'], async edges => {
    const found = { count }
    for (const edge of edges) {
      const load = startProgram('load.mjs', otherCore)
      // Memory that the first connections of all make a process take is not memory per connection.
      await order(load, { what: 'idle', port: edge.port, count: 500 })
      await order(load, { what: 'release' })
      await new Promise(resolve => setTimeout(resolve, 1000))
      const before = residentKb(edge.pid)
      await order(load, { what: 'idle', port: edge.port, count })
      found[edge.name] = ((residentKb(edge.pid) - before) * 1.024) / count
      load.disconnect()
      await once(load, 'exit')
    }
    return found
  })
}

async function addedLatency(count = quick ? 300 : 1500) {
  return withEdges(['answer'], async (edges, upstream) => {
    const load = startProgram('load.mjs', otherCore)
    const times = { direct: [], haproxy: [], gateway: [] }
    const ways = [{ name: 'direct', port: upstream.port }, ...edges]
    for (const { port } of ways) await order(load, { what: 'latency', port, count: 300 })
    // Turns of a few connections each, so that what else the machine does falls on all three alike.
    for (let turn = 0; turn < count / 50; turn++)
      for (const { name, port } of ways)
        times[name].push(...(await order(load, { what: 'latency', port, count: 50 })).times)
    load.disconnect()
    const [direct, haproxy, gateway] = [median(times.direct), median(times.haproxy), median(times.gateway)]
    return { direct, haproxy, gateway, ratio: (gateway - direct) / (haproxy - direct) }
  })
}

try {
  say(`load average before: ${loadavg()[0].toFixed(2)}; ${rounds} rounds of ${forS} s`)
  const result = {
    connections: wanted('connections') ? await connectionRate() : null,
    tls: wanted('tls') ? await tlsRate() : null,
    bulk: wanted('bulk') ? await bulkRate() : null,
    idle: wanted('idle') ? await idleMemory() : null,
    latency: wanted('latency') ? await addedLatency() : null,
  }
  const { connections, tls, bulk, idle, latency } = result
  const least = rate => Math.min(rate.wallRatio, rate.cpuRatio)
  const verdicts = [
    ['connections', connections && least(connections) >= bars.connections],
    ['bulk', bulk && least(bulk) >= bars.bulk],
    ['idle', idle && idle.gateway <= bars.idleKb],
    ['latency', latency && latency.ratio <= bars.latency],
  ].filter(([, isMet]) => isMet !== null)
  if (asJson)
    process.stdout.write(`${JSON.stringify({ ...result, bars, met: Object.fromEntries(verdicts) })}\n`)
  else {
    const line = (title, { gateway, haproxy, wallRatio, wallSpread, cpuRatio, cpuSpread }, unit, bar) =>
      `${title.padEnd(22)} gateway ${gateway} HAProxy ${haproxy} ${unit}: ${wallRatio.toFixed(2)} of HAProxy (${wallSpread}), ` +
      `per CPU second ${cpuRatio.toFixed(2)} (${cpuSpread})${bar ? `; bar ${bar}` : ''}\n`
    const whole = rate => ({ ...rate, gateway: Math.round(rate.gateway), haproxy: Math.round(rate.haproxy) })
    const mega = rate => whole({ ...rate, gateway: rate.gateway / 1e6, haproxy: rate.haproxy / 1e6 })
    const write = text => process.stdout.write(text)
    if (connections) write(line('new connections', whole(connections), '/s', bars.connections))
    if (tls) write(line('full TLS handshakes', whole(tls), '/s'))
    if (bulk) write(line('bulk', mega(bulk), 'MB/s', bars.bulk))
    if (idle)
      write(
        `memory per idle        gateway ${idle.gateway.toFixed(1)} HAProxy ${idle.haproxy.toFixed(1)} kB (${idle.count} connections); bar ${bars.idleKb}\n`,
      )
    if (latency)
      write(
        `median latency         direct ${latency.direct.toFixed(0)}, added by gateway ${(latency.gateway - latency.direct).toFixed(0)}, ` +
          `by HAProxy ${(latency.haproxy - latency.direct).toFixed(0)} µs: ${latency.ratio.toFixed(2)} times; bar ${bars.latency}\n`,
      )
  }
  const missed = verdicts.filter(([, isMet]) => !isMet).map(([name]) => name)
  if (missed.length > 0) say(`missed: ${missed.join(', ')}`)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  rmSync(dir, { recursive: true, force: true })
}
