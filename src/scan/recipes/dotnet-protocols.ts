import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { type CodeSearch, findInCode, guessSide } from '../find-code.ts'
import { pathContinues, pathOf } from '../lex/code.ts'
import type { Flow } from '../lex/flow.ts'
import type { Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'
import { numberOf, wordVersion } from '../words.ts'

const members: Record<string, readonly Version[]> = {
  ssl2: [SSL_2_0],
  ssl3: [SSL_3_0],
  tls: [TLS_1_0],
  tls11: [TLS_1_1],
  tls12: [TLS_1_2],
  tls13: [TLS_1_3],
  // M2Mqtt
  sslv3: [SSL_3_0],
  tlsv1_0: [TLS_1_0],
  tlsv1_1: [TLS_1_1],
  tlsv1_2: [TLS_1_2],
  none: [],
  systemdefault: [],
}

/** Flags of System.Net.SecurityProtocolType and System.Security.Authentication.SslProtocols: the Schannel bits. */
const bits: readonly [mask: number, version: Version][] = [
  [12, SSL_2_0],
  [48, SSL_3_0],
  [192, TLS_1_0],
  [768, TLS_1_1],
  [3072, TLS_1_2],
  [12288, TLS_1_3],
]

export function schannelVersions(flags: number): Version[] {
  return bits.filter(([mask]) => (flags & mask) !== 0).map(([, version]) => version)
}

/** The Extensions classes are what libraries for .NET 3.5 and 4.0 call the members that those do not have. */
const typeName = /^(?:SecurityProtocolType|(?:Mqtt)?SslProtocols)(?:Extensions)?$/i
const quick = /^(?:ssl2|ssl3|tls|tls11|tls12|tls13|sslv3|tlsv1_[0-2]|default|none|systemdefault)$/i

function memberOf(path: string, flow: Flow) {
  const parts = path.split('.')
  const member = parts.at(-1)!.toLowerCase()
  const owner = parts.at(-2) ?? ''
  const code = flow.code
  if (parts.length > 1) {
    if (!typeName.test(owner) && !importsOf(code.text).aliases.has(owner)) return undefined
  } else if (!importsOf(code.text).members) return undefined
  if (member === 'default') return { versions: /SecurityProtocolType/i.test(owner) ? [] : [SSL_3_0, TLS_1_0] }
  const versions = members[member]
  if (!versions) return undefined
  return /SecurityProtocolType/i.test(owner) ? { versions, side: 'client' as const } : { versions }
}

const staticImport =
  /(?:using\s+static\s+[\w.]*|Imports\s+System[\w.]*\.|open\s+type\s+[\w.]*)(?:SecurityProtocolType|SslProtocols)\b/i

/** How a text names the types: `aliases` by other names, `members` without the name of their type. */
interface Imports {
  aliases: ReadonlySet<string>
  members: boolean
}

let lastText = ''
let lastImports: Imports = { aliases: new Set(), members: false }
function importsOf(text: string): Imports {
  if (text !== lastText) {
    lastText = text
    const named = text.matchAll(
      /(?:using|Imports|type)\s+(\w+)\s*=\s*[\w.]*(?:SecurityProtocolType|SslProtocols)\b/gi,
    )
    lastImports = {
      aliases: new Set([...named].map(match => match[1]!)),
      members: staticImport.test(text),
    }
  }
  return lastImports
}
const slotName =
  /^\$?(?:SecurityProtocol|SslProtocols?|EnabledSslProtocols|DefaultSslProtocols|TlsVersions?)$/i

const search: CodeSearch = {
  constant: { quick, means: memberOf },
  slot: (slot, flow) => {
    if (slot.kind === 'set' && slotName.test(slot.name))
      return /^SecurityProtocol$/i.test(slot.name) ? { role: 'only', side: 'client' } : { role: 'only' }
    if (slot.kind === 'call' && /^(?:Parse|TryParse|ToObject)$/.test(slot.name) && slot.path.includes('Enum'))
      return { role: 'only' }
    if (flow.code.language === 'cpp') return undefined
    // Strings become members by themselves: `AuthenticateAsClient($host, $null, 'Tls', $false)`.
    if (
      flow.code.language === 'powershell' &&
      /^(?:Begin)?AuthenticateAs(?:Client|Server)(?:Async)?$/i.test(slot.name)
    )
      return slot.kind === 'call'
        ? { role: 'only', side: /Server/i.test(slot.name) ? 'server' : 'client' }
        : undefined
    if (slot.kind === 'call' && /^(?:With|Set|Use)(?:Ssl|Tls)\w*(?:Protocols?|Versions?)$/i.test(slot.name))
      return { role: 'only' }
    return undefined
  },
  read: (text, kind, slot) => {
    if (kind === 'number') {
      const value = numberOf(text)
      return Number.isInteger(value) && value >= 12 && value <= 0x3fff ? schannelVersions(value) : undefined
    }
    if (/^(?:Parse|TryParse|ToObject)$/.test(slot.name) && !/^\s*(?:ssl|tls)/i.test(text)) return undefined
    return listed(text)
  },
  readName: (text, slot) => (slot.op === '-' ? members[text.toLowerCase()] : undefined),
  side: 'guess',
  whenPinned: 'drop',
  raise: (text, { side, slot }) => {
    const isArgument = slot?.kind === 'call' && /^(?:Begin)?AuthenticateAsClient/.test(slot.name)
    if (isArgument && side !== 'server' && /SslProtocols\.\w+$/.test(text))
      return text.replace(/\w+$/, 'None')
    if (/^\d|^&h/i.test(text)) return '3072'
    const quoted = /^(["']).*\1$/.exec(text)
    if (quoted) return `${quoted[1]}Tls12${quoted[1]}`
    return text.replace(/\w+$/, 'Tls12')
  },
}

/** `Ssl3, Tls`, `Tls11|Tls12`: members by name; undefined when one word is anything else. */
function listed(text: string): Version[] | undefined {
  const versions = text
    .split(/\s*[,|]\s*/)
    .map(word => members[word.trim().toLowerCase()] ?? versionNamed(word))
  return versions.every(found => found !== undefined) ? versions.flat() : undefined
}

function versionNamed(word: string): Version[] | undefined {
  const version = wordVersion(word)
  return version === undefined ? undefined : [version]
}

// What a place is written with. Some begin with what is rare and look back from there.
const type = /(?:securityprotocoltype|sslprotocols)(?:extensions)?/.source
/** `SslProtocols.Tls`, `[Net.SecurityProtocolType]::Tls`; `sslprotocols.tlsv1_0` of M2Mqtt. */
const memberOfType = (members: string) => `${type}["'\\])\\s]{0,60}(?:\\.|::)\\s*(?:${members})`
/** The type by another name, or its members without one. */
const imported = `(?:static|imports|type)\\s+[\\w.:]{0,80}${type}(?!\\w)|(?:using|imports|type)\\s+\\w{1,80}\\s*=\\s*[\\w.:]{0,80}${type}(?!\\w)`
/** `"Tls"`, `'Ssl3, Tls'`: alone in quotes but for other members; and what stands bare behind the parameter of a cmdlet. */
const quoted = (words: string) =>
  `(?:${words})(?=\\s*["',|])(?<=["'][\\w.,| -]{0,80})|-(?:securityprotocol|sslprotocols?|tlsversions?)(?:[ \\t]+|:)[ \\t,@("']*(?:\\w{1,20}[ \\t]*,[ \\t]*){0,8}(?:${words})(?!\\w)`
/** The type alone in brackets, or last in them. */
const castToType = new RegExp(`[([<,]\\s*[\\w.:]{0,80}${type}\\s*[)\\]>]`)
/** A version in quotes by any of its spellings. */
const anyWord =
  /(?:ssl|d?tls)(?:protocol)?[ _-]?v?[ _-]?[123]?(?:[._-]?[0-3])?(?:_client|_server)?(?:_method)?/.source
/** Flags as a number … */
const flags = (() => {
  const numbers: number[] = []
  for (let set = 1; set < 1 << bits.length; set++)
    numbers.push(bits.reduce((sum, [mask], k) => (set & (1 << k) ? sum | mask : sum), 0))
  return `(?<![\\w.])(?:${numbers.join('|')}|(?:0x|&h)0*(?:${numbers.map(number => number.toString(16)).join('|')}))(?![\\w.])`
})()
/** … together with a cast or a setting that takes a number or a name. */
const takesNumber = [
  `[(\\[]\\s*[\\w.:]{0,80}${type}\\s*[)\\]]\\s*["'(\\w$@~]`,
  `(?:enum|cast|toobject)\\s*<\\s*[\\w.:]{0,80}${type}\\s*>|toobject\\s*\\(|(?:type|cast)(?:dynamic)?\\s*\\([^\\n]{0,200},\\s*[\\w.:]{0,80}${type}\\s*\\)`,
  /(?:securityprotocol|sslprotocols?|tlsversions?)["'\])]*\s*(?:[|+^]?=|:|<-)(?!=)\s*[^;\n]{0,200}?(?:(?<![\w.])\d|\$\w|(?<![\w.])[a-z_]\w{0,60}[ \t]*\r?(?:\n|$))/
    .source,
  /-(?:securityprotocol|sslprotocols?|tlsversions?)(?:[ \t]+|:)[ \t("'$]*\w/.source,
  /(?:with|set|use)(?:ssl|tls)\w{0,40}?(?:protocols?|versions?)\s*\(/.source,
  /authenticateas(?:client|server)\w{0,20}\s*\([^)\n]{0,300}\$/.source,
].join('|')
const numeric = new RegExp(`^(?=[^]*?(?:${takesNumber}))[^]*?${flags}`)

export const dotnetProtocols: Recipe = {
  id: 'dotnet-protocols',
  title: '.NET: protocol versions set in code',
  formats: ['csharp', 'vb', 'fsharp', 'powershell', 'cpp'],
  literals: ['securityprotocol', 'sslprotocol', 'authenticateas'],
  // The message security of WCF has a class SecurityProtocol of its own.
  needs: [new RegExp(`${memberOfType('ssl|tls|default')}|${imported}|${quoted(anyWord)}`), numeric],
  evidence: [
    new RegExp(
      `${memberOfType('(?:ssl[23]|tls(?:11)?|default)(?!\\w)')}|${imported}|${quoted('ssl[23]|tls(?:11)?')}`,
    ),
    numeric,
  ],
  stack: '.NET',
  why: 'The process (SecurityProtocolType) or the stream, handler or endpoint (SslProtocols) offers only what is named here, whatever the system allows.',
  fix: 'Delete the setting, so that the system decides (.NET Framework 4.7 and later, .NET); on an older target set Tls12. For a server name Tls12 | Tls13.',
  sources: ['https://learn.microsoft.com/dotnet/framework/network-programming/tls (2025-10)'],
  *find(source, floor) {
    const hits = [...findInCode(source, floor, search)]
    yield* hits.some(({ edits }) => edits) && isOldTarget(source)
      ? findInCode(source, floor, searchOfOldTarget)
      : hits
    if (castToType.test(source.folded)) yield* casts(source, floor)
  },
}

/** A target on which deleting the setting leaves what the framework of its time took for a default. */
const searchOfOldTarget: CodeSearch = {
  ...search,
  whenPinned: 'raise',
  raise: (text, about) => search.raise!(text, { ...about, slot: undefined }),
}

function isOldTarget(source: Source): boolean {
  const { dotnetFramework } = source.project()
  return dotnetFramework !== undefined && dotnetFramework < 4.7
}

/** `(SecurityProtocolType)192`, `CType(768, SslProtocols)`, `[SslProtocols]48`, `[SslProtocols]'Tls'` outside the properties above. */
function* casts(source: Source, floor: Version) {
  const flow = source.flow()
  if (!flow) return
  const { code } = flow
  for (let i = 0; i < code.tokens.length; i++) {
    const token = code.tokens[i]!
    if (token.kind !== 'word' || !typeName.test(token.text) || pathContinues(code, i)) continue
    let at = i + 1
    if (code.tokens[at]?.text === ')' || code.tokens[at]?.text === ']' || code.tokens[at]?.text === '>') at++
    else if (code.tokens[i - 1]?.text === ',' || pathOf(code, i) !== token.text)
      at = i - 2 - 2 * (pathOf(code, i).split('.').length - 1)
    else continue
    if (code.tokens[at]?.text === '(' || code.tokens[at]?.text === ',') at++
    const number = code.tokens[at]
    const isText = number?.kind === 'string' && code.language === 'powershell'
    if (number?.kind !== 'number' && !isText) continue
    if (
      flow.slots.some(
        slot => slot.kind === 'set' && slotName.test(slot.name) && slot.from <= at && at < slot.to,
      )
    )
      continue
    const versions = isText ? (listed(number.text) ?? []) : schannelVersions(numberOf(number!.text))
    if (!versions.some(version => version < floor)) continue
    const before = code.tokens[i - 2]
    if (before?.kind === 'op' && /^(?:[=!]=|~|&)$/.test(before.text)) continue
    yield {
      start: number!.start,
      end: number!.end,
      shape: { kind: 'only' as const, versions },
      side: /^Sec/i.test(token.text)
        ? ('client' as const)
        : guessSide(code, {
            atoms: [
              {
                from: i,
                last: i,
                start: number!.start,
                end: number!.end,
                text: '',
                versions,
                usage: 'plain',
              },
            ],
          }),
    }
  }
}
