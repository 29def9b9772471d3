import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startsFirst } from './order.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')

const features = ['observe', 'identify', 'scan', 'host', 'rehearse', 'enforce', 'prove']
const below = ['base', 'model', 'wire', 'spool']

/** What each folder may import: other folders of src, and packages. `node:` modules are listed where they are not welcome. */
const allowed: Record<string, { folders: string[]; packages: string[]; node: boolean }> = {
  base: { folders: [], packages: [], node: false },
  model: { folders: ['base'], packages: ['yaml', 'zod'], node: false },
  wire: { folders: ['base', 'model'], packages: [], node: false },
  spool: { folders: ['base', 'model'], packages: [], node: true },
  store: {
    folders: ['base', 'model', 'spool'],
    packages: ['@clickhouse/client', 'chdb', 'fzstd'],
    node: true,
  },
  observe: { folders: below, packages: ['fzstd'], node: true },
  identify: { folders: below, packages: [], node: true },
  scan: { folders: below, packages: [], node: true },
  host: { folders: below, packages: [], node: true },
  rehearse: { folders: below, packages: [], node: true },
  enforce: { folders: below, packages: [], node: true },
  prove: { folders: below, packages: [], node: true },
  server: { folders: [...below, 'store', ...features], packages: ['hono', '@hono/node-server'], node: true },
  cli: { folders: [...below, 'store', ...features, 'server'], packages: ['commander'], node: true },
  console: {
    folders: ['base', 'model'],
    packages: ['preact', '@preact/signals', 'vite'],
    node: false,
  },
}

interface Import {
  file: string
  folder: string
  target: string
  typeOnly: boolean
}

function importsOf(file: string): Import[] {
  const folder = file.slice(src.length + 1).split(sep)[0]!
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  )
  return [...found].map(match => ({
    file,
    folder,
    target: (match[2] ?? match[3] ?? match[4])!,
    typeOnly: match[1] !== undefined,
  }))
}

const files = readdirSync(src, { recursive: true })
  .map(name => join(src, String(name)))
  .filter(file => /\.tsx?$/.test(file))

test('the tests that start first are there', () => {
  expect(startsFirst.filter(name => !existsSync(join(root, 'test', `${name}.test.ts`)))).toEqual([])
})

test('imports keep the direction of ARCHITECTURE.md', () => {
  const wrong: string[] = []
  for (const found of files.flatMap(importsOf)) {
    const rule = allowed[found.folder]
    const place = `${found.file.slice(root.length)} imports ${found.target}`
    if (!rule) wrong.push(`${place}: no rule for folder ${found.folder}`)
    else if (found.target.startsWith('node:')) {
      if (!rule.node && !found.file.endsWith('vite.config.ts'))
        wrong.push(`${place}: ${found.folder} runs in the browser too`)
    } else if (found.target.startsWith('.')) {
      const target = normalize(join(dirname(found.file), found.target))
      const folder = target.slice(src.length + 1).split(sep)[0]!
      if (target.startsWith(src) && folder !== found.folder && !rule.folders.includes(folder))
        wrong.push(`${place}: ${found.folder} may not know ${folder}`)
      if (/\.[jt]sx?$/.test(target) && !existsSync(target)) wrong.push(`${place}: no such file`)
    } else {
      const name = found.target
        .split('/')
        .slice(0, found.target.startsWith('@') ? 2 : 1)
        .join('/')
      if (!rule.packages.includes(name)) wrong.push(`${place}: package not allowed in ${found.folder}`)
    }
  }
  expect(wrong).toEqual([])
  expect(files.length).toBeGreaterThan(10)
})

test('starting the command line loads no package but the argument parser', () => {
  const traced = spawnTrace()
  const packages = new Set(
    traced
      .filter(url => url.includes('/node_modules/'))
      .map(url => url.split('/node_modules/').at(-1)!.split('/')[0]),
  )
  expect([...packages]).toEqual(['commander'])
  expect(traced.length).toBeGreaterThan(3)
})

function spawnTrace(): string[] {
  const hook =
    'export async function resolve(s, c, n) { const r = await n(s, c); process._rawDebug(r.url); return r }'
  const register = `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))`
  const script = `"${process.execPath}" --import 'data:text/javascript,${encodeURIComponent(register).replaceAll("'", '%27')}' "${join(root, 'bin', 'tlsunset.js')}" --help 2>&1 >/dev/null`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.startsWith('file:'))
}
