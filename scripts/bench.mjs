// Runs one benchmark by name: bench/NAME.mjs or bench/NAME/run.mjs. Numbers are ratios to a named peer, measured in one run.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../bench', import.meta.url))
const program = name =>
  [join(folder, `${name}.mjs`), join(folder, name, 'run.mjs')].find(path => existsSync(path))
const names = readdirSync(folder)
  .map(entry => entry.replace(/\.mjs$/, ''))
  .filter(program)

const [name, ...args] = process.argv.slice(2)
const path = name && /^[\w-]+$/.test(name) ? program(name) : undefined
if (path) process.exitCode = spawnSync(process.execPath, [path, ...args], { stdio: 'inherit' }).status ?? 70
else {
  process.stderr.write(`tlsunset: error: ${name ? `no such benchmark: ${name}` : 'which benchmark?'}\n`)
  process.stderr.write(`tlsunset: hint: npm run bench -- ${names.join(' | ')}\n`)
  process.exitCode = 2
}
