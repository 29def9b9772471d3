// Builds dist: sources by tsc, whose types `npm run check` and `npm test` check, files that are read at run time by copying, the console by vite.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tool = name => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
const run = (command, args) => {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

run(tool('tsc'), ['-p', 'tsconfig.build.json', '--noCheck'])

const readAtRunTime = /\.(sql|md|ps1|cmd|sh|wasm)$/
for (const name of readdirSync(join(root, 'src'), { recursive: true })) {
  if (!readAtRunTime.test(name)) continue
  const to = join(root, 'dist', name)
  mkdirSync(dirname(to), { recursive: true })
  cpSync(join(root, 'src', name), to)
}

if (existsSync(join(root, 'src', 'console', 'vite.config.ts')))
  run(tool('vite'), ['build', '--config', 'src/console/vite.config.ts', '--logLevel', 'warn'])

writeFileSync(join(root, 'dist', '.built'), new Date().toISOString())
