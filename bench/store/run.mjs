// The store at scale: 100 million observations of 10,000 accounts over 90 days, 5,000 hello shapes. A real `tlsunset serve` answers every
// question that the console's pages ask, at rest and while rows come in; what-if under floors that nobody asked before, over HTTP and by the
// command line, at a tenth of the connections too; memory of the processes; bytes per row. Each line has its bar; one that is missed ends the
// run with 1. `npm run bench -- store [--keep DIR] [--connections N]`: the stores are made in DIR (3 GB, some minutes) and stay there for the next
// run; without it they are made in a temporary folder and removed.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openedLine, originLine, rowFragment, rowLine } from '../../dist/spool/line.js'
import { openStore } from '../../dist/store/store.js'
import { fill } from './fill.mjs'

const { values: flags } = parseArgs({
  options: { keep: { type: 'string' }, connections: { type: 'string', default: '100000000' } },
})
const folder = flags.keep ?? mkdtempSync(join(tmpdir(), 'tlsunset-bench-'))
mkdirSync(folder, { recursive: true })
const size = { accounts: 10_000, days: 90, shapes: 5_000 }
const program = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const file = join(folder, 'retirement.yaml')
writeFileSync(
  file,
  'retirement: bench\nservice: { names: [api.example.com], owner: us }\naccounts: { sni: "{account}.example.com" }\nfloor:\n  now: { version: TLS 1.0 }\n  next: { version: TLS 1.2 }\n',
)
/** Presets and versions under which nobody asked before, one for each question of a bench. */
const floors = [
  'TLS 1.3',
  'no-cbc',
  'pqc',
  'no-static-rsa',
  'no-sha1-signatures',
  'TLS 1.2, suites modern',
  'TLS 1.2, suites intermediate',
]
/** Bars in milliseconds, for the 95th percentile: pages and report by the roll-up, a floor that is new to the server. */
const pageBar = 300
const whatIfBar = 1000
const missed = []
const times = 40
const titleWidth = 46
const whatIf = floor => `/v1/what-if?limit=1000&floor=${encodeURIComponent(floor)}`
const newFloor = new Map()

try {
  const counts = [0.1, 1].map(share => Math.round(Number(flags.connections) * share))
  for (const count of counts) await measure(count, await filled(count), count === counts.at(-1))
  const [tenth, whole] = counts.map(count => newFloor.get(count))
  console.log(
    `\nwhat-if, new floor: ${whole} ms at ${text(counts[1])} connections, ${tenth} ms at ${text(counts[0])} with the same accounts, days and shapes: ${(whole / tenth).toFixed(1)} times the time for ten times the connections`,
  )
} finally {
  if (flags.keep === undefined) rmSync(folder, { recursive: true, force: true })
}
if (missed.length > 0) {
  console.log(`\n${missed.length} over their bar: ${missed.join('; ')}`)
  process.exitCode = 1
}

async function filled(count) {
  const path = join(folder, `store-${count}`)
  if (existsSync(join(path, 'filled'))) {
    console.log(
      `${text(count)} observations: those in ${path}, ${readFileSync(join(path, 'filled'), 'utf8')}`,
    )
    return path
  }
  rmSync(path, { recursive: true, force: true })
  const started = performance.now()
  const store = await openStore({ kind: 'directory', path })
  await fill(store, { ...size, connections: count, nowMs: Date.now() })
  await store.close()
  const how = `made in ${seconds(started)} s; most memory so far ${peakMb('self')} MB`
  writeFileSync(join(path, 'filled'), how)
  console.log(`${text(count)} observations ${how}`)
  return path
}

async function measure(count, store, isWhole) {
  const status = JSON.parse(cli(['store', 'status', '--json', '--store', store]).stdout)
  const table = name => status.tables.find(entry => entry.table === name)
  console.log(`\n${text(status.connections)} connections; load of the machine ${loadavg()[0].toFixed(1)}`)
  for (const name of ['observations', 'usage', 'clients']) {
    const { rows, sizeBytes } = table(name)
    console.log(
      `  ${name}: ${text(rows)} rows, ${Math.round(sizeBytes / 1e6)} MB, ${(sizeBytes / rows).toFixed(1)} bytes each`,
    )
  }
  const server = await serve(store)
  try {
    const started = performance.now()
    await server.bytes('/v1/summary')
    console.log(
      `  first answer of a new server: ${seconds(started)} s after it was up; it makes it by itself\n\n  ${'route'.padEnd(titleWidth)}    p50    p95    bar     cpu`,
    )
    const tried = [...floors]
    newFloor.set(
      count,
      await show('GET /v1/what-if, a floor nobody asked before', server, whatIfBar, floors.length, () =>
        whatIf(tried.shift()),
      ),
    )
    await show('GET /v1/what-if, the same again', server, whatIfBar, times, () => whatIf(floors[0]))
    if (isWhole) await pages(server)
    commands(store)
    console.log(`  most memory of the process of store and console: ${peakMb(server.pid)} MB`)
  } finally {
    await server.stop()
  }
}

/** Every question of the pages (console/live.ts), and the longer ones of the API. */
async function pages(server) {
  const { accounts } = await server.ask('/v1/accounts?limit=1000')
  const breaking = accounts
    .filter(entry => entry.verdict === 'breaks')
    .map(entry => encodeURIComponent(entry.account))
  // Another account each time, so that nothing helps that was read for the one before.
  const next = path => () => path.replace('NAME', breaking.push(breaking.shift()) && breaking[0])
  const asked = [
    '/v1/session',
    '/v1/summary',
    '/v1/summary?junk=count',
    '/v1/accounts',
    '/v1/accounts?junk=count',
    '/v1/decision',
    '/v1/burndown',
    '/v1/burndown?junk=count',
    '/v1/burndown?stepSeconds=5&days=0.00486',
    '/v1/sources',
    '/v1/policy',
    '/v1/health',
    next('/v1/accounts/NAME'),
    '/v1/refusals',
    '/v1/report',
    '/v1/summary?days=35',
  ].map(path => (typeof path === 'string' ? [path, () => path] : [path(), path]))
  for (const [, path] of asked) await server.bytes(path())
  for (const [title, path] of asked) await show(title, server, pageBar, times, path)
  // From the raw rows, which is what they are there for: no page waits for it.
  await show('page of 1000 of an account audit (raw rows)', server, null, 10, next('/v1/accounts/NAME/audit'))
  console.log('  while a batch of 1,000 rows comes in twice a second:')
  const stop = server.feed()
  for (const [title, path] of asked) await show(title, server, pageBar, times, path)
  stop()
}

function commands(store) {
  for (const words of [['what-if', '--floor', 'TLS 1.2, groups x25519'], ['report']]) {
    const taken = Array.from({ length: 5 }, () => timedCli([...words, '--json', '--store', store])).sort(
      (a, b) => a - b,
    )
    console.log(
      `  tlsunset ${words.join(' ')} --json, from start to end of the command: median ${taken[2]} ms, worst ${taken[4]} ms`,
    )
  }
}

/** Prints a line of the table, and answers with the median; `bar` null: there is none. Processor time is that of the server, for one answer. */
async function show(title, server, bar, count, path) {
  const taken = []
  const before = server.cpuMs()
  for (let i = 0; i < count; i++) {
    const started = performance.now()
    await server.bytes(path())
    taken.push(performance.now() - started)
  }
  const cpu = (server.cpuMs() - before) / count
  taken.sort((a, b) => a - b)
  const at = share => Math.round(taken[Math.ceil(taken.length * share) - 1])
  const isMissed = bar !== null && at(0.95) > bar
  const columns = [at(0.5), at(0.95), bar ?? '-', Math.round(cpu)].map(value => String(value).padStart(6))
  console.log(`  ${title.padEnd(titleWidth)} ${columns.join(' ')} ms${isMissed ? '  MISSED' : ''}`)
  if (isMissed) missed.push(`${title} ${at(0.95)} ms`)
  return at(0.5)
}

async function serve(store) {
  const spool = join(store, 'spool')
  rmSync(spool, { recursive: true, force: true })
  mkdirSync(spool, { recursive: true })
  const child = spawn(
    process.execPath,
    [program, 'serve', '-c', file, '--store', store, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let text = ''
  const url = await new Promise((resolve, reject) => {
    const read = chunk => {
      text += chunk
      const found = /http:\/\/[\d.:]+\/#token=\S+/.exec(text)
      if (found) resolve(new URL(found[0]))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', () => reject(new Error(text)))
  })
  const headers = { authorization: `Bearer ${url.hash.slice('#token='.length)}` }
  const bytes = async path => {
    const answer = await fetch(new URL(path, url.origin), { headers })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.text()
  }
  const ask = async path => JSON.parse(await bytes(path))
  const { processes } = await ask('/v1/health')
  const pid = processes.find(entry => entry.id === 'console').pid
  return {
    bytes,
    ask,
    pid,
    cpuMs: () => {
      const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
      return (Number(user) + Number(system)) * 10
    },
    feed() {
      let count = 0
      const timer = setInterval(() => {
        const name = `bench-${process.pid}-${++count}-1`
        writeFileSync(join(spool, `${name}.open`), segment(count))
        renameSync(join(spool, `${name}.open`), join(spool, `${name}.ready`))
      }, 500)
      return () => clearInterval(timer)
    },
    async stop() {
      child.removeAllListeners('exit')
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

function segment(seed) {
  let text = originLine({ service: 'api', source: 'gateway' })
  for (let i = 0; i < 1000; i++) {
    const nth = (seed * 7919 + i * 31) % size.accounts
    const opened = { id: i + 1, atMs: Date.now(), address: `192.0.2.${nth % 200}` }
    const row = {
      account: `account-${nth}`,
      attributedBy: 'sni',
      confidence: 'certain',
      sni: '',
      shape: `s${(nth * 2) % size.shapes}`,
    }
    text += openedLine(opened)
    text += rowLine(
      opened,
      { outcome: 'accepted', reason: '', negotiated: 0x0303, suite: 0xc02f, group: 29 },
      rowFragment({
        ...row,
        service: 'api',
        source: 'gateway',
        offeredMax: 0x0303,
        breaks: '',
        operation: '',
        userAgent: '',
        count: 1,
      }),
    )
  }
  return text
}

function cli(words) {
  return spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', maxBuffer: 1 << 30 })
}

function timedCli(words) {
  const started = performance.now()
  const { status, stderr } = cli(words)
  if (status > 1 && status !== 6) throw new Error(stderr)
  return Math.round(performance.now() - started)
}

function peakMb(pid) {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024)
}

function text(count) {
  return count.toLocaleString('en')
}

function seconds(started) {
  return Number(((performance.now() - started) / 1000).toFixed(1))
}
