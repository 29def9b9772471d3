// The store at scale: 100 million observations of 10,000 accounts over 90 days, 5,000 hello shapes. A real `tlsunset serve` answers every
// question that the console's pages ask, 40 times each, at rest and while rows come in; what-if over HTTP and by the command line, at a tenth
// of the connections too; memory of the processes; bytes per row. `npm run bench -- store DIR [CONNECTIONS]`: the stores are made in DIR (3 GB,
// some minutes) and stay there for the next run; without DIR they are made in a temporary folder and removed.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openedLine, originLine, rowFragment, rowLine } from '../../dist/spool/line.js'
import { openStore } from '../../dist/store/store.js'
import { fill } from './fill.mjs'

const [given, connections = '100000000'] = process.argv.slice(2)
const folder = given ?? mkdtempSync(join(tmpdir(), 'tlsunset-bench-'))
mkdirSync(folder, { recursive: true })
const size = { accounts: 10_000, days: 90, shapes: 5_000 }
const program = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const file = join(folder, 'retirement.yaml')
writeFileSync(
  file,
  'retirement: bench\nservice: { names: [api.example.com], owner: us }\naccounts: { sni: "{account}.example.com" }\nfloor:\n  now: { version: TLS 1.0 }\n  next: { version: TLS 1.2 }\n',
)
const floors = ['TLS 1.2', 'no-cbc', 'pqc']

try {
  for (const share of [0.1, 1]) {
    const store = await filled(Math.round(Number(connections) * share))
    await measure(store, share === 1)
  }
} finally {
  if (!given) rmSync(folder, { recursive: true, force: true })
}

async function filled(count) {
  const path = join(folder, `store-${count}`)
  if (existsSync(join(path, 'filled'))) return path
  rmSync(path, { recursive: true, force: true })
  const started = performance.now()
  const store = await openStore({ kind: 'directory', path })
  await fill(store, { ...size, connections: count, nowMs: Date.now() })
  await store.close()
  writeFileSync(join(path, 'filled'), '')
  console.log(`${count.toLocaleString('en')} observations made in ${seconds(started)} s`)
  return path
}

async function measure(store, isWhole) {
  const status = JSON.parse(cli(['store', 'status', '--json', '--store', store]).stdout)
  const table = name => status.tables.find(entry => entry.table === name)
  console.log(
    `\n${status.connections.toLocaleString('en')} connections; load of the machine ${loadavg()[0].toFixed(1)}`,
  )
  for (const name of ['observations', 'usage', 'clients']) {
    const { rows, sizeBytes } = table(name)
    console.log(
      `  ${name}: ${rows.toLocaleString('en')} rows, ${Math.round(sizeBytes / 1e6)} MB, ${(sizeBytes / rows).toFixed(1)} bytes each`,
    )
  }
  for (const words of isWhole
    ? [['what-if', '--floor', 'TLS 1.2'], ['report']]
    : [['what-if', '--floor', 'TLS 1.2']]) {
    const cold = timedCli([...words, '--json', '--store', store])
    console.log(`  ${words[0]} by the command line, no server: ${cold} ms`)
  }
  const server = await serve(store)
  try {
    const whatIf = `/v1/what-if?limit=20&${floors.map(floor => `floor=${encodeURIComponent(floor)}`).join('&')}`
    const first = await timed(() => server.ask(whatIf))
    console.log(
      `  what-if of ${floors.length} floors over 90 days, first question to a new server: ${first} ms`,
    )
    await show('what-if, the same server', server, whatIf)
    if (isWhole) await pages(server)
    for (const words of [['what-if', '--floor', 'TLS 1.2'], ['report']])
      console.log(
        `  ${words[0]} by the command line, asking the server: ${timedCli([...words, '--json', '--store', store])} ms`,
      )
    console.log(`  most memory of the process of store and console: ${Math.round(server.memoryMb())} MB`)
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
    '/v1/summary',
    '/v1/accounts',
    '/v1/burndown',
    '/v1/burndown?stepSeconds=5&days=0.005',
    '/v1/sources',
    '/v1/policy',
    '/v1/health',
    next('/v1/accounts/NAME'),
    '/v1/refusals',
    next('/v1/accounts/NAME/audit'),
    '/v1/summary?days=90',
    '/v1/accounts?days=90',
  ]
  console.log('  at rest:')
  for (const path of asked) await show(typeof path === 'string' ? path : path(), server, path)
  console.log('  while a batch of 1,000 rows comes in twice a second:')
  const stop = server.feed()
  for (const path of asked) await show(typeof path === 'string' ? path : path(), server, path)
  stop()
}

async function show(title, server, path) {
  const times = []
  let bytes = 0
  for (let i = 0; i < 41; i++) {
    const started = performance.now()
    bytes = (await server.bytes(typeof path === 'string' ? path : path())).length
    if (i > 0) times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const at = share => Math.round(times[Math.ceil(times.length * share) - 1])
  console.log(
    `    ${title.padEnd(48)} p50 ${String(at(0.5)).padStart(4)} ms, p95 ${String(at(0.95)).padStart(4)} ms, worst ${String(at(1)).padStart(4)} ms, ${Math.round(bytes / 1024)} KiB`,
  )
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
    memoryMb: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024,
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

async function timed(work) {
  const started = performance.now()
  await work()
  return Math.round(performance.now() - started)
}

function seconds(started) {
  return Math.round((performance.now() - started) / 1000)
}
