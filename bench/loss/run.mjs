// Loss: connections of all versions while gateway workers are killed. Every connection that a client made must have exactly one outcome.
//   npm run bench -- loss [--connections 100000] [--kills 5] [--hook FILE] [--json]
// The hook is a module for whoever reads the spool (the store): `open({ dir, spoolDir })` gives `kill()`, called in the middle of the run,
// `outcomes()`, called at the end once everything is sealed, which counts rows by outcome, and `close()`.
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { startGateway } from '../../dist/enforce/gateway/supervisor.js'
import { readSegment, readySegments } from '../../dist/spool/segment.js'

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? otherwise : process.argv[at + 1]
}
const connections = Number(option('connections', 100_000))
const kills = Number(option('kills', 5))
const hookFile = option('hook')
const clientProcesses = 2
const here = name => fileURLToPath(new URL(name, import.meta.url))
const say = text => process.stderr.write(`${text}\n`)

const dir = mkdtempSync(join(tmpdir(), 'tlsunset-loss-'))
const spoolDir = join(dir, 'spool')
mkdirSync(spoolDir)
const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
const openssl = spawnSync('openssl', [
  ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
  ...['-subj', '/CN=real.example.test', '-keyout', key, '-out', cert],
])
if (openssl.status !== 0) {
  say('tlsunset: error: openssl is missing, which makes the certificate of the real server')
  process.exit(5)
}

async function startUpstream(...mode) {
  const child = fork(here('../gateway/upstream.mjs'), mode)
  const [{ port }] = await once(child, 'message')
  return { port, stop: () => child.kill() }
}

const canned = await startUpstream('answer')
const real = await startUpstream('tls', key, cert)
const file = join(dir, 'retirement.yaml')
writeFileSync(
  file,
  `retirement: loss
service: { names: ["*.example.test"], owner: bench }
accounts: { sni: "{account}.example.test" }
floor: { now: { version: TLS 1.0 }, next: { version: TLS 1.2 } }
cutoff: 2020-01-01T00:00:00Z
unknown: { noSni: next, otherSni: next }
gateway:
  listen: 127.0.0.1:0
  workers: 2
  limits: { connectionsPerAddress: 100000 }
  upstreams:
    - { sni: real.example.test, to: "127.0.0.1:${real.port}" }
    - { to: "127.0.0.1:${canned.port}" }
`,
)
const gateway = await startGateway({ policy: { file }, spoolDir, onTrouble: say })
const hook = hookFile && (await (await import(pathToFileURL(resolve(hookFile)))).open({ dir, spoolDir }))

const at = Array.from({ length: kills }, (_, i) => Math.round((connections * (i + 1)) / (kills + 1)))
let killed = 0
let hookKilled = false
async function onProgress(started) {
  if (hook && !hookKilled && started > connections / 2) {
    hookKilled = true
    await hook.kill()
  }
  if (killed >= kills || started < at[killed]) return
  killed++
  const { workers } = await gateway.health()
  const up = workers.filter(worker => worker.up)
  // Any moment will do, not just the one after the worker has answered.
  await new Promise(resolve => setTimeout(resolve, Math.random() * 50))
  const victim = up[killed % up.length]
  if (victim) process.kill(victim.pid, 'SIGKILL')
}

const seen = { answered: 0, refused: 0, nothing: 0, notConnected: 0 }
const progress = Array(clientProcesses).fill(0)
const begun = Date.now()
await Promise.all(
  progress.map(async (_, i) => {
    const share = Math.floor(connections / clientProcesses) + (i < connections % clientProcesses ? 1 : 0)
    const child = fork(here('clients.mjs'), [gateway.address.port, share, 64].map(String))
    child.on('message', message => {
      if (message.seen) for (const [what, count] of Object.entries(message.seen)) seen[what] += count
      else {
        progress[i] = message.started
        void onProgress(progress.reduce((a, b) => a + b))
      }
    })
    await once(child, 'exit')
  }),
)
const seconds = (Date.now() - begun) / 1000
const { lost, workers } = await gateway.health()
await gateway.stop()
canned.stop()
real.stop()

const outcomes = { accepted: 0, refused: 0, failed: 0 }
let doubles = 0
if (hook) Object.assign(outcomes, await hook.outcomes())
else
  for (const { path } of readySegments(spoolDir)) {
    const segment = readSegment(path)
    doubles += segment.bad.length
    for (const row of segment.rows) outcomes[row.outcome]++
  }
await hook?.close()
rmSync(dir, { recursive: true, force: true })

const made = connections - seen.notConnected
const rows = outcomes.accepted + outcomes.refused + outcomes.failed
const result = {
  connections: made,
  rows,
  // Taken by a worker that died between accept(2) and its first write(2): at most one for each kill.
  untold: made - rows,
  outcomes,
  clientsSaw: seen,
  kills: killed,
  lostWithWorkers: lost,
  restarts: workers.map(worker => worker.restarts),
  broken: doubles,
  seconds,
}
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`)
else
  process.stdout.write(
    `${made} connections made, ${rows} outcomes: ${outcomes.accepted} accepted, ${outcomes.refused} refused, ${outcomes.failed} failed ` +
      `(${lost} lost with ${killed} killed workers); ${result.untold} without an outcome\n` +
      `clients saw: ${seen.answered} answered, ${seen.refused} refused, ${seen.nothing} closed without an answer, ` +
      `${seen.notConnected} not connected; ${seconds.toFixed(0)} s\n`,
  )
const isGood =
  result.untold >= 0 &&
  result.untold <= killed &&
  result.broken === 0 &&
  killed === kills &&
  seen.notConnected === 0
process.exitCode = isGood ? 0 : 1
