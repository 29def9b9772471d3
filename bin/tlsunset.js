#!/usr/bin/env node
// The only file that touches `process`: it hands the world to the command line and exits with its answer.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = new URL('../dist/cli/main.js', import.meta.url)

// A clone has sources and no dist yet; an installed package always has dist.
if (!existsSync(built)) {
  const { prepare } = await import('../scripts/ready.mjs')
  prepare(root, { build: true, talk: process.stderr })
}

const { main } = await import(built.href)

// A closed pipe (`| head`) is the reader's choice: no word of it, and the number by which shells know it.
// Any other failure (a full disk) must not look like an answer.
process.stdout.on('error', error => {
  if (error.code !== 'EPIPE')
    process.stderr.write(`tlsunset: error: the answer cannot be written: ${error.message}\n`)
  process.exit(error.code === 'EPIPE' ? 141 : 5)
})

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupt.abort(signal))

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  signal: interrupt.signal,
})
