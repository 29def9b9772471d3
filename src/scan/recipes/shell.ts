import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, type Version } from '../../model/version.ts'
import { isSigned } from '../find-settings.ts'
import { tokenAt, tokenIndexAt } from '../lex/code.ts'
import { usageOf } from '../lex/usage.ts'
import { versionLiterals } from '../literals.ts'
import { isLive } from '../live.ts'
import type { Format, Hit, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'
import { versionWords } from '../words.ts'

const texts: Format[] = [
  'shell',
  'dockerfile',
  'yaml',
  'json',
  'ini',
  'directives',
  'powershell',
  'python',
  'javascript',
  'ruby',
  'groovy',
  'perl',
  'php',
  'java',
  'kotlin',
  'scala',
  'csharp',
  'go',
  'c',
  'cpp',
  'rust',
  'toml',
  'hcl',
  'xml',
  'swift',
  'lua',
  'elixir',
]

/** Programs hold command lines in strings; everything else is one. */
function inCommand(source: Source, at: number): boolean {
  const code = source.code()
  if (!code || source.format === 'json' || source.format === 'powershell') return isLive(source, at)
  const token = tokenAt(code, at)
  // A command line, or one argument of a list; not the text of a help page.
  return token?.kind === 'string' && (/\b(?:curl|wget)\b/.test(token.text) || !/^\s|[\s,]/.test(token.text))
}

const curlVersions: Record<string, Version> = { '': TLS_1_0, '.0': TLS_1_0, '.1': TLS_1_1 }

export const curlOptions: Recipe = {
  id: 'curl-tls-option',
  title: 'curl: option that lets TLS 1.0 or 1.1 in, or goes no higher',
  formats: texts,
  literals: ['--tlsv1', 'tls-max', '--sslv', 'curl -', 'curl.exe -', 'tlsv1', 'sslv'],
  needs: /curl|--tls|--ssl|^[ \t]*(?:tls|ssl)/m,
  stack: 'curl',
  why: '--tlsv1.0 and --tlsv1.1 are lowest versions, --tls-max the highest; --sslv2 and --sslv3 speak nothing else.',
  fix: 'Drop the option (TLS 1.2 is the default lowest since curl 8.16), or use --tlsv1.2.',
  sources: ['https://curl.se/docs/manpage.html (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(/(?<![\w-])--(?:proxy-)?tlsv1(\.[01])?(?![\w.])/g))
      if (inCommand(source, match.index) && !isTested(source, match.index) && !triesEach(source, match.index))
        yield place(match.index, match[0], { kind: 'min', versions: [curlVersions[match[1] ?? '']!] }, [
          match[0].startsWith('--proxy') // has no other spelling
            ? cut(source.text, match.index, match[0].length)
            : { start: match.index, end: match.index + match[0].length, text: '--tlsv1.2' },
        ])
    for (const match of source.text.matchAll(/(?<![\w-])--tls-max(?:\s+|=|["'],\s*["'])["']?(1\.[01])\b/g))
      if (inCommand(source, match.index))
        yield place(match.index, match[0], { kind: 'max', versions: [TLS_1_0 + Number(match[1]!.at(-1))] }, [
          cut(source.text, match.index, match[0].replace(/["']$/, '').length),
        ])
    for (const match of source.text.matchAll(/(?<![\w-])--sslv([23])(?![\w.])/g))
      if (inCommand(source, match.index) && !isTested(source, match.index) && !triesEach(source, match.index))
        yield place(
          match.index,
          match[0],
          { kind: 'only', versions: [match[1] === '2' ? SSL_2_0 : SSL_3_0] },
          [cut(source.text, match.index, match[0].length)],
        )
    // `-1`, `-2`, `-3`, alone or among other short options.
    for (const match of source.text.matchAll(/(?:^|[\s"'`(;&|/])curl(?:\.exe)?((?:\\\r?\n|[^\n|;&#)])*)/g)) {
      for (const option of match[1]!.matchAll(/(?<=\s|["'])-([a-zA-Z#]*)([123])([a-zA-Z]*)(?=\s|$|["'])/g)) {
        if (/[oHdXuAebmwyYzCETKFxUPrtQ]/.test(option[1]!)) continue // these take the rest as their value
        const before = match[1]!.slice(0, option.index)
        if ((before.split('"').length - 1) % 2 === 1 || (before.split("'").length - 1) % 2 === 1)
          if (source.format === 'shell' || source.format === 'dockerfile') continue
        if (!inCommand(source, match.index + match[0].indexOf('curl'))) break
        const at = match.index + match[0].length - match[1]!.length + option.index
        const digit = option[2]!
        yield place(
          at,
          option[0],
          digit === '1'
            ? { kind: 'min', versions: [TLS_1_0] }
            : { kind: 'only', versions: [digit === '2' ? SSL_2_0 : SSL_3_0] },
          option[0].length === 2
            ? [cut(source.text, at, 2)]
            : [{ start: at, end: at + option[0].length, text: `-${option[1]}${option[3]}` }],
        )
      }
    }
    // .curlrc: the long name without dashes.
    if (/curlrc$/.test(source.name))
      for (const match of source.text.matchAll(
        /^[ \t]*(?:tlsv1(\.[01])?|sslv([23])|tls-max\s*[= ]\s*1\.[01])[ \t]*$/gm,
      ))
        if (isLive(source, match.index))
          yield place(
            match.index,
            match[0],
            match[2]
              ? { kind: 'only', versions: [SSL_3_0] }
              : { kind: 'min', versions: [curlVersions[match[1] ?? '']!] },
          )
  },
}

/** Options for three versions or more on one line: a program that tries one after the other, such as sslyze. */
function triesEach(source: Source, at: number): boolean {
  const start = source.text.lastIndexOf('\n', at) + 1
  const end = source.text.indexOf('\n', at)
  const line = source.text.slice(start, end < 0 ? undefined : end)
  return new Set(line.match(/--(?:sslv[23]|tlsv1(?:[._][0-3])?)(?![\w.])/g)).size > 2
}

function place(at: number, text: string, shape: Hit['shape'], edits?: Hit['edits']): Hit {
  return { start: at, end: at + text.length, shape, side: 'client', edits }
}

function cut(text: string, at: number, length: number) {
  const end = at + length
  // A word of a list goes with its quotes and its comma.
  const quote = /["']/.exec(text[at - 1] ?? '')?.[0]
  if (quote !== undefined && text[end] === quote) {
    const comma = /^,\s*/.exec(text.slice(end + 1, end + 40))?.[0].length
    if (comma !== undefined) return { start: at - 1, end: end + 1 + comma, text: '' }
  }
  const space = /[ \t]/.test(text[end] ?? '') && /[ \t]/.test(text[at - 1] ?? '') ? 1 : 0
  // The last word takes the blank before it along.
  const lead = space === 0 && /[ \t]/.test(text[at - 1] ?? '') && /^["'\r\n]?$/.test(text[end] ?? '') ? 1 : 0
  return { start: at - lead, end: end + space, text: '' }
}

/** A program that compares, prints or lists options gives none. */
function isOnlyNamed(source: Source, at: number, option: RegExp): boolean {
  const code = source.code()
  if (!code || source.format === 'json' || source.format === 'powershell') return false
  const token = tokenIndexAt(code, at)
  if (token < 0) return false
  const usage = usageOf(code, token, token)
  if (usage === 'compared' || usage === 'mentioned' || usage === 'key') {
    // `print(text, file=out)`
    const open = code.up[token]!
    return open < 0 || !/\bfile\s*=/.test(code.text.slice(at, code.tokens[code.mate[open]!]?.end))
  }
  // A list that has the option once for each version is the table of what a parser knows.
  const open = code.up[token]!
  if (open < 0) return false
  const list = code.text.slice(code.tokens[open]!.start, code.tokens[code.mate[open]!]?.end)
  return new Set(list.match(option)).size > 2
}

/** `case --tlsv1)`: a script that reads the option, not one that gives it. */
function isTested(source: Source, at: number): boolean {
  const lineStart = source.text.lastIndexOf('\n', at - 1) + 1
  const end = source.text.indexOf('\n', at)
  const line = source.text.slice(lineStart, end < 0 ? undefined : end)
  return (
    /^\s*(?:-{1,2}[\w.-]+\s*\|\s*)*-{1,2}[\w.-]+(?:\s*\|\s*-{1,2}[\w.-]+)*\)/.test(line) ||
    /[=!]=\s*["']?--/.test(line) ||
    /\becho\s+["'][^"']*$|usage|help/i.test(source.text.slice(lineStart, at))
  )
}

export const wgetOptions: Recipe = {
  id: 'wget-secure-protocol',
  title: 'wget: --secure-protocol with a legacy version',
  formats: texts,
  literals: ['secure-protocol', 'secure_protocol', 'secureprotocol'],
  stack: 'wget',
  why: 'The option fixes the version (SSLv2, SSLv3) or starts there (TLSv1, TLSv1_1).',
  fix: 'Drop the option, or use --secure-protocol=TLSv1_2.',
  sources: ['https://www.gnu.org/software/wget/manual/wget.html (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(
      /(?<![\w])(?:--)?secure[-_]?protocol(?:\s*=\s*|\s+|["'],\s*["'])["']?(SSLv[23]|TLSv1(?:_[01])?)(?![\w.])/gi,
    )) {
      const word = match[1]!
      if (!match[0].startsWith('--') && !/wgetrc$/.test(source.name)) continue
      if (!inCommand(source, match.index)) continue
      const start = match.index + match[0].length - word.length
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: 'only', versions: [versionWords(word)[0]!.version] },
        side: 'client',
        edits: [{ start, end: start + word.length, text: 'TLSv1_2' }],
      }
    }
  },
}

export const hostEdits: Recipe = {
  id: 'host-tls-edit',
  title: 'A script lowers the TLS settings of the whole host or image',
  formats: ['shell', 'dockerfile', 'yaml', 'powershell', 'json', 'groovy', 'python', 'ruby', 'hcl'],
  literals: [...versionLiterals, 'minprotocol', 'maxprotocol', 'crypto-polic', 'java.security'],
  evidence: /crypto-polic|seclevel|java\.security|protocol\s*=\s*none/,
  needs: /crypto-polic|java\.security|m(?:in|ax)-?proto|(?<!\w)(?:sed|perl)(?!\w)|method\s*=\s*(?:tls|ssl)/,
  stack: 'OpenSSL',
  why: 'The step changes every program of the host.',
  fix: 'Delete the step; mend the one peer that needed it.',
  sources: [
    'https://docs.openssl.org/3.0/man5/config/ (2025-10)',
    'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/security_hardening/using-the-system-wide-cryptographic-policies_security-hardening (2025-10)',
  ],
  *find(source) {
    const { text } = source
    for (const match of text.matchAll(
      /update-crypto-policies\s+(?:--no-reload\s+)?--set\s+(LEGACY)(?![\w])/g,
    ))
      if (isLive(source, match.index))
        yield { ...place(match.index, match[0], { kind: 'weakens' }), side: 'either' }
    for (const match of text.matchAll(
      /(?<=^|[^\w]|\\n)(MinProtocol|MaxProtocol)(?:[^\S\n]|\\s[*+]?)*=(?:[^\S\n]|\\s[*+]?)*(SSLv[23]|TLSv1(?:\.[01])?|None)(?![\w.])/g,
    )) {
      const lineStart = text.lastIndexOf('\n', match.index) + 1
      const lineEnd = text.indexOf('\n', match.index)
      const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
      if (!isLive(source, match.index) || isOnlyNamed(source, match.index, /(?!)/g)) continue
      const column = match.index - lineStart
      // Of `s/old/new/` only the new text counts.
      const substitution = [...line.matchAll(/s([/|#,@!])((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1/g)].find(
        part => part.index <= column && column < part.index + part[0].length,
      )
      if (substitution && column < substitution.index + 2 + substitution[2]!.length) continue
      if (/\bgrep\b|\bif\b.*grep/.test(line.slice(0, column)) && !/sed|echo|>>/.test(line.slice(0, column)))
        continue
      const version = versionWords(match[2]!)[0]?.version
      const isMax = match[1] === 'MaxProtocol'
      yield {
        ...place(
          match.index,
          match[0],
          version === undefined ? { kind: 'weakens' } : { kind: isMax ? 'max' : 'min', versions: [version] },
        ),
        side: 'either',
      }
    }
    // `s/^MinProtocol.*/MinProtocol = TLSv1/` is caught above; `s/TLSv1.2/TLSv1.0/` on an OpenSSL or web server file is caught here.
    for (const match of text.matchAll(/s([/|#,@!])((?:\\.|(?!\1)[^\n])*)\1((?:\\.|(?!\1)[^\n])*)\1/g)) {
      if (!isLive(source, match.index)) continue
      const lineStart = text.lastIndexOf('\n', match.index) + 1
      const lineEnd = text.indexOf('\n', match.index)
      const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
      if (
        !/\bsed\b|\bperl\b/.test(line) &&
        !/\bsed\b/.test(text.slice(Math.max(0, lineStart - 120), lineStart))
      )
        continue
      const written = match[3]!.replace(/\\/g, '')
      // `all -SSLv3 -TLSv1`: what is named is what goes.
      const onlyTakesOut =
        isSigned(written) && versionWords(written.replace(/[-!]\s?[A-Za-z][\w.]*/g, '')).length === 0
      const added = onlyTakesOut ? [] : versionWords(written).filter(word => word.version < 0x0303)
      const removed = versionWords(match[2]!.replace(/\\/g, '')).filter(word => word.version < 0x0303)
      const at = match.index
      if (/MinProtocol|MaxProtocol/.test(match[3]!)) continue
      if (/java\.security|disabledAlgorithms/.test(line)) {
        if (removed.length > added.length)
          yield { ...place(at, match[0], { kind: 'weakens' }), side: 'either', stack: 'Java (JSSE)' }
      } else if (
        added.length > 0 &&
        (versionWords(match[2]!.replace(/\\/g, '')).length > 0 || setsProtocols.test(written))
      )
        yield {
          ...place(at, match[0], { kind: 'adds', versions: added.map(word => word.version) }),
          side: /server|nginx|apache|httpd/.test(line) ? 'server' : 'either',
        }
    }
    for (const match of text.matchAll(
      /(?:sed|perl)\b[^\n]*?(?:TLSv1[^\n]*java\.security|java\.security[^\n]*TLSv1|disabledAlgorithms[^\n]*d['"]?\s[^\n]*java\.security)/g,
    )) {
      if (!isLive(source, match.index) || /s([/|#,@!])(?:\\.|(?!\1).)*TLSv1(?:\\.|(?!\1).)*\1/.test(match[0]))
        continue
      yield { ...place(match.index, match[0], { kind: 'weakens' }), side: 'either', stack: 'Java (JSSE)' }
    }
    for (const match of text.matchAll(
      /method\s*=\s*(TLS1(?:\.0|\.1)?|SSL3)(?![\w.])|openssl-min-proto-version\s*=\s*(TLS1(?:\.0|\.1)?|SSL3)(?![\w.])/g,
    )) {
      if (
        !isLive(source, match.index) ||
        !/socat|openssl/i.test(text.slice(Math.max(0, match.index - 300), match.index))
      )
        continue
      const version = versionWords((match[1] ?? match[2])!.replace(/^TLS1$/, 'TLS1.0'))[0]?.version
      if (version !== undefined)
        yield {
          ...place(match.index, match[0], { kind: match[1] ? 'only' : 'min', versions: [version] }),
          side: /listen/i.test(text.slice(Math.max(0, match.index - 100), match.index)) ? 'server' : 'client',
          stack: 'socat (OpenSSL)',
        }
    }
  },
}

/** A substitution that writes the directive whole: `ssl_protocols TLSv1;`. */
const setsProtocols = /ssl_?protocols?|ssl-min-ver|min_?protocol/i

export const probes: Recipe = {
  id: 'legacy-probe',
  title: 'A probe that speaks an old version on purpose',
  formats: ['shell', 'dockerfile', 'yaml'],
  literals: ['s_client', 's_server'],
  stack: 'OpenSSL',
  why: 'openssl s_client and s_server speak the version that they are told; this is a test, not a client.',
  fix: 'Nothing, as long as it is a test.',
  sources: ['https://docs.openssl.org/3.0/man1/openssl-s_client/ (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(
      /\bs_(client|server)\b[^\n]*?\s-(?:tls1(?:_1)?|ssl[23])(?![\w_])/g,
    ))
      if (isLive(source, match.index))
        yield {
          start: match.index,
          end: match.index + match[0].length,
          shape: { kind: 'note' },
          side: match[1] === 'client' ? 'client' : 'server',
        }
  },
}

export const nodeOptions: Recipe = {
  id: 'node-tls-option',
  title: 'Node.js: command line option that lowers the minimum',
  formats: texts,
  literals: ['tls-min-v1', '--tls-v1', 'tls-max-v1', 'ssl-version-m'],
  stack: 'Node.js (OpenSSL)',
  why: 'The option sets the lowest version of every connection of the process.',
  fix: 'Delete the option.',
  sources: ['https://nodejs.org/api/cli.html#--tls-min-v10 (2025-10)'],
  *find(source) {
    for (const match of source.text.matchAll(/(?<![\w-])--tls-(?:(min|max)-)?v1\.([01])(?![\w.])/g)) {
      if (!isLive(source, match.index) || isTested(source, match.index)) continue
      if (isOnlyNamed(source, match.index, /--tls-(?:min|max)-v1\.\d/g)) continue
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: match[1] === 'max' ? 'max' : 'min', versions: [TLS_1_0 + Number(match[2])] },
        side: 'either',
        edits: [cut(source.text, match.index, match[0].length)],
      }
    }
    for (const match of source.text.matchAll(
      /(?<![\w-])--ssl-version-(min|max)=(tls1(?:\.1)?|ssl3)(?![\w.])/g,
    )) {
      if (!isLive(source, match.index)) continue
      const version = versionWords(match[2]!)[0]!.version
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: match[1] as 'min' | 'max', versions: [version] },
        side: 'client',
        stack: 'Chromium',
        edits: [cut(source.text, match.index, match[0].length)],
      }
    }
  },
}
