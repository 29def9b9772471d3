// Builds dist: sources by tsc, whose types `npm run check` and `npm test` check, files that are read at run time by copying, the console by vite.
// What a scan loads in each of its threads becomes few files, which are loaded in a third of the time, and the tables of its filter are made.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

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

const scan = join(root, 'dist', 'scan')
const { literalsOfAll } = await import(pathToFileURL(join(scan, 'prefilter.js')).href)
const { tablesOf, thorough } = await import(pathToFileURL(join(scan, 'literal-tables.js')).href)
writeFileSync(join(scan, 'literals.tables'), tablesOf(literalsOfAll(), thorough))
await joinModules(scan, { scan: 'scan.js', 'scan-worker': 'scan-worker.js' }, path => !path.startsWith('..'))
// What every command line loads before it knows its command.
await joinModules(join(root, 'dist', 'cli'), { main: 'main.js' }, path =>
  /^(?:(?:main|command|store-flag)|commands[\\/][\w-]+|\w+[\\/][\w-]+-flags)\.js$/.test(path),
)

/** Joins the modules that `isPart` names by their path in the folder to the inputs and one file that these share; the others stay as they are. */
async function joinModules(folder, inputs, isPart) {
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(inputs).map(([name, file]) => [name, join(folder, file)])),
    platform: 'node',
    external: id => (!isAbsolute(id) ? !id.startsWith('.') : !isPart(relative(folder, id))),
  })
  await bundle.write({
    dir: folder,
    entryFileNames: '[name].js',
    chunkFileNames: chunk => (chunk.isDynamicEntry ? '[name].js' : 'parts.js'),
  })
  await bundle.close()
}

if (existsSync(join(root, 'src', 'console', 'vite.config.ts')))
  run(tool('vite'), ['build', '--config', 'src/console/vite.config.ts', '--logLevel', 'warn'])

writeFileSync(join(root, 'dist', '.built'), new Date().toISOString())
