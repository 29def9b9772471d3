// Scan against ripgrep over the same tree with the same literals, and against ast-grep with the rules in ast-grep/:
//   npm run bench -- scan [TREE] [--runs N] [--ast-grep PATH [--grammars DIR]]
// ripgrep lists files that hold a literal, as a filter would; the scan also parses, follows names and judges. Both leave out what .gitignore names.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareWithAstGrep } from './ast-grep/compare.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    'ast-grep': { type: 'string' },
    grammars: { type: 'string' },
  },
})
const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-bench-scan-'))
const { literalsOf } = await import(join(root, 'dist', 'scan', 'prefilter.js'))
const literals = literalsOf(false)
const literalFile = join(scratch, 'literals')
writeFileSync(literalFile, `${literals.join('\n')}\n`)
const folder = resolve(positionals[0] ?? madeTree(join(scratch, 'tree')))

/** Wall and processor seconds of a command. */
function timed(command, args) {
  const done = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null', 'bash', command, ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28, cwd: folder },
  )
  if (done.error) throw done.error
  const [wall, user, system] = done.stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { wall, processor: user + system }
}

const output = (command, args) =>
  spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).stdout
const lineCount = text => text.split('\n').length - 1

const scanArgs = [join(root, 'bin', 'tlsunset.js'), 'scan', '.', '--json']
const grepArgs = ['-j', String(cpus().length), '-l', '-F', '-f', literalFile, '.']
const programs = {
  'tlsunset scan': [process.execPath, scanArgs],
  'rg -l -F -f literals': ['rg', grepArgs],
  'rg -l -F -i -f literals': ['rg', ['-i', ...grepArgs]],
}

// A first run each fills the page cache and is not counted; then in turns, each round from another one on, so that the load of the machine falls on
// all alike. Ratios are those of runs of the same round.
const names = Object.keys(programs)
const runs = Object.fromEntries(names.map(name => [name, []]))
const doc = JSON.parse(output(process.execPath, scanArgs))
const passed = lineCount(output('rg', ['-i', ...grepArgs]))
for (let round = 0; round < Number(values.runs); round++)
  for (let k = 0; k < names.length; k++) {
    const name = names[(round + k) % names.length]
    runs[name].push(timed(...programs[name]))
  }

const median = numbers => numbers.sort((a, b) => a - b)[numbers.length >> 1]
const usual = (name, what) => median(runs[name].map(run => run[what]))
const ratioOf = (name, peer, what) =>
  median(runs[name].map((run, round) => run[what] / runs[peer][round][what]))
const say = text => process.stdout.write(`${text}\n`)
const { coverage } = doc
say(
  `tlsunset read ${coverage.files} files, ${(coverage.sizeBytes / 1e6).toFixed(0)} MB, parsed ${coverage.parsed}, found ${doc.findings.length}`,
)
say(
  `rg looked for ${literals.length} literals in ${lineCount(output('rg', ['--files', '.']))} files, ${passed} hold one (any case)`,
)
say(
  `${cpus().length} processors, load ${loadavg()[0].toFixed(1)}, Node ${process.version}, ${output('rg', ['--version']).split('\n')[0]}, median of ${values.runs}`,
)
for (const name of names)
  say(
    `${name.padEnd(34)} ${usual(name, 'wall').toFixed(2).padStart(7)} s wall ${usual(name, 'processor').toFixed(2).padStart(7)} s processor`,
  )
for (const peer of names.slice(1)) {
  const ratio = what => ratioOf('tlsunset scan', peer, what).toFixed(2)
  say(
    `ratio to ${peer.padEnd(25)} ${ratio('wall').padStart(7)}   wall ${ratio('processor').padStart(7)}   processor`,
  )
}
if (values['ast-grep']) {
  const peer = compareWithAstGrep({
    program: resolve(values['ast-grep']),
    grammars: values.grammars,
    folder,
    doc,
    timed,
    scratch,
  })
  const ratio = what => (peer.time[what] / usual('tlsunset scan', what)).toFixed(1)
  say(
    `${peer.name.padEnd(34)} ${peer.time.wall.toFixed(2).padStart(7)} s wall ${peer.time.processor.toFixed(2).padStart(7)} s processor`,
  )
  say(
    `ast-grep takes ${ratio('wall')} times the wall time of tlsunset, ${ratio('processor')} times the processor time`,
  )
  say(
    `places of these rules: ${peer.both} found by both, ${peer.onlyPeer.length} by ast-grep alone, ${peer.onlyOurs.length} by tlsunset alone`,
  )
  for (const place of peer.onlyPeer) say(`  ast-grep alone: ${place}`)
  for (const place of peer.onlyOurs) say(`  tlsunset alone: ${place}`)
}
rmSync(scratch, { recursive: true, force: true })

/** Without a tree: the labelled cases among many files of our own code, so that one file in a hundred holds something. */
function madeTree(to) {
  const texts = readdirSync(join(root, 'dist'), { recursive: true })
    .filter(name => /\.js$/.test(String(name)))
    .map(name => readFileSync(join(root, 'dist', String(name))))
  const cases = readdirSync(join(root, 'cases', 'recipe', 'files'), {
    recursive: true,
    withFileTypes: true,
  }).filter(entry => entry.isFile())
  for (let k = 0; k < 12_000; k++) {
    const at = join(to, `d${k % 200}`)
    mkdirSync(at, { recursive: true })
    if (k % 100 === 0) {
      const one = cases[(k / 100) % cases.length]
      writeFileSync(join(at, `${k}-${one.name}`), readFileSync(join(one.parentPath ?? one.path, one.name)))
    } else writeFileSync(join(at, `${k}.js`), texts[k % texts.length])
  }
  return to
}
