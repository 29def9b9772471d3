// Builds each WebAssembly program of the sources from the C beside it. The results are kept with the sources, since few have the compiler: clang 14
// and lld (`apt-get install clang lld`). Each carries the hash of its source, by which a test knows that the two belong together.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const programs = ['observe/fold/lines', 'scan/literals']
const flags = [
  '--target=wasm32',
  '-O3',
  '-msimd128',
  '-mbulk-memory',
  '-nostdlib',
  '-Wall',
  '-Wextra',
  '-Werror',
]

for (const program of programs) {
  const place = ending => fileURLToPath(new URL(`../src/${program}.${ending}`, import.meta.url))
  const done = spawnSync(
    'clang',
    [...flags, '-Wl,--no-entry', '-Wl,--strip-all', '-o', place('wasm'), place('c')],
    { stdio: 'inherit' },
  )
  if (done.error) console.error(`${done.error.message}: apt-get install clang lld`)
  if (done.status !== 0) process.exit(1)

  // A section of our own: 0, its length, the length of its name, the name, the text.
  const [name, hash] = [
    'source',
    createHash('sha256')
      .update(readFileSync(place('c')))
      .digest('hex'),
  ]
  const section = Buffer.from(`${String.fromCharCode(name.length)}${name}${hash}`, 'latin1')
  appendFileSync(place('wasm'), Buffer.concat([Buffer.from([0, section.length]), section]))
  chmodSync(place('wasm'), 0o644)
}
