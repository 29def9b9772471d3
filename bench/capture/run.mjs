// Hellos out of a 2 GB capture with 100,000 handshakes, beside tshark on the same file: npm run bench -- capture [FILE to keep it in] [handshakes]
// The generator knows how many hellos there are; each program must find them all. tshark reads once and prints a line per frame with a hello.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeTraffic } from './traffic.mjs'

const bars = { ratio: 40, megabytes: 150 }
const cli = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const [kept, count = '100000'] = process.argv.slice(2)
const handshakes = Number(count)
const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-bench-capture-'))
const file = kept ?? join(scratch, 'capture.pcap')
const say = text => process.stdout.write(`${text}\n`)

for (const program of ['tshark', '/usr/bin/time'])
  if (spawnSync(program, ['--version']).error) {
    process.stderr.write(
      `tlsunset: error: ${program} is missing, and a number without its peer says nothing\n`,
    )
    process.stderr.write('tlsunset: hint: apt-get install tshark time\n')
    process.exit(5)
  }

/** Wall and processor seconds, peak memory; output goes to a file, since a pipe would measure its reader too. */
function measure(command, args, out) {
  const shell = 'out=$1; shift; exec /usr/bin/time -o "$out.time" -f "%e %U %S %M" "$@" >"$out"'
  const done = spawnSync('bash', ['-c', shell, 'bash', out, command, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (done.error) throw done.error
  const [wall, user, system, kib] = readFileSync(`${out}.time`, 'utf8')
    .trim()
    .split('\n')
    .at(-1)
    .split(' ')
    .map(Number)
  return { wall, processor: user + system, megabytes: (kib * 1024) / 1e6 }
}

const linesWith = (out, pattern) =>
  Number(spawnSync('grep', ['-c', pattern, out], { encoding: 'utf8' }).stdout)

try {
  if (!existsSync(file) || !existsSync(`${file}.truth.json`)) {
    const truth = await writeTraffic(file, { handshakes, sizeBytes: handshakes * 20_000 })
    writeFileSync(`${file}.truth.json`, JSON.stringify(truth))
  }
  const truth = JSON.parse(readFileSync(`${file}.truth.json`, 'utf8'))
  say(
    `${(truth.sizeBytes / 1e9).toFixed(2)} GB, ${truth.packets} packets, ${truth.connections} TLS connections with ${truth.clientHellos} ClientHellos (${truth.spread} over several segments, ${truth.disordered} of them out of order, ${truth.sslv2} in SSLv2 framing)`,
  )
  spawnSync('cat', [file], { stdio: 'ignore' })

  const out = name => join(scratch, name)
  const runs = { report: [], hello: [] }
  const ours = () => {
    runs.report.push(measure(process.execPath, [cli, 'report', '--json', file], out('report')))
    runs.hello.push(measure(process.execPath, [cli, 'hello', '--json', file], out('hello')))
  }
  ours()
  const peer = measure(
    'tshark',
    [
      '-n',
      '-r',
      file,
      '-Y',
      'tls.handshake.type==1',
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-e',
      'tls.handshake.type',
    ],
    out('tshark'),
  )
  ours()
  ours()

  const line = (name, { wall, processor, megabytes }, found) =>
    say(
      `${name.padEnd(16)} ${wall.toFixed(2).padStart(7)} s wall ${processor.toFixed(2).padStart(7)} s processor ${megabytes.toFixed(0).padStart(5)} MB  ${found}`,
    )
  line('tshark', peer, `${linesWith(out('tshark'), '.')} frames with a ClientHello`)
  const document = JSON.parse(readFileSync(out('report'), 'utf8'))
  const counted = Object.values(document.by_version).reduce((sum, connections) => sum + connections, 0)
  const found = {
    hello: linesWith(out('hello'), '"kind":"client_hello"'),
    report: counted,
  }
  const wanted = { hello: truth.clientHellos, report: truth.connections }
  let isReached = true
  for (const [name, all] of Object.entries(runs)) {
    const least = what => Math.min(...all.map(run => run[what]))
    const best = {
      wall: least('wall'),
      processor: least('processor'),
      megabytes: Math.max(...all.map(run => run.megabytes)),
    }
    line(name, best, `${found[name]} of ${wanted[name]} ${name === 'hello' ? 'ClientHellos' : 'connections'}`)
    const ratio = peer.wall / best.wall
    say(
      `${''.padEnd(16)} ${ratio.toFixed(1)} times as fast as tshark (processor time: ${(peer.processor / best.processor).toFixed(1)} times); bars: ${bars.ratio} times, ${bars.megabytes} MB, all found`,
    )
    isReached &&= ratio >= bars.ratio && best.megabytes < bars.megabytes && found[name] === wanted[name]
  }
  say(`${availableParallelism()} processors, load ${loadavg()[0].toFixed(1)}; best of ${runs.report.length}`)
  process.exitCode = isReached ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
