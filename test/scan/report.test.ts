import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
  expect(err).toContain('2 files read')
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

test('a baseline leaves out what was there; a new place is reported', async () => {
  await scan('--write-baseline', 'known.json')
  expect((await scan('--baseline', 'known.json')).code).toBe(0)
  writeFileSync(join(root, 'new.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  const again = await scan('--baseline', 'known.json')
  expect(again.code).toBe(1)
  expect(again.out).toContain('1 finding under')
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

test('seen stacks bring their explanation to the front', async () => {
  writeFileSync(join(root, 'a.py'), 'ctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n')
  writeFileSync(
    join(root, 'seen.jsonl'),
    '{"stack":"Python 3.6 requests","version":"TLS 1.0","connections":120}\n',
  )
  const { out } = await scan('--seen', 'seen.jsonl', '--json')
  expect(JSON.parse(out).findings[0].place.path).toBe('a.py')
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
