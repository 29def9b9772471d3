import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { codeRecipe, type Meaning } from '../find-code.ts'
import { isSigned, signedVersions } from '../find-settings.ts'
import { versionLiterals } from '../literals.ts'
import { isVersionList, respell, versionWords } from '../words.ts'

const opensslVersions: Record<string, Version> = {
  SSL2: SSL_2_0,
  SSL3: SSL_3_0,
  TLS1: TLS_1_0,
  TLS1_1: TLS_1_1,
  TLS1_2: TLS_1_2,
  TLS1_3: TLS_1_3,
}

function raiseText(joint: '.' | '_') {
  return (text: string) => {
    const quoted = /^(["'`]|:["']?)(.*?)(["'`]?)$/s.exec(text)
    return quoted ? `${quoted[1]}${respell(quoted[2]!, joint)}${quoted[3]}` : respell(text, joint)
  }
}

export const rubyOpenssl = codeRecipe(
  {
    id: 'ruby-ssl-version',
    title: 'Ruby: legacy version in OpenSSL, Net::HTTP or a client library',
    formats: ['ruby'],
    literals: versionLiterals,
    evidence: 'legacy-word',
    stack: 'Ruby (OpenSSL)',
    why: 'ssl_version speaks that version and no other; min_version below TLS 1.2 lets older ones in, max_version leaves nothing newer.',
    fix: 'Delete it, or set min_version = OpenSSL::SSL::TLS1_2_VERSION.',
    sources: ['https://docs.ruby-lang.org/en/3.3/OpenSSL/SSL/SSLContext.html (2025-10)'],
  },
  {
    constant: {
      quick: /^(?:SSL[23]|TLS1(?:_[0-3])?)_VERSION$/,
      means(path): Meaning | undefined {
        const match = /(SSL[23]|TLS1(?:_[1-3])?)_VERSION$/.exec(path)
        return match ? { versions: [opensslVersions[match[1]!]!] } : undefined
      },
    },
    slot: slot => {
      if (/^(?:ssl_|tls_)?min(?:imum)?_version$/i.test(slot.name)) return { role: 'min' }
      if (/^(?:ssl_|tls_)?max(?:imum)?_version$/i.test(slot.name)) return { role: 'max' }
      if (
        /^(?:ssl_version|ssl_protocols?|tls_version|tls_versions|secure_protocol|DEFAULT_SSL_VERSION)$/i.test(
          slot.name,
        )
      )
        return { role: 'only' }
      if (/^(?:version|protocol|method|ssl_method)$/.test(slot.name) && slot.kind !== 'call')
        return { role: 'only' }
      if (slot.kind === 'call' && /SSLContext\.new$|^SSLContext$|(?:ssl|tls)\w*context/i.test(slot.path))
        return { role: 'only' }
      return undefined
    },
    read: (text, kind) => {
      if (kind !== 'string' || !isVersionList(text)) return undefined
      return versionWords(text).map(word => word.version)
    },
    side: 'client',
    whenPinned: 'drop',
    raise: text =>
      /_VERSION$/.test(text)
        ? text.replace(/(?:SSL[23]|TLS1(?:_1)?)_VERSION$/, 'TLS1_2_VERSION')
        : raiseText('_')(text),
  },
)

const phpCrypto =
  /^STREAM_CRYPTO_(?:METHOD|PROTO)_(?:(SSLv2)|(SSLv3)|TLSv1_([0-3])|(ANY))(?:_(CLIENT|SERVER))?$/

export const phpStreams = codeRecipe(
  {
    id: 'php-stream-crypto',
    title: 'PHP: legacy version in a stream or SOAP option',
    formats: ['php'],
    literals: [...versionLiterals, 'crypto_method', 'soap_ssl_method'],
    evidence: /crypto_method_any/,
    stack: 'PHP streams (OpenSSL)',
    why: 'The method is the list of versions that the stream speaks.',
    fix: 'Use STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT | STREAM_CRYPTO_METHOD_TLSv1_3_CLIENT (or the SERVER forms); drop ssl_method; use tls:// for the transport.',
    sources: ['https://www.php.net/manual/en/function.stream-socket-enable-crypto.php (2025-10)'],
  },
  {
    constant: {
      quick: /^STREAM_CRYPTO_|^SOAP_SSL_METHOD_|^LDAP_OPT_X_TLS_PROTOCOL_(?:SSL|TLS)/,
      means(path): Meaning | undefined {
        const name = path.slice(path.lastIndexOf('.') + 1)
        if (/^SOAP_SSL_METHOD_SSLv[23]$/.test(name))
          return { versions: [/2$/.test(name) ? SSL_2_0 : SSL_3_0], side: 'client' }
        const ldap = /^LDAP_OPT_X_TLS_PROTOCOL_(SSL[23]|TLS1(?:_[0-3])?)$/.exec(name)
        if (ldap)
          return { versions: [opensslVersions[ldap[1]!.replace(/_0$/, '')]!], role: 'min', side: 'client' }
        const match = phpCrypto.exec(name)
        if (!match) return undefined
        const side = match[5] === 'SERVER' ? ('server' as const) : ('client' as const)
        if (match[4]) return { versions: [TLS_1_0, TLS_1_1, TLS_1_2], side }
        return { versions: [match[1] ? SSL_2_0 : match[2] ? SSL_3_0 : TLS_1_0 + Number(match[3])], side }
      },
    },
    slot: slot => {
      if (/^(?:crypto_method|crypto_type|stream_socket_enable_crypto)$/.test(slot.name))
        return { role: 'only' }
      if (
        slot.kind === 'call' &&
        /^(?:stream_socket_client|stream_socket_server|fsockopen|pfsockopen)$/.test(slot.name)
      )
        return { role: 'only' }
      return undefined
    },
    read: (text, kind) => {
      if (kind !== 'string') return undefined
      const match = /^(sslv2|sslv3|tlsv1\.[0-3]):\/\//.exec(text)
      return match
        ? [
            match[1] === 'sslv2'
              ? SSL_2_0
              : match[1] === 'sslv3'
                ? SSL_3_0
                : TLS_1_0 + Number(match[1]!.at(-1)),
          ]
        : undefined
    },
    side: 'guess',
    raise: text => {
      if (/:\/\//.test(text)) return text.replace(/(?:sslv[23]|tlsv1\.[01]):/, 'tls:')
      return /^STREAM/.test(text)
        ? text.replace(/_(?:SSLv[23]|TLSv1_[01]|ANY)(_CLIENT|_SERVER)?$/, '_TLSv1_2$1')
        : /^LDAP/.test(text)
          ? 'LDAP_OPT_X_TLS_PROTOCOL_TLS1_2'
          : undefined
    },
  },
)

export const perlSsl = codeRecipe(
  {
    id: 'perl-ssl-version',
    title: 'Perl: SSL_version of IO::Socket::SSL, or Net::SSLeay',
    formats: ['perl'],
    literals: [...versionLiterals, 'ssleay', 'ssl_version'],
    evidence: /ssl_version\s*=\s*\d|ctx_v[23]_new/,
    stack: 'Perl IO::Socket::SSL (OpenSSL)',
    why: 'SSL_version is the whole list that the socket speaks.',
    fix: "Delete SSL_version, or use 'SSLv23:!SSLv2:!SSLv3:!TLSv1:!TLSv1_1'.",
    sources: ['https://metacpan.org/pod/IO::Socket::SSL (2025-10)'],
  },
  {
    constant: {
      quick:
        /^CTX_(?:tlsv1|tlsv1_1|v3|v2)_new$|^(?:SSLv[23]|TLSv1(?:_1)?)_method$|^(?:SSL3|TLS1|TLS1_1|TLS1_2)_VERSION$/,
      means(path): Meaning | undefined {
        const context = /CTX_(tlsv1|tlsv1_1|v3|v2)_new$/.exec(path)
        if (context)
          return {
            versions: [{ tlsv1: TLS_1_0, tlsv1_1: TLS_1_1, v3: SSL_3_0, v2: SSL_2_0 }[context[1]!]!],
            role: 'only',
          }
        const bound = /SSLeay\.(SSL3|TLS1|TLS1_1|TLS1_2)_VERSION$/.exec(path)
        return bound
          ? { versions: [opensslVersions[bound[1]!]!], role: /max/i.test(path) ? 'max' : 'min' }
          : undefined
      },
    },
    slot: slot =>
      /^\$?(?:SSL_version|ssl_version|sslversion|tls_version|SSL_VERSION)$/.test(slot.name)
        ? { role: 'only' }
        : undefined,
    read: (text, kind, slot) => {
      if (kind === 'number')
        return /ssl_version$/.test(slot.name)
          ? (
              { '2': [SSL_2_0], '3': [SSL_3_0], '10': [TLS_1_0], '11': [TLS_1_1] } as Record<
                string,
                Version[]
              >
            )[text]
          : undefined
      // SSLv23 alone leaves the choice to the library.
      if (isSigned(text)) return /[!:]/.test(text) ? signedVersions(text, false) : undefined
      return isVersionList(text) ? versionWords(text).map(word => word.version) : undefined
    },
    side: 'client',
    whenPinned: 'drop',
    raise: text =>
      /^\d|CTX_|_method$/.test(text)
        ? undefined
        : /_VERSION$/.test(text)
          ? text.replace(/(?:SSL3|TLS1(?:_1)?)_VERSION$/, 'TLS1_2_VERSION')
          : text.replace(/^(["']).*\1$/s, '$1SSLv23:!SSLv2:!SSLv3:!TLSv1:!TLSv1_1$1'),
  },
)

export const jsTls = codeRecipe(
  {
    id: 'js-tls-version',
    title: 'Node.js: secureProtocol, minVersion or maxVersion below TLS 1.2',
    formats: ['javascript', 'dart'],
    literals: versionLiterals,
    evidence: 'legacy-word',
    stack: 'Node.js (OpenSSL)',
    why: 'secureProtocol speaks that version and no other; minVersion below TLSv1.2 lets older ones in, maxVersion leaves nothing newer.',
    fix: "Delete secureProtocol and maxVersion; leave minVersion out (default TLSv1.2 since Node 12) or set 'TLSv1.2'.",
    sources: ['https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions (2025-10)'],
  },
  {
    slot: slot => {
      if (/^(?:secureProtocol|sslProtocol|ssl_protocol|SSLProtocol)$/i.test(slot.name))
        return { role: 'only' }
      if (
        /^(?:minVersion|DEFAULT_MIN_VERSION|tlsMinVersion|minTlsVersion|sslMinVersion|tls_min_version|ssl-version-min|min-version|minimumVersion|minTLSVersion)$/i.test(
          slot.name,
        )
      )
        return { role: 'min' }
      if (
        /^(?:maxVersion|DEFAULT_MAX_VERSION|tlsMaxVersion|maxTlsVersion|ssl-version-max|max-version|maximumVersion)$/i.test(
          slot.name,
        )
      )
        return { role: 'max' }
      return undefined
    },
    read: (text, kind) =>
      kind === 'string' && isVersionList(text) ? versionWords(text).map(word => word.version) : undefined,
    side: 'guess',
    whenPinned: /^secureProtocol$/,
    raise: text =>
      /_method/.test(text)
        ? text.replace(/(D?)(?:SSLv[23]|TLSv1(?:_[01])?)_(client_|server_)?method/i, '$1TLS_$2method')
        : raiseText('.')(text),
  },
)
