import { hitOf, readValue } from '../find-settings.ts'
import { tokenAt } from '../lex/code.ts'
import { keyLiterals, versionLiterals } from '../literals.ts'
import { isLive } from '../live.ts'
import type { Format, Hit, Recipe } from '../recipe.ts'
import { roleOfKey } from '../roles.ts'
import type { Source } from '../source.ts'
import { isVersionList, policyFloor } from '../words.ts'
import { sideOfSetting, stackOf } from './settings.ts'

const commandTexts: Format[] = [
  'shell',
  'dockerfile',
  'yaml',
  'json',
  'hcl',
  'ini',
  'directives',
  'powershell',
  'python',
  'javascript',
  'ruby',
  'groovy',
  'java',
  'kotlin',
  'csharp',
  'go',
  'perl',
  'php',
  'xml',
  'toml',
]

export const commandOptions: Recipe = {
  id: 'command-tls-option',
  title: 'Command line: option with a legacy TLS version',
  formats: commandTexts,
  literals: [...versionLiterals, ...keyLiterals],
  evidence: /1\.[012]\b|elbsec|--ssl-version[= ][134]/,
  stack: 'TLS',
  why: 'The option names a version below the floor.',
  fix: 'Give TLS 1.2, or leave the option out where 1.2 is the default.',
  sources: ['https://www.rfc-editor.org/rfc/rfc8996'],
  *find(source, floor) {
    for (const match of source.text.matchAll(
      /(?<![\w-])--?([A-Za-z][\w-]*(?:tls|ssl|TLS|Tls|Ssl)[\w-]*|(?:tls|ssl)[\w-]*|min-?(?:tls|ssl)[\w-]+|secure-protocol|security-policy|minimum-protocol-version)(?:\s*=\s*|\s+|["'],\s*["'])(["']?)((?<=["'])[\w.,:+! -]+?(?=["'])|[\w.,:+!-]+)\2/g,
    )) {
      yield* judge(
        source,
        floor,
        match.index,
        match[1]!,
        match[3]!,
        match.index + match[0].length - match[2]!.length,
      )
    }
    // Python's number of the protocol: 2 and 17 leave the version open. What stands before is looked at last: at every place it would take its time.
    for (const match of source.text.matchAll(
      /--ssl-version[= ](?<=\b(?:gunicorn|uvicorn|hypercorn)\b[^\n]*?--ssl-version.)([134])(?!\w)/g,
    ))
      if (isLive(source, match.index))
        yield {
          start: match.index,
          end: match.index + match[0].length,
          shape: { kind: 'only', versions: [pythonProtocols[match[1]!]!] },
          side: 'server',
          edits: [{ start: match.index, end: match.index + match[0].length, text: '--ssl-version=17' }],
        }
    for (const match of source.text.matchAll(
      /http\.(?<=\bgit\b[^\n]*?\shttp\.)(?:\S+\.)?sslVersion[= ]["']?(tlsv1(?:\.[01])?|sslv[23])(?![\w.])/g,
    ))
      yield* judge(source, floor, match.index, 'sslVersion', match[1]!, match.index + match[0].length)
    for (const match of source.text.matchAll(handedOn))
      yield* judge(source, floor, match.index, match[1]!, match[2]!, match.index + match[0].length)
  },
}

const pythonProtocols: Record<string, number> = { '1': 0x0300, '3': 0x0301, '4': 0x0302 }

/** Arguments handed on to a component: `--kube-apiserver-arg=tls-min-version=VersionTLS10`. */
const handedOn = /(tls-(?<=(?:arg=|-[ \t]["']?|["'])tls-)(?:min|max)-version)=([\w.]+)/g

const assignTexts: Format[] = ['shell', 'dockerfile', 'powershell', 'groovy', 'directives']

export const environmentSettings: Recipe = {
  id: 'environment-tls-setting',
  title: 'Environment variable: legacy TLS version',
  formats: assignTexts,
  literals: [...versionLiterals, ...keyLiterals],
  evidence: /1\.[012]\b/,
  stack: 'TLS',
  why: 'The variable names a version below the floor.',
  fix: 'Give TLS 1.2, or leave the variable out.',
  sources: ['https://www.rfc-editor.org/rfc/rfc8996'],
  *find(source, floor) {
    for (const match of source.text.matchAll(
      /(?:^|[\s;"'`,]|-e\s*|\$env:)([A-Za-z_][\w.-]*)=(["']?)((?<=["'])[\w.,:+! -]+?(?=["'])|[\w.:+!-]+(?:,[\w.:+!-]+)*)\2(?=$|[\s;"'`,)&|\\])/gm,
    ))
      yield* judge(
        source,
        floor,
        match.index + match[0].indexOf(match[1]!),
        match[1]!,
        match[3]!,
        match.index + match[0].length - match[2]!.length,
      )
    // postconf -e 'smtpd_tls_protocols = !SSLv2, !SSLv3'
    for (const match of source.text.matchAll(/(["'])([A-Za-z_]\w*)\s+=\s*([\w.,:+! -]+)\1/g))
      yield* judge(source, floor, match.index + 1, match[2]!, match[3]!, match.index + match[0].length - 1)
    for (const match of source.text.matchAll(
      /^\s*(?:ENV|ARG|export|setenv|setx)\s+([A-Za-z_][\w.]*)\s+(["']?)([\w.,:+-]+)\2\s*$/gm,
    ))
      yield* judge(
        source,
        floor,
        match.index + match[0].indexOf(match[1]!),
        match[1]!,
        match[3]!,
        match.index + match[0].trimEnd().length - match[2]!.length,
      )
  },
}

function* judge(
  source: Source,
  floor: number,
  at: number,
  name: string,
  value: string,
  end: number,
): Iterable<Hit> {
  const key = roleOfKey(name)
  const isNamed = policyFloor(value) !== undefined || /tls|ssl/i.test(value)
  if (/^-{1,2}(?:tls|ssl)\d/i.test(value)) return // an option of openssl, handed on
  if (!key || (!key.strong && !isNamed) || !isLive(source, at)) return
  const start = end - value.length
  if (
    policyFloor(value) === undefined &&
    !isVersionList(value, { bare: true }) &&
    !/^(?:TLSEnforcementDisabled|None)$/i.test(value)
  )
    return
  const line = source.text.slice(source.text.lastIndexOf('\n', at) + 1, at)
  if (
    /\bs_(?:client|server)\b|nmap|testssl|sslscan|sslyze|\b(?:if|\[\[?)\s[^;]*$|\becho\s+["'][^"']*$|grep/.test(
      line,
    ) &&
    !/>>?\s*\/|tee/.test(source.text.slice(at, at + 200))
  )
    return
  const setting = {
    key: name,
    keyStart: at,
    parents: [],
    value,
    start,
    end,
    form: 'scalar' as const,
    siblings: [],
  }
  if (!readValue(setting, key)) return
  const hit = hitOf(source.text, setting, key, sideOfSetting(setting, source), floor)
  if (hit) yield { ...hit, stack: stackOf(name).stack }
}

export const connectionStrings: Recipe = {
  id: 'connection-string',
  title: 'Connection string or URL: legacy TLS version',
  formats: [
    ...commandTexts,
    'scala',
    'vb',
    'fsharp',
    'rust',
    'c',
    'cpp',
    'swift',
    'elixir',
    'lua',
    'hocon',
    'bicep',
  ],
  literals: [...versionLiterals, ...keyLiterals],
  evidence: /1\.[012]\b|protocols?\s*=\s*tls/,
  needs: /(?:protocols?|suites|versions?)\s*=/,
  stack: 'database or queue driver',
  why: 'The driver offers the versions named in the string.',
  fix: 'Remove the part, or name TLSv1.2 and TLSv1.3.',
  sources: ['https://dev.mysql.com/doc/connector-j/en/connector-j-connp-props-security.html (2025-10)'],
  *find(source, floor) {
    const pattern =
      /[?&;,\s"'](ssl_?protocols?|tls_?versions?|enabledTLSProtocols|enabledSslProtocolSuites|ssl_(?:min|max)_protocol_version|transport\.enabledProtocols|enabledProtocols|sslEnabledProtocols|tlsMinVersion|min_tls_version|ssl_version|oracle\.net\.ssl_version)\s*=\s*((?:\[[\w.,\s]+\])|(?:TLS )?[\w.]+(?:\s*(?:,|%2C)\s*(?:TLS )?[\w.]+)*)/gi
    for (const match of source.text.matchAll(pattern)) {
      const token = insideString(source, match.index)
      if (!token) continue
      const value = match[2]!
      const end = match.index + match[0].length
      const key = roleOfKey(match[1]!) ?? { role: 'only' as const, strong: true }
      const setting = {
        key: match[1]!,
        keyStart: match.index,
        parents: [],
        value,
        start: end - value.length,
        end,
        form: 'scalar' as const,
        siblings: [],
      }
      const words = value.replace(/%2C/gi, ',')
      if (!isVersionList(words, { bare: true }) && !/^tls$/i.test(value)) continue
      if (/^tls$/i.test(value) && !/^sslprotocols?$/i.test(match[1]!)) continue
      if (/^tls$/i.test(value)) {
        yield {
          start: setting.start,
          end,
          shape: { kind: 'only', versions: [0x0301] },
          side: 'client',
          edits: [{ start: setting.start, end, text: 'tls12' }],
        }
        continue
      }
      const hit = hitOf(source.text, setting, { ...key, strong: true }, 'client', floor)
      if (hit) yield hit
    }
  },
}

/** In programs the match must lie in a string literal; in other formats in a value. */
function insideString(source: Source, at: number): boolean {
  const code = source.code()
  if (!code) return isLive(source, at)
  const token = tokenAt(code, at)
  return token?.kind === 'string' && token.text.length > 8
}
