// A fleet of exports through `host evaluate`, beside Python's configparser reading the same files, the usual way to get at a .reg file.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeFleet } from './machines.mjs'

const cli = fileURLToPath(new URL('../../bin/tlsunset.js', import.meta.url))
const count = Number(process.argv[2] ?? 5000)
const folder = mkdtempSync(join(tmpdir(), 'tlsunset-bench-host-'))

const peer = `import configparser, glob, sys
n = 0
for name in glob.glob(sys.argv[1] + '/*.reg'):
    text = open(name, encoding='utf-16').read().split('\\n', 1)[1]
    p = configparser.RawConfigParser(strict=False, delimiters=('=',), comment_prefixes=(';',), interpolation=None, allow_no_value=True)
    p.read_string(text)
    n += len(p.sections())
print(n)`

/** Seconds, seconds of processor time (what counts when the machine is shared) and the highest resident memory of a program. */
function measure(command, args, out) {
  const startedAt = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.pipe(createWriteStream(out))
  let peakKib = 0
  let cpuSeconds = 0
  const watch = setInterval(() => {
    try {
      peakKib = Math.max(
        peakKib,
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0),
      )
      const [utime, stime] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
        .slice(11, 13)
      cpuSeconds = (Number(utime) + Number(stime)) / 100
    } catch {
      // Gone, or no /proc on this system.
    }
  }, 50)
  return new Promise(done => {
    child.on('close', code => {
      clearInterval(watch)
      done({ seconds: (performance.now() - startedAt) / 1000, cpuSeconds, mib: peakKib / 1024, code })
    })
  })
}

try {
  const bytes = writeFleet(join(folder, 'fleet'), count)
  console.log(`${count} exports, ${(bytes / 1e6).toFixed(0)} MB`)
  for (const format of ['text', 'csv', 'json', 'html']) {
    const out = join(folder, `out.${format}`)
    const ours = await measure(
      process.execPath,
      [cli, 'host', 'evaluate', join(folder, 'fleet'), '--format', format],
      out,
    )
    if (![0, 1, 6].includes(ours.code)) throw new Error(`exit ${ours.code}`)
    console.log(
      `${format.padEnd(5)} ${ours.seconds.toFixed(2)} s (processor ${ours.cpuSeconds.toFixed(2)} s), ${(count / ours.seconds).toFixed(0)} hosts/s, peak ${ours.mib.toFixed(0)} MiB`,
    )
    if (format === 'text') {
      const theirs = await measure('python3', ['-c', peer, join(folder, 'fleet')], join(folder, 'peer.txt'))
      if (theirs.code === 0)
        console.log(
          `peer  ${theirs.seconds.toFixed(2)} s (processor ${theirs.cpuSeconds.toFixed(2)} s): Python configparser, which only reads; evaluating here takes ${(ours.cpuSeconds / theirs.cpuSeconds).toFixed(1)} times its processor time`,
        )
      else console.log('peer  not measured: no python3')
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
