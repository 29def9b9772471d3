#!/usr/bin/env node
// Makes a clone ready to run: Node version, packages, build. Plain JavaScript without packages, because it runs before there are any.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const oldestNode = [20, 19]

/** Installs what is missing and, when asked, builds what is older than its sources. Throws with a sentence that says what to do. */
export function prepare(root, { build, talk }) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new Error(`tlsunset needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}`)

  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.ready')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash) {
    talk.write('tlsunset: installing packages (once per change of the lock file)\n')
    run(root, 'npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
    writeFileSync(stamp, lockHash)
  }

  if (build && newest(join(root, 'src')) > age(join(root, 'dist', '.built'))) {
    talk.write('tlsunset: building\n')
    run(root, process.execPath, [join(root, 'scripts', 'build.mjs')])
  }
}

function run(root, command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${done.error ? `: ${done.error.message}` : ''}`)
}

function newest(folder) {
  return readdirSync(folder, { recursive: true }).reduce(
    (latest, name) => Math.max(latest, age(join(folder, name))),
    0,
  )
}

function age(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    prepare(fileURLToPath(new URL('..', import.meta.url)), {
      build: process.argv.includes('--build'),
      talk: process.stderr,
    })
  } catch (error) {
    process.stderr.write(`tlsunset: error: ${error.message}\n`)
    process.exitCode = 5
  }
}
