import { SSL_2_0, SSL_3_0, TLS_1_0, type Version } from '../../model/version.ts'
import { type CodeSearch, codeRecipe, findInCode, type Meaning } from '../find-code.ts'
import type { Flow, Slot } from '../lex/flow.ts'
import { versionLiterals } from '../literals.ts'
import type { Recipe } from '../recipe.ts'
import { flatName, type KeyRole, roleOfKey } from '../roles.ts'
import { quotedNumber, quotedVersion } from '../signs.ts'
import { isVersionList, versionWords } from '../words.ts'

const formats = ['java', 'kotlin', 'scala', 'groovy'] as const

/** Calls whose text arguments are protocol names, besides those whose own name says so. */
const sinks =
  /^(?:setEnabledProtocols|setProtocols|setSslProtocols?|protocols|protocol|withProtocols?|tlsVersions|setTlsVersions?|setSupportedProtocols|setIncludeProtocols|includeProtocols|setEnabledSecureTransportProtocols|addEnabledSecureTransportProtocol|useProtocol|useTLS|setProtocol|setSecurityProtocol|forProtocol|SSLConnectionSocketFactory|SSLSocketFactory|SslContextFactory|SSLIOSessionStrategy|TlsSocketStrategy|DefaultClientTlsStrategy|sslProtocols?|enabledProtocols|setEnabledSSLProtocols|SSLEngineConfigurator|setSSLProtocols?)$/

function constant(path: string): Meaning | undefined {
  const okhttp = /(?:^|\.)TlsVersion\.(?:(SSL_3_0)|TLS_1_([0-3]))$/.exec(path)
  if (okhttp) return { versions: [okhttp[1] ? SSL_3_0 : minor(okhttp[2])], side: 'client' }
  const hc5 = /(?:^|\.)TLS\.V_1_([0-3])$/.exec(path)
  if (hc5) return { versions: [minor(hc5[1])], side: 'client' }
  const netty = /(?:^|\.)SslProtocols\.(?:SSL_v([23])|TLS_v1(?:_([0-3]))?)$/.exec(path)
  if (netty) return { versions: [netty[1] === '2' ? SSL_2_0 : netty[1] === '3' ? SSL_3_0 : minor(netty[2])] }
  const bouncy = /(?:^|\.)ProtocolVersion\.(?:(SSLv3)|TLSv1([0-3]))$/.exec(path)
  if (bouncy) return { versions: [bouncy[1] ? SSL_3_0 : minor(bouncy[2])] }
  const other =
    /(?:^|\.)(?:TlsProtocol|TLSProtocol|SSLProtocol|SslProtocol|TLSVersion|TlsVersions?|SslVersion|TLS_VERSION)\.(SSL_?v?3(?:_0)?|TLS_?v?1(?:_?[0-3])?)$/i.exec(
      path,
    )
  if (other) {
    const word = versionWords(other[1]!)[0]
    return word && { versions: [word.version] }
  }
  const bare = /^(?:(SSL_3_0)|TLS_1_([0-3]))$/.exec(path)
  return bare ? { versions: [bare[1] ? SSL_3_0 : minor(bare[2])], side: 'client' } : undefined
}

function minor(digit: string | undefined): Version {
  return TLS_1_0 + Number(digit ?? 0)
}

/** A member of one of these types, or of OkHttp's by its name alone. */
const member =
  /(?:tlsversions?|tls_version|tls|(?:ssl|tls)protocols?|protocolversion|sslversion)\s*\.\s*(?:ssl|tls|v_1)|import\s[^\n]{0,200}tlsversion/
    .source

const quick = /^(?:SSL|TLS|V_1|Tls|Ssl)\w*\d$/i

export const jvmCode = codeRecipe(
  {
    id: 'jvm-protocols',
    title: 'JVM: legacy protocol named in code',
    formats,
    literals: versionLiterals,
    evidence: 'legacy-word',
    needs: new RegExp(`${member}|${quotedVersion}|${quotedNumber}`),
    stack: 'Java (JSSE)',
    why: 'The names are the whole list that the socket, engine or context offers; SSLContext.getInstance("TLSv1") stops clients there, and current JDKs refuse 1.0 and 1.1 altogether.',
    fix: 'Use SSLContext.getInstance("TLS") and leave the list out, or name "TLSv1.3", "TLSv1.2"; OkHttp: ConnectionSpec.MODERN_TLS.',
    sources: [
      'https://docs.oracle.com/en/java/javase/21/security/java-secure-socket-extension-jsse-reference-guide.html (2025-10)',
    ],
  },
  {
    constant: {
      quick,
      means(path, flow) {
        const meaning = constant(path)
        // A name without its class counts where OkHttp's is imported statically.
        if (
          meaning &&
          !path.includes('.') &&
          !/import\s+(?:static\s+)?okhttp3\.TlsVersion\.|import\s+static\s+[\w.]*TlsVersion/.test(
            flow.code.text,
          )
        )
          return undefined
        return meaning
      },
    },
    slot: (slot, flow) => {
      if (slot.kind === 'call') {
        if (/^(?:add|enable)[A-Z]/.test(slot.name) && sinks.test(slot.name)) return { role: 'adds' }
        if (slot.name === 'getInstance' || sinks.test(slot.name)) return { role: 'only' }
        if (slot.name === 'valueOf' || slot.name === 'forJavaName')
          return /Tls|SSL/i.test(slot.path) ? { role: 'only', side: 'client' } : undefined
        if (/exclude|disable/i.test(slot.name)) return undefined
        if (slot.name === 'Value') return injected(flow.code.tokens[slot.from]!.text)?.key
        // `systemProperty 'https.protocols', 'TLSv1'` of Gradle.
        if (slot.name === 'systemProperty')
          return /^(?:https|jdk\.tls\.(?:client|server))\.protocols$/.test(flow.code.tokens[slot.from]!.text)
            ? { role: 'only' }
            : undefined
        const own = roleOfKey(slot.name.replace(/^(?:set|with|add|use|enable)/, ''))
        if (own) return { role: own.role }
        return wrapsTls(slot.name) ? { role: 'only' } : undefined
      }
      if (/disabledAlgorithms/i.test(slot.name)) return undefined
      const key = roleOfKey(slot.name === 'defaultValue' ? propertyName(flow, slot) : slot.name)
      if (key) return { role: key.role }
      return /(?:^|\.)ssl\.protocol|protocols?$/i.test(slot.name) &&
        /ssl|tls|https/i.test(flatName(slot.path))
        ? { role: 'only' }
        : undefined
    },
    read: (text, kind, slot) => {
      if (kind !== 'string') return undefined
      if (slot.kind === 'call' && slot.name === 'Value')
        return versionWords(injected(text)?.fallback ?? '').map(word => word.version)
      if (slot.kind === 'call' && slot.name === 'getInstance' && !isVersionList(text)) return undefined
      if (!isVersionList(text, { bare: /version/i.test(slot.name) && slot.kind === 'pair' }))
        return /^TLS$|^SSL$/.test(text) ? undefined : undefined
      return versionWords(text, { bare: /version/i.test(slot.name) }).map(word => word.version)
    },
    side: 'guess',
    raise: (text, { slot }) => {
      const quoted = /^(["']).*\1$/s.exec(text)
      // A context of a version stops clients at that version: the flexible one is the fix.
      if (quoted && slot && /^minimumProtocolVersion$/.test(slot.name))
        return `${quoted[1]}TLSv1.2_2021${quoted[1]}`
      if (slot?.name === 'Value') return undefined
      const isContext = /^(?:getInstance|useProtocol)$/.test(slot?.name ?? '')
      if (quoted) return `${quoted[1]}${isContext ? 'TLS' : 'TLSv1.2'}${quoted[1]}`
      return text
        .replace(/SSL_3_0$|TLS_1_[01]$/, 'TLS_1_2')
        .replace(/V_1_[01]$/, 'V_1_2')
        .replace(/TLS_v1(?:_1)?$|SSL_v[23]$/, 'TLS_v1_2')
        .replace(/(SSLv3|TLSv1[01])$/, 'TLSv12')
    },
  },
)

/** `@Value("${ssl.protocols:TLSv1,TLSv1.2}")`: what holds when the setting is missing. */
function injected(text: string): { key: KeyRole; fallback: string } | undefined {
  const match = /^\$\{([\w.-]+):([^{}]+)\}$/.exec(text)
  const key = match && roleOfKey(match[1]!)
  return key && isVersionList(match[2]!) ? { key, fallback: match[2]! } : undefined
}

/** `@ConfigProperty(name = "ssl.protocol", defaultValue = "TLSv1.1")`: the setting that the default is for. */
function propertyName({ code, slots }: Flow, slot: Slot): string {
  const name = slots.find(other => other.name === 'name' && code.up[other.at] === code.up[slot.at])
  return name ? code.tokens[name.from]!.text : slot.name
}

/** `createTlsSocketFactory("TLSv1")`, `new SslClient("TLSv1")`: the text goes into TLS one way or another. */
function wrapsTls(name: string): boolean {
  return (
    /ssl|tls|securesocket|(?:ftp|smtp|imap|pop3|ldap)s(?=client|connection|socket|factory)/i.test(name) &&
    !/\d/.test(name) &&
    !/^(?:is|has|uses?|supports?|assert|get|log|parse|check|require|test|format|to)[A-Z_]|version(?:name|string)|exception|error|cipher/i.test(
      name,
    )
  )
}

const compatible: CodeSearch = {
  constant: {
    quick: /^COMPATIBLE_TLS$/,
    means: () => ({ versions: [TLS_1_0, TLS_1_0 + 1, TLS_1_0 + 2], side: 'client' }),
  },
  side: 'client',
  raise: text => text.replace(/COMPATIBLE_TLS$/, 'MODERN_TLS'),
}

export const okhttpCompatible: Recipe = {
  id: 'okhttp-compatible-tls',
  title: 'OkHttp: ConnectionSpec.COMPATIBLE_TLS',
  formats,
  literals: ['compatible_tls'],
  stack: 'OkHttp',
  why: 'COMPATIBLE_TLS offers TLS 1.0 and 1.1 besides the modern versions.',
  fix: 'Use ConnectionSpec.MODERN_TLS.',
  sources: ['https://square.github.io/okhttp/features/https/ (2025-10)'],
  *find(source, floor) {
    for (const hit of findInCode(source, floor, compatible)) {
      const statement = source.text.slice(hit.end, hit.end + 300).split(';')[0]!
      // A list of its own replaces the specification's versions and is judged by itself.
      if (/^[)\s]*\.(?:\w+\([^)]*\)\s*\.)*tlsVersions\s*\(/.test(statement)) continue
      const edits = hit.edits ?? [
        { start: hit.end - 'COMPATIBLE_TLS'.length, end: hit.end, text: 'MODERN_TLS' },
      ]
      yield { ...hit, edits }
    }
  },
}
