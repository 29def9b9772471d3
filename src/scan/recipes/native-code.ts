import { SSL_2_0, SSL_3_0, TLS_1_0, type Version } from '../../model/version.ts'
import { codeRecipe, type Meaning } from '../find-code.ts'
import { isSigned, signedVersions } from '../find-settings.ts'
import type { Role } from '../judge.ts'
import { isCodeBlock } from '../lex/code.ts'
import { keyLiterals, versionLiterals } from '../literals.ts'
import type { Format } from '../recipe.ts'
import { flatName, type KeyRole, roleOfKey } from '../roles.ts'
import { quotedNumber, quotedVersion } from '../signs.ts'
import { isVersionList, respell, versionWords } from '../words.ts'

function minor(digits: string | undefined): Version {
  return TLS_1_0 + Number(digits ?? 0)
}

export const rustTls = codeRecipe(
  {
    id: 'rust-tls-version',
    title: 'Rust: native-tls, openssl or reqwest bound below TLS 1.2',
    formats: ['rust'],
    literals: versionLiterals,
    evidence: 'legacy-word',
    stack: 'Rust (native TLS)',
    why: 'The bound lets older versions in (minimum) or leaves nothing newer (maximum).',
    fix: 'Use Tlsv12, SslVersion::TLS1_2 or Version::TLS_1_2 as the minimum; drop the maximum.',
    sources: [
      'https://docs.rs/native-tls/latest/native_tls/enum.Protocol.html (2025-10)',
      'https://docs.rs/openssl/latest/openssl/ssl/struct.SslVersion.html (2025-10)',
    ],
  },
  {
    constant: {
      quick: /^(?:Sslv3|Sslv2|Tlsv1[0-3]?|SSL3|TLS1(?:_[123])?|TLS_1_[0-3])$/,
      means(path): Meaning | undefined {
        const native =
          /(?:^|\.)(?:Protocol|TlsProtocol|ProtocolVersion|TlsVersion|SslVersion)\.(?:Sslv([23])|Tlsv1([0-3])?)$/.exec(
            path,
          )
        if (native)
          return { versions: [native[1] === '2' ? SSL_2_0 : native[1] ? SSL_3_0 : minor(native[2])] }
        const openssl = /(?:^|\.)SslVersion\.(?:(SSL3)|TLS1(?:_([123]))?)$/.exec(path)
        if (openssl) return { versions: [openssl[1] ? SSL_3_0 : minor(openssl[2])] }
        const reqwest = /(?:^|\.)(?:Version|TlsVersion)\.TLS_1_([0-3])$/.exec(path)
        if (reqwest) return { versions: [minor(reqwest[1])] }
        // `use native_tls::Protocol::*`
        const bare = /^(?:Sslv3|Tlsv1([0-3]))$/.exec(path)
        return bare ? { versions: [bare[1] === undefined ? SSL_3_0 : minor(bare[1])] } : undefined
      },
    },
    slot: slot => {
      if (/min_max_version/.test(slot.name)) return { role: 'only', side: 'client' }
      if (/min_(?:tls_|protocol_|proto_|ssl_)?version/.test(slot.name)) return { role: 'min' }
      if (/max_(?:tls_|protocol_|proto_|ssl_)?version/.test(slot.name)) return { role: 'max' }
      return undefined
    },
    read: () => undefined,
    side: 'guess',
    raise: text =>
      text
        .replace(/(?:Sslv3|Tlsv1[01]?)$/, 'Tlsv12')
        .replace(/(?:SSL3|TLS1(?:_1)?)$/, 'TLS1_2')
        .replace(/TLS_1_[01]$/, 'TLS_1_2'),
  },
)

export const rustMozilla = codeRecipe(
  {
    id: 'rust-mozilla-intermediate',
    title: 'Rust: SslAcceptor::mozilla_intermediate (version 4 of the profile)',
    formats: ['rust'],
    literals: ['mozilla_intermediate'],
    stack: 'Rust openssl',
    why: 'Version 4 of the profile lets TLS 1.0 and 1.1 in.',
    fix: 'Use SslAcceptor::mozilla_intermediate_v5.',
    sources: ['https://docs.rs/openssl/latest/openssl/ssl/struct.SslAcceptor.html (2025-10)'],
  },
  {
    constant: {
      quick: /^mozilla_intermediate$/,
      means: path =>
        /SslAcceptor\.mozilla_intermediate$/.test(path)
          ? { versions: [TLS_1_0], role: 'min', side: 'server' }
          : undefined,
    },
    side: 'server',
    raise: text => `${text}_v5`,
  },
)

export const appleTls = codeRecipe(
  {
    id: 'apple-tls-version',
    title: 'Apple: protocol bound below TLS 1.2',
    formats: ['swift', 'objc', 'c', 'cpp', 'dart', 'csharp'],
    literals: [...versionLiterals, 'socketsecuritylevel'],
    evidence: /socketsecuritylevel/,
    needs: /tlsprotocol1|tlsprotocolversion|sslprotocol[23]|protocol_version_d?tls|securitylevel|\.d?tlsv1/,
    stack: 'Apple Secure Transport / Network',
    why: 'The bound lets older versions in (minimum) or leaves nothing newer (maximum).',
    fix: 'Use .TLSv12 as the minimum, or leave it out; drop the maximum.',
    sources: [
      'https://developer.apple.com/documentation/foundation/urlsessionconfiguration/tlsminimumsupportedprotocolversion (2025-10)',
    ],
  },
  {
    constant: {
      quick:
        /^(?:D?TLSv1[0-3]?|Tls1[0-3]|tlsProtocol1[0-3]?|sslProtocol[23](?:Only)?|kTLSProtocol1[123]?(?:Only)?|kSSLProtocol[23](?:Only)?|tls_protocol_version_D?TLSv1[0-3]|k?CFStreamSocketSecurityLevel(?:SSLv[23]|TLSv1)|NSStreamSocketSecurityLevel(?:SSLv[23]|TLSv1)|NSURLSession\w*|ssLv[23]|sslv[23]|tlSv1|tlsv1[0-3]?|socketSecurityLevel\w+)$/i,
      means(path, flow): Meaning | undefined {
        const name = path.slice(path.lastIndexOf('.') + 1)
        const swift = flow.code.language === 'swift'
        const dotted = path.includes('.') || (swift && isLeadingDot(flow.code.text, name))
        if (/^TLSv1[0-3]$/.test(name) && swift && dotted) return { versions: [minor(name.at(-1))] }
        const datagram = /^(?:tls_protocol_version_)?DTLSv1([0-2])$/.exec(name)
        if (datagram && (dotted || name !== datagram[0].slice(-7)))
          return { versions: [minor(datagram[1] === '2' ? '2' : '1')] }
        const xamarin = /TlsProtocolVersion\.Tls1([0-3])$/.exec(path)
        if (xamarin) return { versions: [minor(xamarin[1])] }
        const nio = /^tlsv1([123])?$/.exec(name)
        if (nio && swift && dotted) return { versions: [minor(nio[1])] }
        const symbol = /^tls_protocol_version_TLSv1([0-3])$/.exec(name)
        if (symbol) return { versions: [minor(symbol[1])] }
        const old = /^k?(?:TLSProtocol1([0-3])?|SSLProtocol([23]))(?:Only)?$/i.exec(name)
        if (old && (name.startsWith('k') || (swift && dotted)))
          return { versions: [old[2] === '2' ? SSL_2_0 : old[2] === '3' ? SSL_3_0 : minor(old[1])] }
        const level =
          /(?:SocketSecurityLevel|StreamSocketSecurityLevel)\.?(SSLv([23])|TLSv1|tlSv1|ssLv([23])|sslv([23])|tlsv1)$/i.exec(
            name.length > 6 ? name : path,
          )
        if (level)
          return {
            versions: [/tls/i.test(level[1]!) ? TLS_1_0 : /2$/.test(level[1]!) ? SSL_2_0 : SSL_3_0],
            role: 'only',
            side: 'client',
          }
        return undefined
      },
    },
    slot: (slot, flow) => {
      // `SSLSetProtocolVersionEnabled(context, kSSLProtocol3, false)`
      if (slot.name === 'SSLSetProtocolVersionEnabled')
        return { role: /^(?:false|NO)$/.test(flow.code.tokens[slot.to - 1]!.text) ? 'off' : 'adds' }
      if (/maximum|ProtocolVersionMax|_max_/i.test(slot.name)) return { role: 'max' }
      if (/minimum|ProtocolVersionMin|_min_/i.test(slot.name)) return { role: 'min' }
      return undefined
    },
    read: () => undefined,
    side: 'client',
    raise: text =>
      text
        .replace(/TLSv1[01]$/, 'TLSv12')
        .replace(/\.Tls1[01]$/, '.Tls12')
        .replace(/\.tlsv1[01]?$/, '.tlsv12')
        .replace(/StreamSocketSecurityLevel\.\w+$/, 'StreamSocketSecurityLevel.negotiatedSSL')
        .replace(/(SocketSecurityLevel)(?:SSLv[23]|TLSv1)$/, '$1NegotiatedSSL')
        .replace(/(k?)(?:TLSProtocol1[1]?|SSLProtocol[23])(?:Only)?$/i, found =>
          found.startsWith('k') ? 'kTLSProtocol12' : 'tlsProtocol12',
        ),
  },
)

function isLeadingDot(text: string, name: string): boolean {
  return text.includes(`.${name}`)
}

export const beamSsl = codeRecipe(
  {
    id: 'beam-ssl-versions',
    title: 'Erlang and Elixir: legacy version in an ssl option',
    formats: ['erlang', 'elixir'],
    literals: ['tlsv1', 'sslv3'],
    evidence: 'legacy-word',
    stack: 'Erlang ssl',
    why: 'versions is the whole list that the connection offers or accepts.',
    fix: "Use 'tlsv1.2' and 'tlsv1.3', or leave versions out.",
    sources: ['https://www.erlang.org/doc/apps/ssl/ssl.html (2025-10)'],
  },
  {
    // `protocol` is what a connection answers with; `:=` of Erlang matches.
    slot: slot =>
      slot.op !== ':=' &&
      /^@?(?:\w*_)?(?:versions?|protocol_versions?|tls_versions?|ssl_versions?|protocols)$/.test(slot.name)
        ? { role: 'only' }
        : undefined,
    read: (text, kind) =>
      kind === 'string' && isVersionList(text) ? versionWords(text).map(word => word.version) : undefined,
    readName: text => (text === 'tlsv1' ? [TLS_1_0] : text === 'sslv3' ? [SSL_3_0] : undefined),
    side: 'guess',
    raise: text =>
      /^['":]/.test(text)
        ? text.replace(/^(:?["']?)[^"']*(["']?)$/, (_all, open: string, close: string) =>
            open.startsWith(':') ? ':"tlsv1.2"' : `${open}tlsv1.2${close}`,
          )
        : "'tlsv1.2'",
  },
)

/** Languages in which a version is a text in quotes, a number, or (PowerShell) the bare value of a parameter, and nothing else. */
const onlyQuoted: ReadonlySet<Format> = new Set([
  'c',
  'cpp',
  'csharp',
  'vb',
  'fsharp',
  'powershell',
  'go',
  'javascript',
  'python',
  'rust',
  'swift',
  'dart',
])

const versionAsValue = new RegExp(
  [
    quotedVersion,
    quotedNumber,
    /1\.[0-3](?![\w.])(?<=[=,(:?[{|&][ \t]{0,9}1..)/.source,
    /(?:ssl|tls)(?<=(?:^|\s)-\w{1,40}(?:[ \t]{1,9}|:)[ \t,@("']{0,9}(?:\w{1,20}[ \t]{0,3},[ \t]{0,3}){0,8}\w{0,20})(?:protocol)?[ _-]?v?[ _-]?[123]/
      .source,
    /1\.[0-3](?<=(?:^|\s)-\w{1,40}(?:[ \t]{1,9}|:)1..)/.source,
  ].join('|'),
)

export const genericCode = codeRecipe(
  {
    id: 'tls-setting-in-code',
    title: 'A setting whose name says TLS version holds a legacy one',
    formats: [
      'csharp',
      'vb',
      'fsharp',
      'powershell',
      'c',
      'cpp',
      'objc',
      'go',
      'python',
      'javascript',
      'php',
      'perl',
      'rust',
      'swift',
      'dart',
      'lua',
      'elixir',
      'erlang',
      'ruby',
      'vbscript',
    ],
    literals: [...versionLiterals, ...keyLiterals],
    evidence: /(?:tls|ssl)[\w.-]{0,30}["']?\]?\s*(?:=>|:=|[:=,(])\s*["']?v?1[._][012]\b/,
    needs: format => (onlyQuoted.has(format) ? versionAsValue : undefined),
    stack: 'unknown',
    why: 'The value names a version below the floor, alone or beside newer ones.',
    fix: 'Name TLS 1.2 (or nothing, where the default is 1.2 or later).',
    sources: ['https://www.rfc-editor.org/rfc/rfc8996'],
  },
  {
    slot: (slot, flow) => {
      // What a connection answers with; what is matched.
      if (/^(?:erlang|elixir)$/.test(flow.code.language) && (slot.op === ':=' || slot.name === 'protocol'))
        return undefined
      if (slot.kind === 'call') {
        if (flow.code.language === 'lua' && slot.name === 'set_protocols') return { role: 'only' } // ngx.ssl.clienthello
        const own = roleOfCall(slot.name) ?? (opensTls(slot.name) ? { role: 'only' as const } : undefined)
        return own && !/^(?:is|has|get|parse|test|assert|check|describe|it|to|from|log)[A-Z_]/.test(slot.name)
          ? own
          : undefined
      }
      const key = keyRole(slot.name)
      if (!key)
        return /^(?:protocols?|versions?|ssl_?method)$/i.test(slot.name) &&
          flow.code.up[slot.at]! >= 0 &&
          !isCodeBlock(flow.code, flow.code.up[slot.at]!) &&
          (flow.code.language === 'lua' || nearTls(flow.code.text, flow.code.tokens[slot.at]!.start))
          ? { role: 'only' }
          : undefined
      return { role: key.role }
    },
    read: (text, kind, slot) => {
      const strong = keyRole(slot.name)?.strong === true
      if (kind === 'number')
        return strong && /^1\.[0-3]$/.test(text) ? [TLS_1_0 + Number(text.at(-1))] : undefined
      if (isSigned(text) && isVersionList(text.replace(/(?<=^|[,\s])[!+-]/g, '')) && strong)
        return signedVersions(text, false)
      return isVersionList(text, { bare: strong })
        ? versionWords(text, { bare: strong }).map(word => word.version)
        : undefined
    },
    readName: (text, slot) =>
      slot.op === '-' && isVersionList(text) ? versionWords(text).map(word => word.version) : undefined,
    side: 'guess',
    raise: (text, { slot }) => {
      if (isSigned(text)) return undefined // what a list takes out is not raised
      const quoted = /^(["'`]|:["']?)(.*?)(["'`]?)$/s.exec(text)
      if (
        quoted &&
        slot &&
        /^minimumprotocolversion$/.test(flatName(slot.name)) &&
        /^(?:TLSv1|SSLv3)/.test(quoted[2]!)
      )
        return `${quoted[1]}TLSv1.2_2021${quoted[3]}` // CloudFront's names carry a year
      if (!quoted) return respell(text)
      if (quoted[2] === 'tlsv1' && slot?.name === 'protocol') return `${quoted[1]}tlsv1_2${quoted[3]}` // LuaSec
      // A symbol without quotes takes no full stop.
      return `${quoted[1]}${respell(quoted[2]!, quoted[1] === ':' ? '_' : '.')}${quoted[3]}`
    },
  },
)

/** `mosquitto_tls_opts_set(m, 1, "tlsv1", NULL)`, `make_ssl_context("TLSv1")`: a version goes into TLS one way or another. */
function opensTls(name: string): boolean {
  return (
    /(?:tls|ssl)_?(?:opts|options|config|context|ctx|settings?|socket|client|server|connect\w*|params)/i.test(
      name,
    ) && !/\d|name|string|error|cipher|verify|cert|key|hostname/i.test(name)
  )
}

function nearTls(text: string, at: number): boolean {
  return /tls|ssl/i.test(text.slice(Math.max(0, at - 160), at))
}

function keyRole(name: string): KeyRole | undefined {
  return /^(?:protocols?|versions?|policy|method|tls|ssl)$/i.test(name) ? undefined : roleOfKey(name)
}

function roleOfCall(name: string): { role: Role } | undefined {
  const key = keyRole(name.replace(/^(?:set|with|add|use|enable)_?(?=[A-Z_])/i, '').replace(/^_/, ''))
  if (!key?.strong) return undefined
  return { role: key.role === 'only' && /^(?:add|enable)_?(?=[A-Z_])/.test(name) ? 'adds' : key.role }
}
