// Saved to served in about a second: tsc and vite rebuild what changes, node restarts the server on a change of dist. Arguments go to `serve`;
// without any it is the demonstration.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './ready.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
try {
  prepare(root, { build: true, talk: process.stderr })
} catch (error) {
  process.stderr.write(`tlsunset: error: ${error.message}\n`)
  process.exit(5)
}

const isWindows = process.platform === 'win32'
const tool = name => join(root, 'node_modules', '.bin', isWindows ? `${name}.cmd` : name)
const serve = process.argv.length > 2 ? process.argv.slice(2) : ['--demo']
const children = [
  spawn(tool('tsc'), ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], options(isWindows)),
  spawn(
    tool('vite'),
    ['build', '--watch', '--config', 'src/console/vite.config.ts', '--logLevel', 'warn'],
    options(isWindows),
  ),
  spawn(
    process.execPath,
    ['--watch-path=dist', '--watch-preserve-output', 'bin/tlsunset.js', 'serve', ...serve],
    options(false),
  ),
]

function options(shell) {
  return { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell }
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    for (const child of children) child.kill()
  })
