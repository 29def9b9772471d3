import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { planFixes, writeChange } from '../../src/scan/apply.ts'
import { decode, encode } from '../../src/scan/decode.ts'
import { unifiedDiff } from '../../src/scan/diff.ts'
import { type IgnoreFile, isIgnored, readIgnore } from '../../src/scan/ignore.ts'
import { literalsOf, prefilterOf } from '../../src/scan/prefilter.ts'
import { scanTree } from '../../src/scan/scan.ts'
import { scanText } from '../../src/scan/scan-text.ts'
import { changedSince } from '../../src/scan/since.ts'
import { runs } from '../runs.ts'

const floor = 0x0303
let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tlsunset-scan-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, content: string | Uint8Array) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

const pinned = 'ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;\r\n'
const reasons = (result: { skips: { reason: string; count: number }[] }) =>
  Object.fromEntries(result.skips.map(skip => [skip.reason, skip.count]))

test('a hostile tree is read to its end, and what was passed over is counted with its reason', async () => {
  put('a.cs', pinned)
  put('wide.cs', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(pinned, 'utf16le')]))
  put('wide-no-mark.cs', Buffer.from(`class A { ${pinned} }`, 'utf16le'))
  put('big-endian.cs', encode(pinned, { encoding: 'utf16be', bom: true }))
  put('invalid.cs', Buffer.concat([Buffer.from('// caf\xe9 \xff\xfe\r\n', 'latin1'), Buffer.from(pinned)]))
  put('binary.cs', Buffer.concat([Buffer.from('tlsv1'), Buffer.alloc(3000), Buffer.from(pinned)]))
  put('min.js', `var a="TLSv1_method";${'x=1;'.repeat(60_000)}`)
  put('huge.js', `// TLSv1_method\n${'var some = "text";\n'.repeat(300_000)}`)
  put('node_modules/x/index.js', "x({secureProtocol:'TLSv1_method'})")
  put('sub/.gitignore', 'ignored.cs\n/build/\n!kept.cs\n')
  put('sub/ignored.cs', pinned)
  put('sub/build/b.cs', pinned)
  put('sub/kept.cs', pinned)
  put('README.md', pinned)
  put('logo.png', 'tlsv1')
  symlinkSync('nowhere', join(root, 'broken'))
  symlinkSync('.', join(root, 'loop'))
  put('closed/x.cs', pinned)
  chmodSync(join(root, 'closed'), 0)
  const result = await scanTree(root, { floor })
  chmodSync(join(root, 'closed'), 0o755)
  expect(result.findings.map(({ place }) => place.path).filter(path => path !== 'closed/x.cs')).toEqual([
    'a.cs',
    'big-endian.cs',
    'invalid.cs',
    'sub/kept.cs',
    'wide-no-mark.cs',
    'wide.cs',
  ])
  const skipped = reasons(result)
  expect(skipped).toMatchObject({
    vendored: 1,
    ignored: 2,
    symlink: 2,
    minified: 1,
    'too large': 1,
    document: 1,
  })
  expect(skipped.binary).toBe(2)
  // root may read everything; everyone else is told.
  if (process.getuid?.() !== 0) expect(skipped.unreadable).toBe(1)
})

test('a fix keeps encoding, mark, line ends and every other byte', async () => {
  const text = `// caf\u00e9\r\n${pinned}var x = 1;\r\n`
  const forms = {
    'utf8.cs': { encoding: 'utf8', bom: true },
    'le.cs': { encoding: 'utf16le', bom: true },
    'be.cs': { encoding: 'utf16be', bom: true },
    'latin.cs': { encoding: 'latin1', bom: false },
  } as const
  for (const [name, form] of Object.entries(forms)) put(name, encode(text, form))
  const { findings } = await scanTree(root, { floor })
  const changes = planFixes(root, findings, floor, 'client')
  expect(changes.map(({ path }) => path).sort()).toEqual(Object.keys(forms).sort())
  for (const change of changes) expect(writeChange(root, change)).toBe(true)
  for (const [name, form] of Object.entries(forms))
    expect(readFileSync(join(root, name))).toEqual(encode('// caf\u00e9\r\nvar x = 1;\r\n', form))
  expect((await scanTree(root, { floor })).findings).toEqual([])
})

test('a diff is one that git applies', () => {
  const before = `a\n${'line\n'.repeat(20)}old\n${'line\n'.repeat(5)}gone\nlast`
  const after = `a\n${'line\n'.repeat(20)}new\n${'line\n'.repeat(5)}last`
  put('file.txt', before)
  spawnSync('git', ['init', '-q'], { cwd: root })
  const applied = spawnSync('git', ['apply'], { cwd: root, input: unifiedDiff('file.txt', before, after) })
  expect(applied.stderr.toString()).toBe('')
  expect(readFileSync(join(root, 'file.txt'), 'utf8')).toBe(after)
})

test('an inline comment with a reason sets a finding aside; one without does not', () => {
  const with_ = (comment: string) => scanText('a.cs', `${comment}\n${pinned}`, { floor })
  expect(with_('// tlsunset:ignore the partner stops in May').findings).toEqual([])
  expect(with_('// tlsunset:ignore[dotnet-protocols] the partner stops in May').ignored).toBe(1)
  expect(with_('// tlsunset:ignore[other] reason').findings).toHaveLength(1)
  expect(with_('// tlsunset:ignore').findings).toHaveLength(1)
  // Behind code it speaks of its own line alone.
  const behind = `${pinned.trim()} // tlsunset:ignore the partner stops in May\n${pinned}`
  expect(scanText('a.cs', behind, { floor }).findings.map(({ place }) => place.line)).toEqual([2])
})

test('a fix changes the findings that it is given and no others of the file', () => {
  put('a.py', 'one = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\ntwo = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  const text = readFileSync(join(root, 'a.py'), 'utf8')
  const { findings } = scanText('a.py', text, { floor })
  expect(findings).toHaveLength(2)
  const [change] = planFixes(root, [findings[1]!], floor, 'all')
  expect(change!.after.split('\n')[0]).toBe('one = ssl.SSLContext(ssl.PROTOCOL_TLSv1)')
  expect(change!.after.split('\n')[1]).not.toContain('TLSv1')
})

test('a finding is known again whatever folder of the project was named', async () => {
  put('sub/a.cs', pinned)
  const [whole] = (await scanTree(root, { floor })).findings
  const [part] = (await scanTree(join(root, 'sub'), { floor, prefix: 'sub/' })).findings
  expect(part!.fingerprint).toBe(whole!.fingerprint)
})

test('the floor is a parameter: TLS 1.2 pins and bounds show themselves under TLS 1.3', () => {
  const lines = [
    "tls.connect({ minVersion: 'TLSv1.2' })",
    "tls.connect({ maxVersion: 'TLSv1.2' })",
    "tls.connect({ minVersion: 'TLSv1.3' })",
  ]
  const under = (at: number) =>
    scanText('a.js', lines.join('\n'), { floor: at }).findings.map(
      ({ place, effect }) => `${place.line} ${effect}`,
    )
  expect(under(0x0303)).toEqual([])
  expect(under(0x0304)).toEqual(['1 allows', '2 breaks'])
})

test('fingerprints stay when lines move, and tell equal places apart', () => {
  const one = scanText('a.cs', pinned + pinned, { floor }).findings
  const moved = scanText('a.cs', `// new\n\n${pinned}${pinned}`, { floor }).findings
  expect(moved.map(({ fingerprint }) => fingerprint)).toEqual(one.map(({ fingerprint }) => fingerprint))
  expect(new Set(one.map(({ fingerprint }) => fingerprint)).size).toBe(2)
})

test('since a revision: only lines that changed, new files whole', () => {
  const git = (...args: string[]) =>
    expect(
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', ...args], { cwd: root }).status,
    ).toBe(0)
  git('init', '-q')
  put('old.cs', `${pinned}\n\n`)
  git('add', '.')
  git('commit', '-qm', 'one')
  put('old.cs', `${pinned}\n${pinned}`)
  put('new.cs', pinned)
  const changed = changedSince(root, 'HEAD')
  expect(changed.get('old.cs')).toEqual([[3, 3]])
  expect(changed.has('new.cs')).toBe(true)
  expect(() => changedSince(root, 'no-such')).toThrow('changed since no-such')
})

function isIgnoredPath(path: string, isFolder: boolean, files: readonly IgnoreFile[]) {
  const cut = path.lastIndexOf('/') + 1
  return isIgnored(path.slice(0, cut), path.slice(cut), isFolder, files)
}

test('gitignore: anchors, folders, stars, negation', () => {
  const file = readIgnore('*.log\n/top\nbuild/\na/**/z\n!keep.log\n# no\n\\#yes\n', '')!
  const ignored = (path: string, isFolder = false) => isIgnoredPath(path, isFolder, [file])
  expect(
    ['x.log', 'd/x.log', 'top', 'd/build', 'a/b/c/z', '#yes'].map(path =>
      ignored(path, path.endsWith('build')),
    ),
  ).toEqual(Array(6).fill(true))
  expect(['keep.log', 'd/top', 'build', 'b/z', 'no'].map(path => ignored(path))).toEqual(Array(5).fill(false))
})

test('gitignore: what git says of every path', () => {
  const plain = [
    '*.log',
    '*.a.b',
    '/top',
    'build/',
    '[Oo]bj/',
    'd/*.x',
    'a/**/z',
    'name',
    '!keep.log',
    '*~',
    '*.d/',
  ]
  const starred = [
    '**/top/*',
    '*.mm.*',
    '**/[Nn]ames/x*',
    '[sw]ub?',
    'e*.d',
    'obj/**',
    '*[yz]',
    '!sub/name',
    '!?~',
  ]
  const rules = `${[...plain, ...starred].join('\n')}\n`
  put('.gitignore', rules)
  const names =
    'x.log keep.log y.a.b top build obj z name n~ e.d w.x .log d sub a b.mm.c names subs ed y'.split(' ')
  const paths = [...names, ...names.flatMap(one => names.map(two => `${one}/${two}`))]
  spawnSync('git', ['init', '-q'], { cwd: root })
  const { stdout } = spawnSync('git', ['check-ignore', '--no-index', '--stdin'], {
    cwd: root,
    input: paths.join('\n'),
    encoding: 'utf8',
  })
  expect(ignoredUnder(rules, paths)).toEqual(stdout.trim().split('\n'))
})

test('gitignore: what git says, of made-up rules', () => {
  const names = ['a', 'b', 'ab', 'a.b', 'b.a', 'a.a.b', '.a']
  const below = (paths: string[]) => paths.flatMap(path => ['a', 'b', 'a.b'].map(name => `${path}/${name}`))
  const paths = [...names, ...below(names), ...below(below(names))]
  const segment = fc
    .array(fc.constantFrom('a', 'b', 'ab', '.', '*', '?', '[ab]', '[!a]'), { minLength: 1, maxLength: 4 })
    .map(parts => parts.join('').replace(/\*+/g, '*'))
  const glob = fc
    .tuple(
      fc.constantFrom('', '', '', '/', '**/', '!'),
      fc.array(fc.oneof({ weight: 5, arbitrary: segment }, fc.constant('**')), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.constantFrom('', '', '/', '/*', '/**'),
    )
    .map(([start, middle, end]) => start + middle.join('/') + end)
  const folder = join(root, 'made-up-rules')
  mkdirSync(folder)
  const git = (args: string[], input?: string) =>
    spawnSync('git', args, { cwd: folder, encoding: 'utf8', ...(input && { input }) }).stdout
  git(['init', '-q'])
  fc.assert(
    fc.property(fc.array(glob, { minLength: 1, maxLength: 6 }), globs => {
      const rules = `${globs.join('\n')}\n`
      writeFileSync(join(folder, '.gitignore'), rules)
      const said = git(['check-ignore', '--no-index', '--stdin'], paths.join('\n'))
      expect(ignoredUnder(rules, paths)).toEqual(said.split('\n').filter(Boolean))
    }),
    { numRuns: 60 },
  )
})

/** Paths that rules leave out, by themselves or by a folder above. */
function ignoredUnder(rules: string, paths: readonly string[]): string[] {
  const files = [readIgnore(rules, '')].filter(file => file !== undefined)
  return paths.filter(path => {
    const parts = path.split('/')
    return parts.some((_, k) => isIgnoredPath(parts.slice(0, k + 1).join('/'), k + 1 < parts.length, files))
  })
}

test('the prefilter finds a literal wherever it stands, in any case', () => {
  const literals = literalsOf()
  const { room, passes } = prefilterOf()
  const holds = (bytes: Uint8Array) => {
    room.set(bytes)
    return passes(bytes.length)
  }
  fc.assert(
    fc.property(
      fc.constantFrom(...literals),
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 80 }),
      fc.boolean(),
      (literal, before, after, upper) => {
        const bytes = Buffer.concat([before, Buffer.from(upper ? literal.toUpperCase() : literal), after])
        return holds(bytes)
      },
    ),
  )
  expect(holds(Buffer.from('nothing to see here'))).toBe(false)
  // What lies behind a text in the room is no part of it.
  expect(holds(Buffer.from('tlsv1'))).toBe(true)
  expect(passes(4)).toBe(false)
  const source = createHash('sha256').update(readFileSync('src/scan/literals.c')).digest('hex')
  expect(readFileSync('src/scan/literals.wasm').subarray(-64).toString('latin1')).toBe(source)
})

test('any text in any format ends without throwing, and every truncation of a real one too', () => {
  const names = [
    'a.cs',
    'a.vb',
    'a.fs',
    'a.ps1',
    'a.c',
    'a.cpp',
    'a.m',
    'a.java',
    'a.kt',
    'a.scala',
    'a.gradle',
    'a.py',
    'a.ts',
    'a.go',
    'a.rb',
    'a.php',
    'a.pl',
    'a.rs',
    'a.swift',
    'a.dart',
    'a.lua',
    'a.erl',
    'a.ex',
    'a.json',
    'a.tf',
    'a.bicep',
    'a.toml',
    'application.conf',
    'a.yaml',
    'a.xml',
    'a.plist',
    'a.ini',
    'a.conf',
    'a.reg',
    'a.sh',
    'Dockerfile',
    'a.vbs',
  ]
  const piece = fc.constantFrom(
    'TLSv1',
    'tls',
    'ssl_version',
    'SslProtocols.Tls',
    ' = ',
    ': ',
    '"',
    "'",
    '`',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    ';',
    '\n',
    '  - ',
    '#',
    '//',
    '/*',
    '*/',
    '<<EOF',
    '@"',
    '=begin',
    '%w[',
    '|',
    '&',
    '~',
    '?',
    '<a b="',
    '">',
    '-VERS-ALL:+VERS-TLS1.0',
    'minVersion',
    '\\',
    '1.0',
    '0x0301',
    ' and ',
    'case ',
    '!',
    '\u0000',
    'é',
  )
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(piece, { maxLength: 60 }), (name, parts) => {
      scanText(name, parts.join(''), { floor })
      return true
    }),
    { numRuns: runs(1500) },
  )
  const sample =
    'var a = new H { SslProtocols = (SslProtocols)(192 | 768), B = new[] { "TLSv1" } }; /* x */ F(@"y", SslProtocols.Tls ? 1 : 2);'
  for (let end = 0; end <= sample.length; end++)
    for (const name of names) scanText(name, sample.slice(0, end), { floor })
})

test('decoding and encoding give the bytes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const decoded = decode(bytes)
      if (!decoded || (decoded.encoding.startsWith('utf16') && bytes.length % 2 === 1)) return true
      return encode(decoded.text, decoded).equals(Buffer.from(bytes)) || decoded.encoding.startsWith('utf16')
    }),
  )
})
