// Scan against ripgrep over the same tree with the same literals: npm run bench -- scan [TREE] [runs]
// ripgrep lists files that hold a literal, as a filter would; the scan also parses, follows names and judges. Both respect .gitignore.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [tree, runs = '5'] = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'tlsunset-bench-scan-'))
const { literalsOf } = await import(join(root, 'dist', 'scan', 'prefilter.js'))
const literals = literalsOf(false)
const literalFile = join(scratch, 'literals')
writeFileSync(literalFile, `${literals.join('\n')}\n`)
const folder = tree ?? madeTree(join(scratch, 'tree'))

/** Wall and processor seconds of a command. */
function timed(command, args) {
  const done = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null', 'bash', command, ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (done.error) throw done.error
  const [wall, user, system] = done.stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { wall, processor: user + system }
}

const scan = () => timed(process.execPath, [join(root, 'bin', 'tlsunset.js'), 'scan', folder, '--json'])
const grep = () => timed('rg', ['-l', '-F', '-f', literalFile, folder])
const grepFolded = () => timed('rg', ['-l', '-F', '-i', '-f', literalFile, folder])
for (const warm of [grep, scan]) warm()
const found = { scan: [], grep: [], grepFolded: [] }
for (let k = 0; k < Number(runs); k++) {
  found.scan.push(scan())
  found.grep.push(grep())
  found.grepFolded.push(grepFolded())
}
const best = (name, what) => Math.min(...found[name].map(one => one[what]))
const doc = JSON.parse(
  spawnSync(process.execPath, [join(root, 'bin', 'tlsunset.js'), 'scan', folder, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }).stdout,
)
const line = name =>
  `${name.padEnd(34)} ${best(key[name], 'wall').toFixed(2).padStart(7)} s wall ${best(key[name], 'processor').toFixed(2).padStart(7)} s processor`
const key = {
  'tlsunset scan': 'scan',
  'rg -l -F -f literals': 'grep',
  'rg -l -F -i -f literals': 'grepFolded',
}
process.stdout.write(
  `${doc.coverage.files} files, ${(doc.coverage.sizeBytes / 1e6).toFixed(0)} MB read, ${doc.coverage.parsed} parsed, ${doc.findings.length} findings, ${literals.length} literals, ${cpus().length} processors, best of ${runs}\n`,
)
for (const name of Object.keys(key)) process.stdout.write(`${line(name)}\n`)
process.stdout.write(
  `ratio to rg                        ${(best('scan', 'wall') / best('grep', 'wall')).toFixed(2)} wall, ${(best('scan', 'processor') / best('grep', 'processor')).toFixed(2)} processor\n`,
)
process.stdout.write(
  `ratio to rg -i                     ${(best('scan', 'wall') / best('grepFolded', 'wall')).toFixed(2)} wall, ${(best('scan', 'processor') / best('grepFolded', 'processor')).toFixed(2)} processor\n`,
)
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
