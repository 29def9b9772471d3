// Adds the client hellos of files to src/identify/stacks/table.ts: node scripts/stacks.mjs HELLOS.json…
// A file is a list of { name, vendor_family, max_version, hello_format, record_version, legacy_version, supported_versions, ciphers, extensions,
// groups, ec_point_formats, sigalgs, alpn, evidence, source, stack? }, numbers as four hex digits. `stack` names an entry of stacks.ts; without it
// the rules below find one. Facts only: what a program of that name put on the wire, and where that was read.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** First match wins: [family, what the name says, highest version] -> stack. */
const rules = [
  ['schannel', /XP|NT 5\.2|MSIE 6|IE 6/, '', 'schannel-xp'],
  ['schannel', /Vista/, '', 'schannel-vista'],
  ['schannel', /Win(dows)? ?7|Windows 7|Telemetry|Win7/, '', 'schannel-7'],
  ['schannel', /Edge|Windows 10|Win ?10|IE 11 Win 10/, '', 'schannel-10'],
  ['schannel', /Windows 8|Win 8|Phone 8|Windows 8\.x/, '', 'schannel-8'],
  ['schannel', /IE 11|Internet Explorer 11|Trident\/7/, '', 'schannel-7'],
  ['schannel', /Safari|MS Office|Non-Specific Microsoft Socket/, '', 'schannel-7'],
  ['schannel', /Smartscreen/, '', 'schannel-10'],
  ['dotnet', /Server 2022/, '', 'schannel-11'],
  ['dotnet', /Server 2019/, '', 'schannel-10'],
  ['dotnet', /./, 'TLS1.2', 'schannel-10'],
  ['dotnet', /./, '', 'dotnet-framework'],
  ['jsse', /Java 6|SSLv2/, '', 'java-6'],
  ['jsse', /Java 7|BurpSuite/, '', 'java-7'],
  ['jsse', /Java (1[1-9]|2\d)|8u442/, '', 'java-11'],
  ['jsse', /./, 'TLS1.0', 'java-7'],
  ['jsse', /./, '', 'java-8'],
  ['nodejs', /0\.10\./, '', 'node-legacy'],
  ['nodejs', /./, 'TLS1.0', 'node-legacy'],
  ['nodejs', /./, '', 'node'],
  ['python', /3\.11/, '', 'python-3'],
  ['python', /./, 'TLS1.0', 'python-2'],
  ['python', /Python 2|python2|CPython\/2/, '', 'python-2'],
  ['python', /./, 'TLS1.3', 'python-3'],
  ['python', /./, '', 'python'],
  ['php', /./, '', 'php'],
  ['ruby', /./, '', 'ruby'],
  ['mono', /./, '', 'mono'],
  ['go', /./, '', 'go'],
  ['erlang', /./, '', 'erlang'],
  ['mbedtls', /./, '', 'mbedtls'],
  ['libressl', /./, '', 'libressl'],
  ['gnutls', /2\.x/, '', 'gnutls-2'],
  ['gnutls', /./, '', 'gnutls-3'],
  ['opera-presto', /./, '', 'opera-presto'],
  ['boringssl', /Bun/, '', 'bun'],
  ['android', /Android [12]\.|533\.1/, '', 'android-2'],
  ['android', /Android [45]\.|534/, '', 'android-4'],
  ['android', /./, '', 'android'],
  ['chromium', /./, 'SSL3.0', 'chrome-legacy'],
  ['chromium', /./, 'TLS1.0', 'chrome-legacy'],
  ['chromium', /./, 'TLS1.1', 'chrome-legacy'],
  ['chromium', /Chrome (29|3\d)\b|Googlebot Feb 2015/, '', 'chrome-30'],
  ['chromium', /./, '', 'chrome'],
  ['nss', /curl|tstclnt/, '', 'nss'],
  ['nss', /./, 'TLS1.0', 'firefox-legacy'],
  ['nss', /./, 'TLS1.1', 'firefox-legacy'],
  ['nss', /./, '', 'firefox'],
  ['apple', /534\.34|537\.21/, '', 'openssl-1.0.1'],
  ['apple', /./, 'TLS1.0', 'apple-legacy'],
  ['apple', /./, 'TLS1.1', 'apple-legacy'],
  ['apple', /./, 'TLS1.3', 'apple'],
  ['apple', /./, '', 'apple-securetransport'],
  ['openssl', /OpenConnect version v7\.06/, '', 'gnutls-3'],
  ['openssl', /BlackBerry|Blackberry/, '', 'blackberry'],
  ['openssl', /0\.9\.8|webOS/, 'TLS1.0', 'openssl-0.9.8'],
  ['openssl', /OpenSSL [34]\.|Ncat 7\.93|mosquitto/, '', 'openssl-3'],
  ['openssl', /1\.1\.1/, '', 'openssl-1.1.1'],
  ['openssl', /1\.1\.0/, '', 'openssl-1.1.0'],
  ['openssl', /./, 'SSL3.0', 'openssl-0.9.8'],
  ['openssl', /./, 'TLS1.3', 'openssl-1.1.1'],
  ['crawler', /BingPreview Dec|YandexBot/, '', 'openssl-0.9.8'],
  ['crawler', /Baidu/, '', 'nss'],
  ['crawler', /BingPreview|Yahoo/, '', 'openssl-1.0.1'],
]

/** Entries whose name says nothing that may be told to a customer, or whose library is not known. */
const unnamed = /malware|Unknown SMTP|^Non-Specific|unconfirmed/i

const title = name =>
  name
    .replace(/, (Windows|Mojave|Catalina|Sierra|El Capitan|High Sierra|Unknown|Yosemite) .*$/, '')
    .replace(/ ?\((tested|Tested)[: ][^)]*\)/g, '')
    .replace(/ \([\w.-]+\.exe\)| \((kubectl|terraform|docker|Notes|node|python|Python)\)/g, '')
    .replace(/, offers up to TLS1\.\d.*$/, '')
    .trim()

const pick = entry => {
  if (entry.stack) return entry.stack
  if (entry.vendor_family === 'openssl') {
    const version = openSslVersion(entry)
    const named = rules.find(
      ([family, name, max]) =>
        family === 'openssl' &&
        name.source !== '.' &&
        name.test(entry.name) &&
        (max === '' || max === entry.max_version),
    )
    return named?.[3] ?? version
  }
  return (
    rules.find(
      ([family, name, max]) =>
        family === entry.vendor_family && name.test(entry.name) && (max === '' || max === entry.max_version),
    )?.[3] ?? ''
  )
}

/** Where the name says only which program it was, the hello tells the age of its OpenSSL. */
function openSslVersion({ extensions, sigalgs, ciphers, max_version: max }) {
  const has = type => (extensions ?? []).includes(type)
  if (max === 'TLS1.3') return 'openssl-1.1.1'
  if (has('0016') && has('0017')) return 'openssl-1.1.0'
  if (has('000f')) return 'openssl-1.0.1'
  if (max === 'TLS1.2' || max === 'TLS1.1') return 'openssl-1.0.1'
  if (ciphers.some(suite => suite.startsWith('c0'))) return 'openssl-1.0.0'
  return sigalgs?.length ? 'openssl-1.0.1' : 'openssl-0.9.8'
}

const join = list => (list ?? []).join('')
const path = fileURLToPath(new URL('../src/identify/stacks/table.ts', import.meta.url))
const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
const sources = JSON.parse(/sources: readonly string\[\] = (\[[^\]]*\])/.exec(before)?.[1] ?? '[]')
const seen = new Map()
for (const [, json] of before.matchAll(/^ {2}(\[".*\]),$/gm)) {
  const row = JSON.parse(json)
  seen.set([row[0], ...row.slice(3)].join('|'), row)
}
const entries = process.argv.slice(2).flatMap(file => JSON.parse(readFileSync(file, 'utf8')))
for (const { source } of entries) if (!sources.includes(source)) sources.push(source)
for (const entry of entries) {
  const row = [
    entry.stack ?? pick(entry),
    unnamed.test(entry.name) ? '' : title(entry.name),
    sources.indexOf(entry.source),
    entry.hello_format === 'sslv2' ? 2 : 3,
    entry.legacy_version ?? '',
    join(entry.supported_versions),
    join(entry.ciphers),
    join(entry.extensions),
    join(entry.groups),
    (entry.ec_point_formats ?? []).join('.'),
    join(entry.sigalgs),
    (entry.alpn ?? []).join(','),
    entry.evidence === 'partial' || entry.extensions === null ? 1 : 0,
  ]
  if (row[0] === '' || row[6] === '') continue
  const hello = [row[0], ...row.slice(3)].join('|')
  if (!seen.has(hello)) seen.set(hello, row)
}
const rows = [...seen.values()]
const stacks = [...new Set(rows.map(row => row[0]))].sort()
const text = `// biome-ignore-all format: written by scripts/stacks.mjs; one hello a line


/** Where the hellos were read or measured. */
export const sources: readonly string[] = ${JSON.stringify(sources, null, 2)}

/**
 * [stack, name of the program as its source gives it, index of the source, 2 for SSLv2 framing or 3, legacy version, supported versions, suites,
 * extensions, groups, point formats, signature schemes, ALPN, 1 when extensions or schemes were not recorded]; hex lists are four digits a value.
 */
export type TableRow = readonly [
  string, string, number, number, string, string, string, string, string, string, string, string, number,
]

export const table: readonly TableRow[] = [
${rows.map(row => `  ${JSON.stringify(row)},`).join('\n')}
]
`
writeFileSync(path, text)
process.stdout.write(
  `${rows.length} hellos of ${stacks.length} stacks from ${sources.length} sources\n${stacks.join(' ')}\n`,
)
