import type { Side } from '../../model/finding.ts'
import { parseVersion, TLS_1_2, type Version } from '../../model/version.ts'
import type { Shape } from '../judge.ts'
import { isLive } from '../live.ts'
import type { Format, Hit, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'
import { numberOf } from '../words.ts'
import { schannelVersions } from './dotnet-protocols.ts'

const formats: Format[] = [
  'registry',
  'powershell',
  'shell',
  'yaml',
  'ini',
  'directives',
  'xml',
  'csharp',
  'vb',
  'vbscript',
  'python',
  'ruby',
  'cpp',
  'c',
  'json',
  'hcl',
  'dockerfile',
]

export const registry: Recipe = {
  id: 'windows-registry-tls',
  title: 'Windows registry: a TLS switch of the machine',
  formats,
  // Versions are switched under `…\\SCHANNEL\\Protocols\\TLS 1.0\\Client`.
  literals: [
    'protocols\\',
    'schannel\\',
    'schusestrongcrypto',
    'systemdefaulttlsversions',
    'defaultsecureprotocols',
    'secureprotocols',
  ],
  // Not `101 Switching Protocols\\r\\n`.
  needs: /protocols(?:\\(?!r\\n)|["'])|schusestrongcrypto|systemdefaulttlsversions|secureprotocols/,
  stack: 'Schannel',
  why: 'The value changes what every program of the machine speaks.',
  fix: 'Legacy versions: Enabled=0 and DisabledByDefault=1. TLS 1.2: delete the value. SchUseStrongCrypto and SystemDefaultTlsVersions: 1. DefaultSecureProtocols: 0x800.',
  sources: [
    'https://learn.microsoft.com/windows-server/security/tls/tls-registry-settings (2025-10)',
    'https://learn.microsoft.com/dotnet/framework/network-programming/tls (2025-10)',
  ],
  *find(source) {
    if (source.format === 'registry') yield* inRegFile(source)
    else yield* inScript(source)
  },
}

const protocolKey = /Protocols\\+((?:SSL|TLS|PCT|Multi-Protocol)[^\\"'\]\n]*?)\\+(Client|Server)/i

/** What a value under a key means; undefined for a value in order or of no interest. */
function judgeValue(key: string, name: string, data: number): { shape: Shape; side: Side } | undefined {
  const protocol = protocolKey.exec(key)
  if (protocol) {
    const version = parseVersion(protocol[1]!)
    if (version === undefined) return undefined
    const side: Side = /client/i.test(protocol[2]!) ? 'client' : 'server'
    const turnsOn =
      (/^Enabled$/i.test(name) && data !== 0) || (/^DisabledByDefault$/i.test(name) && data === 0)
    const turnsOff =
      (/^Enabled$/i.test(name) && data === 0) || (/^DisabledByDefault$/i.test(name) && data !== 0)
    if (version < TLS_1_2 && turnsOn) return { shape: { kind: 'adds', versions: [version] }, side }
    if (version >= TLS_1_2 && turnsOff) return { shape: { kind: 'off', versions: [version] }, side }
    return undefined
  }
  if (/^(?:SchUseStrongCrypto|SystemDefaultTlsVersions)$/i.test(name))
    return data === 0 ? { shape: { kind: 'weakens' }, side: 'client' } : undefined
  if (/^(?:DefaultSecureProtocols|SecureProtocols)$/i.test(name)) {
    const versions: Version[] = schannelVersions(data)
    return versions.length > 0 ? { shape: { kind: 'only', versions }, side: 'client' } : undefined
  }
  return undefined
}

function* inRegFile(source: Source): Iterable<Hit> {
  let key = ''
  for (const line of source.lines()) {
    const head = /^\s*\[-?(.+?)\]\s*$/.exec(line.text)
    if (head) {
      key = head[1]!
      continue
    }
    const value =
      /^\s*"([^"]+)"\s*=\s*(?:dword:([0-9a-f]{1,8})|hex:([0-9a-f]{2})((?:,[0-9a-f]{2}){3}))/i.exec(line.text)
    if (!value) continue
    const data = value[2]
      ? Number.parseInt(value[2], 16)
      : Number.parseInt((value[4] ?? '').split(',').reverse().join('') + value[3]!, 16)
    const judged = judgeValue(key, value[1]!, data)
    if (judged) yield { start: line.start, end: line.end, ...judged }
  }
}

const valueNames =
  '(Enabled|DisabledByDefault|SchUseStrongCrypto|SystemDefaultTlsVersions|DefaultSecureProtocols|SecureProtocols)'
const number = '(0x[0-9a-f]+|\\d+|&H[0-9a-f]+|ffffffff)'

/** Calls and entries that name a value and its data near each other; the key is the last one named before, or the one in the same call. */
function* inScript(source: Source): Iterable<Hit> {
  const { text } = source
  const forms = [
    new RegExp(
      `-(?:Name|PropertyName|n)\\s*[:=]?\\s*["']?${valueNames}["']?[^\\n;|}]*?-(?:Value|v|ValueData)\\s*[:=]?\\s*["'(]*${number}`,
      'gi',
    ),
    new RegExp(
      `-(?:Value)\\s*[:=]?\\s*["'(]*()${number}["')]*[^\\n;|}]*?-(?:Name)\\s*[:=]?\\s*["']?${valueNames}`,
      'gi',
    ),
    new RegExp(`/v\\s+["']?${valueNames}["']?[^\\n&|]*?/d\\s+["']?${number}`, 'gi'),
    new RegExp(
      `\\b(?:SetValue|RegWrite|SetDWORDValue|RegSetValueEx\\w?|SetValueEx|registry_value)\\s*\\(?[^\\n;]*?\\b${valueNames}["')]*\\s*,(?:[^\\n;,]*?,)*?\\s*["']?${number}`,
      'gi',
    ),
    new RegExp(
      `\\b(?:name|valuename|value_name|key_value_name)["']?\\s*[:=]\\s*["']?${valueNames}["']?\\s*[,;}]?\\s*\\n(?:[^\\n]*\\n){0,5}?[^\\n]*?\\b(?:data|valuedata|value_data|value)["']?\\s*[:=]\\s*["'@(]*${number}\\b`,
      'gi',
    ),
    new RegExp(
      `\\bname["']?\\s*(?:[:=]|=>)\\s*["']?${valueNames}["']?\\s*,[^\\n]*?\\bdata["']?\\s*(?:[:=]|=>)\\s*["']?${number}\\b`,
      'gi',
    ),
    // `win_regedit: path=… name=Enabled data=1` of Ansible, on one line.
    new RegExp(`\\bname=["']?${valueNames}["']?\\s[^\\n]*?\\bdata=["']?${number}\\b`, 'gi'),
    new RegExp(
      `\\b(?:name|value|valuename)=["']${valueNames}["'][^>]*?\\b(?:value|data)=["']${number}["']`,
      'gi',
    ),
    new RegExp(
      `(?:Set|New)-ItemProperty\\s+(?:-Path\\s+)?["'$]\\S[^\\n]*?["']?\\s+["']?${valueNames}["']?\\s+["']?${number}\\b`,
      'gi',
    ),
  ]
  const seen = new Set<number>()
  for (const [k, form] of forms.entries())
    for (const match of text.matchAll(form)) {
      const name = k === 1 ? match[3]! : match[1]!
      const raw = match[2]!
      const data = /^ffffffff$/i.test(raw) ? 0xffffffff : numberOf(raw)
      const at = match.index + match[0].indexOf(name)
      if (seen.has(at) || !isLive(source, at)) continue
      const key = keyNear(source, match.index, match.index + match[0].length, name)
      if (key === undefined) continue
      const judged = judgeValue(key, name, data)
      if (!judged) continue
      seen.add(at)
      const end = match.index + match[0].length
      const lineStart = text.lastIndexOf('\n', at) + 1
      const start =
        source.format === 'yaml' || k === 4
          ? text.lastIndexOf('\n', end - 1) + 1 + text.slice(text.lastIndexOf('\n', end - 1) + 1).search(/\S/)
          : Math.max(match.index, lineStart)
      yield { start: Math.min(start, end), end, ...judged }
    }
}

/** The registry key of a call: in the call itself, else through its variable, else the last one named in the 30 lines before. */
function keyNear(source: Source, from: number, to: number, name: string): string | undefined {
  const { text } = source
  if (/^(?:SchUse|SystemDefault|DefaultSecure|SecureProtocols)/i.test(name)) return ''
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const lineEnd = text.indexOf('\n', to)
  const own = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd)
  if (protocolKey.test(own)) return own
  const unescaped = own.replace(/\\ /g, ' ')
  if (protocolKey.test(unescaped)) return unescaped
  // `"$base\\TLS 1.0\\Server"`: the version under a folder that is named elsewhere.
  const under = /["'\\]((?:SSL|TLS|PCT) [\d.]+)\\+(Client|Server)\b/i.exec(own)
  if (under && /schannel\\+protocols/i.test(text)) return `Protocols\\${under[1]}\\${under[2]}`
  if (/\bpath=["']?HK[^${]*$/i.test(own)) return undefined // it names another key
  const variable = /\$\{?(\w+)/.exec(own)?.[1]
  const before = text.slice(Math.max(0, from - 2500), lineStart)
  if (variable) {
    const bound = [...before.matchAll(new RegExp(`\\$${variable}\\s*=\\s*([^\\n]*)`, 'gi'))].at(-1)
    if (bound && protocolKey.test(bound[1]!)) return bound[1]!
  }
  const keys = [...before.matchAll(new RegExp(protocolKey.source, 'gi'))].filter(match =>
    isLive(source, Math.max(0, from - 2500) + match.index),
  )
  const last = keys.at(-1)
  return last && before.slice(last.index).split('\n').length <= 30 ? last[0] : undefined
}
