import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { codeRecipe, type Meaning } from '../find-code.ts'
import type { Flow } from '../lex/flow.ts'
import { keyLiterals, versionLiterals } from '../literals.ts'
import { isVersionList, respell, versionWords } from '../words.ts'

const names: Record<string, Version> = {
  SSLv2: SSL_2_0,
  SSLv3: SSL_3_0,
  SSL3: SSL_3_0,
  TLSv1: TLS_1_0,
  TLS1: TLS_1_0,
  TLSv1_0: TLS_1_0,
  TLSv1_1: TLS_1_1,
  TLS1_1: TLS_1_1,
  TLSv1_2: TLS_1_2,
  TLS1_2: TLS_1_2,
  TLSv1_3: TLS_1_3,
  TLS1_3: TLS_1_3,
  TLS1_0: TLS_1_0,
}

/** Numbers of ssl.PROTOCOL_*, for those who write the number. */
const byNumber: Record<string, Version> = {
  '1': SSL_3_0,
  '3': TLS_1_0,
  '4': TLS_1_1,
  '5': TLS_1_2,
}

function meaning(path: string, flow: Flow): Meaning | undefined {
  const parts = path.split('.')
  const name = parts.at(-1)!
  const owner = parts.at(-2)
  if (owner === undefined && flow.bindings.get(name)?.some(slot => slot.op === '=' && slot.path === name))
    return undefined
  const protocol = /^PROTOCOL_(SSLv2|SSLv3|TLSv1(?:_[0-3])?)$/.exec(name)
  if (protocol) return { versions: [names[protocol[1]!]!], role: 'only' }
  const method = /^(SSLv2|SSLv3|TLSv1(?:_[0-3])?)_METHOD$/.exec(name)
  if (method) return { versions: [names[method[1]!]!], role: 'only' }
  const bound = /^(SSL3|TLS1(?:_[0-3])?)_VERSION$/.exec(name)
  if (bound) return { versions: [names[bound[1]!]!] }
  if (owner === 'TLSVersion' || owner === 'MinimumTLSVersion') {
    if (name === 'MINIMUM_SUPPORTED') return { versions: [SSL_3_0], role: 'min' }
    const version = names[name]
    return version === undefined ? undefined : { versions: [version] }
  }
  // No member of the module, but what people write and mean.
  if (owner === 'ssl' && /^(?:TLSv1(?:_[0-3])?|SSLv3)$/.test(name)) return { versions: [names[name]!] }
  const ldap = /^OPT_X_TLS_PROTOCOL_(SSL2|SSL3|TLS1_[0-3])$/.exec(name)
  if (ldap)
    return { versions: [ldap[1] === 'SSL2' ? SSL_2_0 : names[ldap[1]!]!], role: 'min', side: 'client' }
  return undefined
}

export const pythonSsl = codeRecipe(
  {
    id: 'python-ssl-version',
    title: 'Python: legacy version in ssl, pyOpenSSL, urllib3, Twisted or ldap',
    formats: ['python'],
    literals: [
      ...versionLiterals,
      'minimum_supported',
      'minimum_version',
      'maximum_version',
      'sslcontext',
      ...keyLiterals,
    ],
    evidence: /minimum_supported|0x0?30|ssl_version\s*=\s*\d|sslcontext\(\d/,
    stack: 'Python ssl (OpenSSL)',
    why: 'PROTOCOL_TLSv1 and its kin speak one version and no other; a bound below TLSv1_2 lets older ones in (minimum) or nothing newer (maximum).',
    fix: 'Use ssl.PROTOCOL_TLS_CLIENT or PROTOCOL_TLS_SERVER (or ssl.create_default_context()) with minimum_version = ssl.TLSVersion.TLSv1_2; drop ssl_version= and maximum_version.',
    sources: ['https://docs.python.org/3/library/ssl.html (2025-10)'],
  },
  {
    constant: {
      quick:
        /^PROTOCOL_|_METHOD$|_VERSION$|^TLSv1(?:_[0-3])?$|^SSLv3$|MINIMUM_SUPPORTED|^OPT_X_TLS_PROTOCOL_|^TLS1_[0-3]$/,
      means: meaning,
    },
    slot: slot => {
      if (/^(?:ssl_version|tls_version)$/.test(slot.name)) return { role: 'only' }
      if (slot.kind === 'call' && slot.name === 'SSLContext') return { role: 'only' }
      // An adapter of requests that hands its argument to urllib3 as ssl_version.
      if (slot.kind === 'call' && /^(?:SSL|Ssl|TLS|Tls)\w*Adapter$/.test(slot.name))
        return { role: 'only', side: 'client' }
      if (slot.kind === 'call' && slot.name === 'getattr') return { role: 'only' }
      if (slot.kind === 'call' && slot.path === 'SSL.Context') return { role: 'only' } // M2Crypto takes names
      if (
        /^(?:ssl_)?minimum_version$|^ssl_min(?:imum)?_version$|insecurelyLowerMinimumTo|raiseMinimumTo/.test(
          slot.name,
        )
      )
        return { role: 'min' }
      if (/^(?:ssl_)?maximum_version$|^ssl_max(?:imum)?_version$|lowerMaximumSecurityTo/.test(slot.name))
        return { role: 'max' }
      if (slot.name === 'OPT_X_TLS_PROTOCOL_MIN') return { role: 'min', side: 'client' }
      return undefined
    },
    read: (text, kind, slot, isDirect) => {
      if (kind === 'string') {
        const named = /^(?:ssl\.)?PROTOCOL_(SSLv2|SSLv3|TLSv1(?:_[0-3])?)$/.exec(text)
        if (named) return [names[named[1]!]!]
        const list = slot.name !== 'getattr' && !/PROTOCOL_/.test(text) && isVersionList(text)
        return list ? versionWords(text).map(word => word.version) : undefined
      }
      const wire = Number(text)
      if (wire >= 0x0300 && wire <= 0x0304) return [wire]
      const version =
        isDirect && slot.to - slot.from === 1 && /^(?:ssl_version|SSLContext)$/.test(slot.name)
          ? byNumber[text]
          : undefined
      return version === undefined ? undefined : [version]
    },
    side: 'guess',
    whenPinned: /^ssl_version$/,
    raise: (text, { side }) => {
      if (/^0x0?30/i.test(text)) return '0x0303'
      if (/^\d+$/.test(text)) return '5'
      const name = text.slice(text.lastIndexOf('.') + 1)
      const prefix = text.slice(0, text.length - name.length)
      if (/^PROTOCOL_/.test(name))
        return `${prefix}${side === 'client' ? 'PROTOCOL_TLS_CLIENT' : side === 'server' ? 'PROTOCOL_TLS_SERVER' : 'PROTOCOL_TLS'}`
      if (/_METHOD$/.test(name)) return `${prefix}TLS_METHOD`
      if (/_VERSION$/.test(name)) return `${prefix}TLS1_2_VERSION`
      if (/^OPT_X/.test(name)) return `${prefix}OPT_X_TLS_PROTOCOL_TLS1_2`
      const quoted = /^(["'])([\w.]+)\1$/.exec(text)
      if (quoted)
        return /PROTOCOL_/.test(text) ? undefined : `${quoted[1]}${respell(quoted[2]!, '_')}${quoted[1]}`
      return /["']/.test(text) ? undefined : `${prefix}TLSv1_2`
    },
  },
)
