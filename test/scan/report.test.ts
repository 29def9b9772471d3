import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { main } from '../../src/cli/main.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tlsunset-report-'))
  writeFileSync(
    join(root, 'client.cs'),
    'class A {\n  void M() {\n    ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;\n  }\n}\n',
  )
  writeFileSync(join(root, 'nginx.conf'), 'ssl_protocols TLSv1 TLSv1.2;\n')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function scan(...words: string[]) {
  const out = new PassThrough()
  const err = new PassThrough()
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  const code = await main(['scan', ...words], {
    stdin: new PassThrough(),
    stdout: out,
    stderr: err,
    env: {},
    cwd: root,
    now: () => 0,
    signal: new AbortController().signal,
  })
  return { code, out: read(out), err: read(err) }
}

test('text: place, code, why and fix, what breaks first; exit 1', async () => {
  const { code, out, err } = await scan()
  expect(code).toBe(1)
  expect(out.indexOf('client.cs:3:44')).toBeGreaterThan(0)
  expect(out.indexOf('client.cs')).toBeLessThan(out.indexOf('nginx.conf:1:15'))
  expect(out).toContain('^^^^')
  expect(out).toContain('2 findings under a floor of TLS 1.2: 1 break, 1 allow')
  expect(err).toContain('2 files read (127 bytes), 2 parsed')
})

test('one file that cannot be read is told with its reason, and says nothing of its contents', async () => {
  writeFileSync(join(root, 'junk.bin'), Buffer.from([1, 0, 0, 3, 0, 0, 9]))
  writeFileSync(join(root, 'page.md'), 'ssl_protocols TLSv1;\n')
  for (const [name, reason] of [
    ['junk.bin', 'binary'],
    ['page.md', 'document'],
  ] as const) {
    const { code, err } = await scan(name)
    expect(code).toBe(6)
    expect(err).toContain(`skipped 1 ${reason}: ${name}`)
    expect(err).toContain('nothing was read')
  }
  writeFileSync(join(root, 'clean.py'), 'x = 1\n')
  expect((await scan('clean.py')).code).toBe(0)
})

test('two forms of the answer, and a form for a patch, are wrong usage', async () => {
  for (const words of [
    ['--json', '--sarif'],
    ['--format', 'cbom', '--json'],
    ['--diff', '--json'],
  ]) {
    const { code, out } = await scan(...words)
    expect([code, out]).toEqual([2, ''])
  }
  expect((await scan('--format', 'json', '--json')).code).toBe(1)
})

test('JSON carries the whole finding and the coverage', async () => {
  const { out } = await scan('--json')
  const doc = JSON.parse(out)
  expect(doc.floor).toBe('TLS 1.2')
  expect(doc.findings[0]).toMatchObject({
    rule: 'dotnet-protocols',
    effect: 'breaks',
    side: 'client',
    versions: ['TLS 1.0'],
    certainty: 'sure',
    place: { path: 'client.cs', line: 3 },
  })
  expect(doc.coverage).toMatchObject({ files: 2, parsed: 2 })
})

test('SARIF 2.1.0: rules with help, levels, fingerprints, fixes, places inside the file', async () => {
  const { out } = await scan('--sarif')
  const { version, runs } = JSON.parse(out)
  expect(version).toBe('2.1.0')
  const { tool, results } = runs[0]
  for (const rule of tool.driver.rules)
    for (const field of ['id', 'shortDescription', 'fullDescription', 'help', 'helpUri'])
      expect(rule[field], field).toBeTruthy()
  expect(results.map((result: { level: string }) => result.level)).toEqual(['error', 'warning'])
  for (const result of results) {
    expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
    expect(result.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/)
    const { artifactLocation, region } = result.locations[0].physicalLocation
    const text = readFileSync(join(root, artifactLocation.uri), 'utf8')
    expect(text.split('\n').length).toBeGreaterThanOrEqual(region.endLine)
    expect(result.fixes[0].artifactChanges[0].replacements.length).toBeGreaterThan(0)
  }
})

test('CycloneDX: protocols as cryptographic assets with their occurrences', async () => {
  const doc = JSON.parse((await scan('--cbom')).out)
  expect(doc).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' })
  expect(
    doc.components.every(
      (component: { type: string; cryptoProperties: { assetType: string } }) =>
        component.type === 'cryptographic-asset' && component.cryptoProperties.assetType === 'protocol',
    ),
  ).toBe(true)
  expect(new Set(doc.components.map((component: { 'bom-ref': string }) => component['bom-ref'])).size).toBe(
    doc.components.length,
  )
})

const schemaOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../cases/schema/${name}.schema.json`, import.meta.url), 'utf8'))

test('SARIF and CycloneDX are valid under the published schemas', async () => {
  for (const name of ['space and #.py', 'app_test.go'])
    writeFileSync(
      join(root, name),
      'ctx.minimum_version = ssl.TLSVersion.TLSv1\nvar c = tls.Config{MinVersion: tls.VersionTLS10}\n',
    )
  writeFileSync(
    join(root, 'a.py'),
    'V = ssl.PROTOCOL_TLSv1\nctx = ssl.SSLContext(V)\nctx.set_ciphers("DEFAULT@SECLEVEL=0")\n',
  )
  const checker = new Ajv({ strict: false, allErrors: true, logger: false })
  addFormats.default(checker)
  // The schema calls itself draft 4; nothing in it means something else in draft 7.
  const { $schema: _draft4, id: _id, ...schema } = schemaOf('sarif-2.1.0')
  const sarif = JSON.parse((await scan('--sarif', '--inherits')).out)
  expect(checker.validate(schema, sarif), checker.errorsText()).toBe(true)
  expect(JSON.stringify(sarif)).toContain('space%20and%20%23.py')
  checker.addSchema(schemaOf('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json')
  checker.addSchema({ type: 'string' }, 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json')
  const bom = JSON.parse((await scan('--cbom', '--inherits')).out)
  expect(checker.validate(schemaOf('cyclonedx-1.6'), bom), checker.errorsText()).toBe(true)
  expect(bom.components.length).toBeGreaterThan(2)
  // What GitHub takes (docs.github.com, SARIF support for code scanning, 2025-11).
  for (const rule of sarif.runs[0].tool.driver.rules) {
    expect(rule.properties.tags.length).toBeLessThanOrEqual(20)
    for (const text of [rule.shortDescription.text, rule.fullDescription.text])
      expect(text.length).toBeLessThanOrEqual(1024)
  }
})

test('test code is shown and counted apart; it decides the exit code only when asked', async () => {
  rmSync(join(root, 'client.cs'))
  rmSync(join(root, 'nginx.conf'))
  writeFileSync(join(root, 'app_test.go'), 'var c = tls.Config{MinVersion: tls.VersionTLS10}\n')
  const { code, out, err } = await scan()
  expect(code).toBe(0)
  expect(out).toContain('1 in test code')
  expect(err).toContain('only with --tests')
  expect((await scan('--tests')).code).toBe(1)
})

test('an inline comment sets a finding aside; without a reason it says so', async () => {
  writeFileSync(
    join(root, 'nginx.conf'),
    '# tlsunset:ignore[tls-setting] old printers\nssl_protocols TLSv1;\n',
  )
  writeFileSync(join(root, 'client.cs'), 'x.SslProtocols = SslProtocols.Tls; // tlsunset:ignore\n')
  const { out, err } = await scan()
  expect(out).toContain('tlsunset:ignore without a reason has no effect: client.cs:1')
  expect(out).toContain('1 finding under')
  expect(err).toContain('1 finding set aside')
})

test('a folder below: places are named from where the command runs', async () => {
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src', 'a.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  expect((await scan('src')).out).toContain('src/a.py:1:')
  const { runs } = JSON.parse((await scan('src/a.py', '--sarif')).out)
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('src/a.py')
})

test('the GitHub action and the pre-commit hook run what they say', async () => {
  const here = fileURLToPath(new URL('../..', import.meta.url))
  const action = parse(readFileSync(join(here, 'action.yml'), 'utf8'))
  const { inputs, runs } = action as {
    inputs: Record<string, { default: string }>
    runs: { steps: { run: string; shell: string; env: Record<string, string> }[] }
  }
  expect(runs.steps.map(({ shell }) => shell)).toEqual(['bash'])
  const env = Object.fromEntries(
    Object.entries(runs.steps[0]!.env).map(([name, value]) => [
      name,
      value.replace(/\$\{\{\s*(\S+)\s*\}\}/g, (_all, key: string) =>
        key === 'github.action_path' ? 'ACTION' : inputs[key.replace('inputs.', '')]!.default,
      ),
    ]),
  )
  // The step as bash runs it, with a program in place of node that writes down its words.
  const step = runs.steps[0]!.run.replace(/^(\s*)node /m, '$1printf "%s\\n" ')
  const done = spawnSync('bash', ['--norc', '--noprofile', '-eo', 'pipefail', '-c', step], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env, SCAN_SINCE: 'main' },
    encoding: 'utf8',
  })
  expect(done.status, done.stderr).toBe(0)
  const words = readFileSync(join(root, env.SCAN_SARIF!), 'utf8').trim().split('\n')
  expect(words).toEqual([
    'ACTION/bin/tlsunset.js',
    'scan',
    '.',
    '--floor',
    'TLS 1.2',
    '--sarif',
    '--since',
    'main',
  ])
  expect((await scan(...words.slice(2, -2))).code).toBe(1)

  const [hook] = parse(readFileSync(join(here, '.pre-commit-hooks.yaml'), 'utf8'))
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.email=a@b', '-c', 'user.name=a', ...args], { cwd: root })
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'x')
  expect((await scan(...hook.entry.split(' ').slice(2))).code).toBe(0)
  writeFileSync(join(root, 'new.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  git('add', '.')
  expect((await scan(...hook.entry.split(' ').slice(2))).code).toBe(1)
})

test('a baseline leaves out what was there; a new place is reported', async () => {
  expect((await scan('--write-baseline', 'known.json')).code).toBe(0)
  expect((await scan('--baseline', 'known.json')).code).toBe(0)
  writeFileSync(join(root, 'new.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  const again = await scan('--baseline', 'known.json')
  expect(again.code).toBe(1)
  expect(again.out).toContain('1 finding under')
  // What was known stays known when the baseline is written again.
  await scan('--baseline', 'known.json', '--write-baseline', 'known.json')
  expect((await scan('--baseline', 'known.json')).code).toBe(0)
  await expect(scan('--baseline', 'missing.json').then(({ code }) => code)).resolves.toBe(3)
})

test('a fix takes the client side; the server stays until it is asked for', async () => {
  const diff = await scan('--diff')
  expect(diff.out).toContain('-    ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;')
  expect(diff.out).not.toContain('ssl_protocols')
  expect((await scan('--fix')).err).toContain('by hand: nginx.conf:1')
  expect(readFileSync(join(root, 'client.cs'), 'utf8')).toBe('class A {\n  void M() {\n  }\n}\n')
  expect((await scan('--fix', '--fix-side', 'all')).code).toBe(0)
  expect(readFileSync(join(root, 'nginx.conf'), 'utf8')).toBe('ssl_protocols TLSv1.2;\n')
  expect((await scan()).code).toBe(0)
})

test('a change of a folder is named as it is called from here, and the summary says which places need another side', async () => {
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src', 'a.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  const { out } = await scan('--diff', 'src')
  const applied = spawnSync('git', ['apply', '--check', '-'], { cwd: root, input: out, encoding: 'utf8' })
  expect(applied.stderr).toBe('')
  expect((await scan('--fix', 'src')).out).toContain('changed src/a.py: 1 place')
  expect((await scan()).out).toContain('; 1 can be mended by --fix; 1 more by --fix --fix-side all')
  expect((await scan('--fix')).err).toContain(
    '1 findings left to a person, 1 of which --fix-side all would mend',
  )
})

test('seen stacks bring their explanation to the front', async () => {
  writeFileSync(join(root, 'a.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  writeFileSync(
    join(root, 'seen.jsonl'),
    '{"stack":"Python 3.6 requests","version":"TLS 1.0","connections":120}\n',
  )
  const firstWith = async (seen: string) =>
    JSON.parse((await scan('--seen', seen, '--json')).out).findings[0].place.path
  expect(await firstWith('seen.jsonl')).toBe('a.py')

  // The log of the account's page, and the answer of `tlsunset account --json`.
  writeFileSync(
    join(root, 'seen.csv'),
    'at,stack,user_agent,offered_max,negotiated,count\r\n2026-11-01,"Python 3.6, requests","a ""b""",TLS 1.0,,120\r\n',
  )
  expect(await firstWith('seen.csv')).toBe('a.py')
  const client = {
    stack: { title: 'Python 3.6' },
    offered_max: null,
    negotiated: { 'TLS 1.0': 9 },
    connections: 9,
  }
  writeFileSync(join(root, 'seen.json'), JSON.stringify({ account: 'acme', clients: [client] }, null, 2))
  expect(await firstWith('seen.json')).toBe('a.py')
  writeFileSync(join(root, 'not-seen.txt'), 'Python 3.6\n')
  expect(await scan('--seen', 'not-seen.txt')).toMatchObject({
    code: 3,
    err: expect.stringContaining('not-seen.txt has no column named stack'),
  })
})

test('nothing read is undecided, a missing folder and a wrong floor are said', async () => {
  rmSync(join(root, 'client.cs'))
  rmSync(join(root, 'nginx.conf'))
  expect((await scan()).code).toBe(6)
  expect(await scan('no-such')).toMatchObject({
    code: 3,
    err: expect.stringContaining('no such file or folder: no-such'),
  })
  expect(await scan('--floor', 'TLS 9')).toMatchObject({
    code: 2,
    err: expect.stringContaining('no such version: TLS 9'),
  })
})

test('nothing is written by --diff with --fix, nor under a floor that fixes are not worded for', async () => {
  const path = join(root, 'client.py')
  writeFileSync(path, 'context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  const { out } = await scan('--diff', '--fix', '--fix-side', 'all')
  expect(out).toContain('-context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)')
  await scan('--fix', '--fix-side', 'all', '--floor', 'TLS 1.3')
  expect(readFileSync(path, 'utf8')).toContain('PROTOCOL_TLSv1)')
})
