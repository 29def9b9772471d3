import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { fixText } from '../../src/scan/apply.ts'
import { decode } from '../../src/scan/decode.ts'
import { formatOf, formatsOf } from '../../src/scan/language.ts'
import { prefilterOf } from '../../src/scan/prefilter.ts'
import type { Recipe } from '../../src/scan/recipe.ts'
import { recipes } from '../../src/scan/recipes/index.ts'
import { scanText } from '../../src/scan/scan-text.ts'

interface Label {
  path: string
  line: number
  expect: 'flag' | 'no-flag' | 'info'
  accept?: number[]
}

const folder = fileURLToPath(new URL('../../cases/recipe/', import.meta.url))
const { labels } = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as { labels: Label[] }
const floor = 0x0303

const files = readdirSync(join(folder, 'files'), { recursive: true })
  .map(name => String(name).replaceAll('\\', '/'))
  .filter(name => statSync(join(folder, 'files', name)).isFile())
const texts = new Map(files.map(path => [path, decode(readFileSync(join(folder, 'files', path)))!.text]))
/** What is found in each, what a fix makes of it, and what is found in that. */
const cases = [...texts].map(([path, text]) => {
  const fixed = fixText(path, text, floor, 'all')
  const [findings, left] = [text, fixed.text].map(each => scanText(path, each, { floor }).findings)
  return { path, text, findings: findings!, fixed, left: left! }
})
const counts = ({ effect }: Finding) => effect === 'breaks' || effect === 'allows'

test('every labelled line is found, and nothing else', () => {
  const wrong: string[] = []
  for (const { path, findings } of cases) {
    const lines = new Set(findings.filter(counts).map(({ place }) => place.line))
    for (const label of labels.filter(one => one.path === path)) {
      const hit = [label.line, ...(label.accept ?? [])].some(line => lines.has(line))
      if (label.expect === 'flag' && !hit) wrong.push(`missed ${path}:${label.line}`)
      if (label.expect === 'no-flag' && lines.has(label.line)) wrong.push(`false ${path}:${label.line}`)
    }
  }
  expect(wrong).toEqual([])
  expect(labels.filter(({ expect }) => expect === 'flag').length).toBeGreaterThan(600)
  expect(labels.filter(({ expect }) => expect === 'no-flag').length).toBeGreaterThan(1000)
})

test('what a recipe finds holds one of its literals, and the prefilter passes it', () => {
  const { room, passes } = prefilterOf()
  const silent = new Set(recipes.map(({ id }) => id))
  const wrong: string[] = []
  for (const recipe of recipes) {
    // The recipe alone, on every case, without looking for its literals first.
    const open = unconditional(recipe)
    for (const [path, text] of texts) {
      const format = formatOf(path, text.slice(0, 2000))
      if (!format) continue
      const found = scanText(path, text, { floor, recipes: [open] }).findings
      if (found.length === 0) continue
      silent.delete(recipe.id)
      const folded = text.toLowerCase()
      if (recipe.paths?.test(path)) continue
      if (!recipe.literals.some(literal => folded.includes(literal))) wrong.push(`${recipe.id}: ${path}`)
      const bytes = Buffer.from(text)
      room.set(bytes)
      if (!passes(bytes.length, formatsOf(path))) wrong.push(`prefilter: ${path}`)
      const gated = scanText(path, text, { floor, recipes: [recipe] }).findings
      if (gated.length !== found.length)
        wrong.push(`${recipe.id} loses ${found.length - gated.length} in ${path}`)
    }
  }
  expect(wrong).toEqual([])
  expect([...silent]).toEqual([])
})

test('what is spared parsing holds nothing: a line alone has the findings that it has without any condition', () => {
  const wrong: string[] = []
  for (const recipe of recipes) {
    const open = unconditional(recipe)
    for (const { path, text, findings } of cases) {
      const lines = text.split('\n')
      const places = findings.filter(({ rule }) => rule === recipe.id).map(({ place }) => place)
      for (const { line, endLine } of places)
        for (const least of [floor, floor + 1]) {
          const alone = lines.slice(line - 1, endLine).join('\n')
          const [all, gated] = [open, recipe].map(
            one => scanText(path, alone, { floor: least, recipes: [one] }).findings.length,
          )
          if (all !== gated) wrong.push(`${recipe.id} ${path}:${line}`)
        }
    }
  }
  expect(wrong).toEqual([])
})

/** A recipe that looks at every text. */
function unconditional(recipe: Recipe): Recipe {
  const { evidence: _evidence, needs: _needs, ...rest } = recipe
  return { ...rest, literals: [''] }
}

test('each finding alone keeps a literal of its recipe: the line or the lines around it', () => {
  const wrong: string[] = []
  for (const { path, text, findings } of cases)
    for (const finding of findings) {
      const recipe = recipes.find(({ id }) => id === finding.rule)!
      if (recipe.paths?.test(path)) continue
      const lines = text.split('\n')
      const near = lines
        .slice(Math.max(0, finding.place.line - 40), finding.place.endLine + 3)
        .join('\n')
        .toLowerCase()
      if (!recipe.literals.some(literal => near.includes(literal)))
        wrong.push(`${path}:${finding.place.line} ${finding.rule}`)
    }
  expect(wrong).toEqual([])
})

test('fixed twice is fixed once, and what was fixed has no finding left that a fix could mend', () => {
  const wrong: string[] = []
  let fixed = 0
  for (const { path, fixed: once, left } of cases) {
    fixed += once.applied.length
    const twice = fixText(path, once.text, floor, 'all')
    if (twice.text !== once.text) wrong.push(`${path} changes again`)
    for (const finding of left.filter(({ edits }) => edits))
      wrong.push(`${path}:${finding.place.line} ${finding.snippet.trim()}`)
  }
  expect(wrong).toEqual([])
  expect(fixed).toBeGreaterThan(300)
})

test('a fix keeps the number of findings of others: it never makes a new one', () => {
  const wrong: string[] = []
  for (const { path, findings, fixed, left } of cases) {
    const [before, after] = [findings, left].map(found => found.filter(counts).length) as [number, number]
    if (after > before - fixed.applied.length + 1 && after > 0 && after >= before)
      wrong.push(`${path}: ${before} before, ${fixed.applied.length} fixed, ${after} left`)
  }
  expect(wrong).toEqual([])
})

test('every recipe says what, why, how and where from', () => {
  const ids = recipes.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const recipe of recipes) {
    expect(recipe.sources.length, recipe.id).toBeGreaterThan(0)
    expect(recipe.literals.length, recipe.id).toBeGreaterThan(0)
    for (const literal of recipe.literals) expect(literal, recipe.id).toBe(literal.toLowerCase())
    for (const text of [recipe.title, recipe.why, recipe.fix])
      expect(text.length, recipe.id).toBeGreaterThan(8)
  }
  expect(existsSync(folder)).toBe(true)
})

test('no pattern looks back along the line at every place of a text: what stands before is asked last', () => {
  const sources = fileURLToPath(new URL('../../src/scan/recipes/', import.meta.url))
  const slow: string[] = []
  for (const name of readdirSync(sources))
    for (const [pattern] of readFileSync(join(sources, name), 'utf8').matchAll(/^.*\/\(\?<[=!].*$/gm))
      if (/\/\(\?<[=!](?:[^()]|\([^()]*\))*(?:\[\^\\n\]|\.)[*+]/.test(pattern))
        slow.push(`${name}: ${pattern.trim()}`)
  expect(slow).toEqual([])
})

const mended: [path: string, before: string, after: string][] = [
  ['a.toml', 'ssl.versions = ["tlsv1.2","tlsv1.1","tlsv1"]', 'ssl.versions = ["tlsv1.2"]'],
  ['nginx.conf', 'ssl_protocols TLSv1 TLSv1.2 TLSv1.1 SSLv3;', 'ssl_protocols TLSv1.2;'],
  [
    'a.cpp',
    'Context::Ptr p = new Context(Context::TLSV1_1_SERVER_USE, "");',
    'Context::Ptr p = new Context(Context::TLSV1_2_SERVER_USE, "");',
  ],
  [
    'a.cs',
    'void Old() => ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;',
    'void Old() => ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;',
  ],
  [
    'a.cs',
    'while (Next()) ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;',
    'while (Next()) ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;',
  ],
  [
    'a.go',
    'c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS12',
    'c.MinVersion, c.MaxVersion = tls.VersionTLS12, tls.VersionTLS12',
  ],
  [
    'a.cs',
    's.AuthenticateAsServer(c, false, SslProtocols.Tls | SslProtocols.Tls12, true);',
    's.AuthenticateAsServer(c, false, SslProtocols.Tls12, true);',
  ],
  [
    'a.cs',
    'k.ConfigureHttpsDefaults(d => d.SslProtocols = SslProtocols.Tls);',
    'k.ConfigureHttpsDefaults(d => d.SslProtocols = SslProtocols.Tls12);',
  ],
  ['a.cs', 'void M(SslProtocols p = SslProtocols.Tls) {}', 'void M(SslProtocols p = SslProtocols.Tls12) {}'],
  ['a.c', 'SSL_CONF_cmd(c, "Protocol", "ALL,-SSLv3");', 'SSL_CONF_cmd(c, "Protocol", "ALL,-SSLv3");'],
  [
    'a.pl',
    "x(SSL_version => 'SSLv23:!SSLv2:!SSLv3');",
    "x(SSL_version => 'SSLv23:!SSLv2:!SSLv3:!TLSv1:!TLSv1_1');",
  ],
  [
    'a.erl',
    "f() -> ssl:listen(443, [{versions, [tlsv1, 'tlsv1.1', 'tlsv1.2']}]).",
    "f() -> ssl:listen(443, [{versions, ['tlsv1.2']}]).",
  ],
  ['a.rb', 'Typhoeus.get(u, sslversion: :tlsv1)', 'Typhoeus.get(u, sslversion: :tlsv1_2)'],
  [
    'a.py',
    "add(['ssl_protocols', 'SSLv3', 'TLSv1', 'TLSv1.2'])",
    "add(['ssl_protocols', 'SSLv3', 'TLSv1', 'TLSv1.2'])",
  ],
  ['Dockerfile', 'FROM x\nCMD ["node", "--tls-min-v1.0", "s.js"]', 'FROM x\nCMD ["node", "s.js"]'],
  ['a.yml', 'env:\n  NODE_OPTIONS: --tls-min-v1.0\n  A: b', 'env:\n  NODE_OPTIONS:\n  A: b'],
  [
    'mongod.conf',
    'net:\n  tls:\n    disabledProtocols: TLS1_0',
    'net:\n  tls:\n    disabledProtocols: TLS1_0',
  ],
  [
    'web.config',
    '<c><add key="SecurityProtocol" value="Tls,Tls11"/></c>',
    '<c><add key="SecurityProtocol" value="Tls12"/></c>',
  ],
  [
    'a.rs',
    'easy.ssl_min_max_version(SslVersion::Tlsv10, SslVersion::Tlsv12)?;',
    'easy.ssl_min_max_version(SslVersion::Tlsv12, SslVersion::Tlsv12)?;',
  ],
  [
    'a.rs',
    'easy.ssl_version(curl::easy::SslVersion::Tlsv1)?;',
    'easy.ssl_version(curl::easy::SslVersion::Tlsv12)?;',
  ],
  [
    'a.py',
    'ldap.set_option(ldap.OPT_X_TLS_PROTOCOL_MIN, 0x301)',
    'ldap.set_option(ldap.OPT_X_TLS_PROTOCOL_MIN, 0x0303)',
  ],
  ['httpd.conf', 'SSLProxyProtocol TLSv1.1', 'SSLProxyProtocol all -SSLv3 -TLSv1 -TLSv1.1'],
  ['httpd.conf', 'SSLProtocol -all +TLSv1', 'SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1'],
  ['nginx.conf', 'proxy_ssl_protocols SSLv3 TLSv1;', 'proxy_ssl_protocols TLSv1.2 TLSv1.3;'],
  ['stunnel.conf', 'sslVersion = all', 'sslVersion = all'],
  ['sqlnet.ora', 'SSL_VERSION = 1.0 or 1.1 or 1.2', 'SSL_VERSION = 1.2'],
  [
    'a.tf',
    'viewer_certificate {\n  minimum_protocol_version = "TLSv1"\n}',
    'viewer_certificate {\n  minimum_protocol_version = "TLSv1.2_2021"\n}',
  ],
]

test.each(mended)('the fix of %s: %s', (path, before, after) => {
  expect(scanText(path, before, { floor }).findings.length).toBeGreaterThan(0)
  expect(fixText(path, before, floor, 'all').text).toBe(after)
})
