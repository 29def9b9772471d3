import { SSL_2_0, SSL_3_0, TLS_1_0, type Version } from '../../model/version.ts'
import { codeRecipe, type Meaning } from '../find-code.ts'
import { liveMatches } from '../live.ts'
import type { Recipe } from '../recipe.ts'

function minor(digit: string | undefined): Version {
  return TLS_1_0 + Number(digit ?? 0)
}

export const boostAsio = codeRecipe(
  {
    id: 'boost-asio-method',
    title: 'Boost.Asio and its kin: context of one legacy version',
    formats: ['cpp', 'c'],
    literals: ['tlsv1', 'sslv3', 'sslv2'],
    evidence: 'legacy-word',
    needs: /(?:\.|::|->)\s*(?:sslv[23]|tlsv1)/,
    stack: 'Boost.Asio',
    why: 'The method fixes the version of every stream of the context.',
    fix: 'Use ssl::context::tls_client or tls_server with set_options(no_sslv3 | no_tlsv1 | no_tlsv1_1).',
    sources: [
      'https://www.boost.org/doc/libs/1_86_0/doc/html/boost_asio/reference/ssl__context_base/method.html (2025-10)',
    ],
  },
  {
    constant: {
      quick: /^(?:sslv2|sslv3|tlsv1|tlsv1_?[0-3])(?:_client|_server)?$/i,
      means(path): Meaning | undefined {
        const match =
          /(?:context(?:_base)?|method|ssl|ctx|context_type|S[sS][lL]Context)\.(sslv2|sslv3|tlsv1_?([0-3])?)(?:_(client|server))?$/i.exec(
            path,
          )
        if (!match) return undefined
        const name = match[1]!.toLowerCase()
        const version = name === 'sslv2' ? SSL_2_0 : name === 'sslv3' ? SSL_3_0 : minor(match[2])
        return {
          versions: [version],
          role: 'only',
          ...(match[3] && { side: match[3] as 'client' | 'server' }),
        }
      },
    },
    side: 'guess',
    raise: text =>
      /[A-Z]\w*$/.test(text)
        ? undefined
        : text.replace(/(?:sslv[23]|tlsv1[01]?)(_client|_server)?$/, 'tls$1'),
  },
)

const orLater = /^(?:TlsV1_[0-3]OrLater|AnyProtocol|TlsV1SslV3)$/

export const qt = codeRecipe(
  {
    id: 'qt-ssl-protocol',
    title: 'Qt: QSsl protocol below TLS 1.2',
    formats: ['cpp', 'python', 'javascript'],
    literals: ['tlsv1', 'sslv2', 'sslv3', 'anyprotocol'],
    evidence: /anyprotocol/,
    stack: 'Qt',
    why: 'The value is the version, or the lowest one, that the socket speaks.',
    fix: 'Use QSsl::SecureProtocols or QSsl::TlsV1_2OrLater.',
    sources: ['https://doc.qt.io/qt-6/qssl.html#SslProtocol-enum (2025-10)'],
  },
  {
    constant: {
      quick: /^(?:SslV[23]|TlsV1_[0-3](?:OrLater)?|AnyProtocol|TlsV1SslV3|TlsV1)$/,
      means(path): Meaning | undefined {
        const match = /(?:QSsl|SslProtocol|QtNetwork|QSslSocket)\.(\w+)$/.exec(path)
        if (!match) return undefined
        const name = match[1]!
        if (orLater.test(name)) return { versions: [minor(/V1_([0-3])O/.exec(name)?.[1])], role: 'min' }
        if (name === 'SslV2') return { versions: [SSL_2_0] }
        if (name === 'SslV3') return { versions: [SSL_3_0] }
        return { versions: [minor(/V1_([0-3])$/.exec(name)?.[1])] }
      },
    },
    side: 'guess',
    raise: text => text.replace(/\w+$/, 'TlsV1_2OrLater'),
  },
)

export const mbedtls = codeRecipe(
  {
    id: 'mbedtls-version',
    title: 'mbed TLS: minimum or maximum version below TLS 1.2',
    formats: ['c', 'cpp', 'rust'],
    literals: ['ssl_minor_version_', 'conf_min_version', 'conf_max_version'],
    stack: 'mbed TLS',
    why: 'The bound lets TLS 1.0 or 1.1 in (minimum) or nothing newer (maximum).',
    fix: 'Use MBEDTLS_SSL_MINOR_VERSION_3 for both, or drop the calls; mbed TLS 3 has nothing older.',
    sources: ['https://mbed-tls.readthedocs.io/projects/api/en/v2.28.8/api/file/ssl_8h/ (2025-10)'],
  },
  {
    constant: {
      quick: /SSL_MINOR_VERSION_[0-4]$/,
      means(path): Meaning | undefined {
        const match = /^(?:MBEDTLS_|POLARSSL_)?SSL_MINOR_VERSION_([0-4])$/.exec(path)
        return match ? { versions: [SSL_3_0 + Number(match[1])] } : undefined
      },
    },
    slot: slot => {
      if (/(?:conf|set)_min_(?:tls_)?version$/.test(slot.name) && slot.kind === 'call') return { role: 'min' }
      if (/(?:conf|set)_max_(?:tls_)?version$/.test(slot.name) && slot.kind === 'call') return { role: 'max' }
      return undefined
    },
    // `(&conf, 3, 1)`: the last number is the minor one.
    read: (text, kind, slot, isDirect, at) =>
      kind === 'number' && isDirect && /^[0-4]$/.test(text) && slot.args?.[2] && at >= slot.args[2].from
        ? [SSL_3_0 + Number(text)]
        : undefined,
    side: 'guess',
    raise: text => text.replace(/[0-2]$/, '3'),
  },
)

export const wolfssl = codeRecipe(
  {
    id: 'wolfssl-version',
    title: 'wolfSSL: minimum version below TLS 1.2',
    formats: ['c', 'cpp', 'java', 'rust'],
    literals: ['ssl_tlsv1', 'ssl_sslv3'],
    stack: 'wolfSSL',
    why: 'The bound lets older versions in.',
    fix: 'Use WOLFSSL_TLSV1_2.',
    sources: ['https://www.wolfssl.com/documentation/manuals/wolfssl/group__Setup.html (2025-10)'],
  },
  {
    constant: {
      quick: /^(?:WOLFSSL|CYASSL)_(?:SSLV3|TLSV1(?:_[0-3])?)$/,
      means(path): Meaning | undefined {
        const match = /_(SSLV3|TLSV1(?:_([0-3]))?)$/.exec(path)
        return match
          ? { versions: [match[1] === 'SSLV3' ? SSL_3_0 : minor(match[2])], role: 'min' }
          : undefined
      },
    },
    side: 'guess',
    raise: text => text.replace(/_(?:SSLV3|TLSV1(?:_1)?)$/, '_TLSV1_2'),
  },
)

export const nss = codeRecipe(
  {
    id: 'nss-version-range',
    title: 'NSS: version range below TLS 1.2',
    formats: ['c', 'cpp', 'python', 'rust', 'javascript'],
    literals: ['ssl_library_version_', 'ssl_enable_ssl'],
    stack: 'NSS',
    why: 'The range lets older versions in, or nothing newer.',
    fix: 'Use SSL_LIBRARY_VERSION_TLS_1_2 as the minimum and the newest version as the maximum.',
    sources: ['https://firefox-source-docs.mozilla.org/security/nss/legacy/reference/ (2025-10)'],
  },
  {
    constant: {
      quick: /^SSL_LIBRARY_VERSION_(?:2|3_0|TLS_1_[0-3])$|^SSL_ENABLE_SSL[23]$/,
      means(path): Meaning | undefined {
        const old = /^SSL_ENABLE_SSL([23])$/.exec(path)
        if (old) return { versions: [old[1] === '2' ? SSL_2_0 : SSL_3_0] }
        const match = /VERSION_(?:(2)|(3_0)|TLS_1_([0-3]))$/.exec(path)
        if (!match) return undefined
        return { versions: [match[1] ? SSL_2_0 : match[2] ? SSL_3_0 : minor(match[3])] }
      },
    },
    side: 'guess',
    // `SSL_OptionSet(socket, SSL_ENABLE_SSL3, PR_FALSE)`
    slot: (slot, flow) =>
      /^SSL_OptionSet(?:Default)?$/.test(slot.name) && slot.kind === 'call'
        ? { role: flow.code.tokens[slot.to - 1]!.text === 'PR_FALSE' ? 'off' : 'adds' }
        : undefined,
    read: () => undefined,
    raise: text => (/ENABLE/.test(text) ? undefined : text.replace(/VERSION_.*/, 'VERSION_TLS_1_2')),
  },
)

const pocoName = /^(SSLV2|SSLV3|TLSV1(?:_([0-3]))?)_(CLIENT|SERVER)_USE$/

export const gnutlsVersions = codeRecipe(
  {
    id: 'gnutls-protocol-list',
    title: 'GnuTLS: list of protocols with legacy ones',
    formats: ['c', 'cpp'],
    literals: ['gnutls_tls1_', 'gnutls_ssl3'],
    stack: 'GnuTLS',
    why: 'The list, or the switch of one version, lets TLS 1.0 or 1.1 in.',
    fix: 'Use gnutls_set_default_priority(), or a priority string with -VERS-TLS1.0:-VERS-TLS1.1.',
    sources: ['https://www.gnutls.org/manual/html_node/Core-TLS-API.html (2025-10)'],
  },
  {
    constant: {
      quick: /^GNUTLS_(?:SSL3|TLS1_[0-3])$/,
      means(path): Meaning | undefined {
        const match = /^GNUTLS_(?:SSL3|TLS1_([0-3]))$/.exec(path)
        return match ? { versions: [match[1] === undefined ? SSL_3_0 : minor(match[1])] } : undefined
      },
    },
    // `gnutls_protocol_set_enabled(GNUTLS_TLS1_0, 0)`
    slot: (slot, flow) =>
      slot.name === 'gnutls_protocol_set_enabled' || slot.name === 'gnutls_protocol_mark_enabled'
        ? { role: flow.code.tokens[slot.to - 1]!.text === '0' ? 'off' : 'adds' }
        : undefined,
    read: () => undefined,
    side: 'guess',
    raise: text => text.replace(/(?:SSL3|TLS1_[01])$/, 'TLS1_2'),
  },
)

export const bearssl = codeRecipe(
  {
    id: 'bearssl-versions',
    title: 'BearSSL: range of versions that begins below TLS 1.2',
    formats: ['c', 'cpp'],
    literals: ['br_tls1'],
    stack: 'BearSSL',
    why: 'The first argument is the lowest version of the engine.',
    fix: 'Use BR_TLS12 for both.',
    sources: ['https://bearssl.org/apidoc/bearssl__ssl_8h.html (2025-10)'],
  },
  {
    constant: {
      quick: /^BR_TLS1[0-2]$/,
      means: path => ({ versions: [minor(path.at(-1))] }),
    },
    side: 'guess',
    raise: text => text.replace(/\d$/, '2'),
  },
)

export const envoyApi = codeRecipe(
  {
    id: 'envoy-tls-parameters',
    title: "Envoy: bounds of TlsParameters in a control plane's code",
    formats: ['go', 'cpp', 'java', 'kotlin', 'python'],
    literals: ['tlsv1'],
    evidence: 'legacy-word',
    needs: /tls_?(?:min|max)imum_?protocol_?version/i,
    stack: 'Envoy',
    why: 'The bound lets older versions in (minimum) or leaves nothing newer (maximum).',
    fix: 'Leave the minimum out (TLS 1.2), or use TLSv1_2; drop the maximum.',
    sources: [
      'https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/common.proto (2025-10)',
    ],
  },
  {
    constant: {
      quick: /^(?:TlsParameters_)?TLSv1_[0-3]$/,
      means: path =>
        /(?:TlsParameters|TlsProtocol)[._]TLSv1_\d$/.test(path)
          ? { versions: [minor(path.at(-1))] }
          : undefined,
    },
    slot: slot => {
      const bound = /tls_?(min|max)imum_?protocol_?version$/i.exec(slot.name)?.[1]?.toLowerCase()
      return bound ? { role: bound as 'min' | 'max' } : undefined
    },
    side: 'guess',
    raise: text => text.replace(/\d$/, '2'),
  },
)

export const poco = codeRecipe(
  {
    id: 'poco-context-usage',
    title: 'POCO: context of a legacy version',
    formats: ['cpp'],
    literals: ['tlsv1', 'sslv2', 'sslv3'],
    evidence: 'legacy-word',
    stack: 'POCO (OpenSSL)',
    why: 'The usage fixes the version of every socket of the context, or in newer releases the lowest one.',
    fix: 'Use TLS_CLIENT_USE or TLS_SERVER_USE and requireMinimumProtocol(Context::PROTO_TLSV1_2).',
    sources: ['https://docs.pocoproject.org/current/Poco.Net.Context.html (2025-10)'],
  },
  {
    constant: {
      quick: /_USE$|^PROTO_/,
      means(path): Meaning | undefined {
        const name = path.slice(path.lastIndexOf('.') + 1)
        const use = pocoName.exec(name)
        if (use)
          return { versions: [versionOf(use[1]!, use[2])], side: use[3] === 'CLIENT' ? 'client' : 'server' }
        const proto = /^PROTO_(SSLV2|SSLV3|TLSV1(?:_([0-3]))?)$/.exec(name)
        return proto ? { versions: [versionOf(proto[1]!, proto[2])], role: 'min' } : undefined
      },
    },
    slot: slot => (/^disableProtocols$/.test(slot.name) ? { role: 'off' } : undefined),
    read: () => undefined,
    side: 'guess',
    raise: text =>
      /PROTO_/.test(text)
        ? text.replace(/PROTO_.*/, 'PROTO_TLSV1_2')
        : // TLS_CLIENT_USE alone begins at TLS 1.0, which would be lower than what is there.
          text.replace(/(?:SSLV[23]|TLSV1(?:_1)?)_(CLIENT|SERVER)_USE$/, 'TLSV1_2_$1_USE'),
  },
)

function versionOf(name: string, digit: string | undefined): Version {
  return name === 'SSLV2' ? SSL_2_0 : name === 'SSLV3' ? SSL_3_0 : minor(digit)
}

const botanVersions: Record<string, Version> = { ssl3: SSL_3_0, tls10: TLS_1_0, tls11: TLS_1_0 + 1 }

export const botan: Recipe = {
  id: 'botan-policy',
  title: 'Botan: policy that lets TLS 1.0 or 1.1 in',
  formats: ['cpp', 'c'],
  literals: ['allow_tls1', 'allow_ssl3'],
  stack: 'Botan',
  why: 'The policy answers yes for a version below TLS 1.2.',
  fix: 'Return false, or leave the method out.',
  sources: ['https://botan.randombit.net/doxygen/classBotan_1_1TLS_1_1Policy.html (2025-10)'],
  *find(source) {
    for (const match of liveMatches(
      source,
      /\ballow_(ssl3|tls10|tls11)\s*\(\s*\)[^{};]*\{\s*return\s+(true)\b|^\s*allow_(ssl3|tls10|tls11)\s*=\s*(true)\b/gm,
    )) {
      const end = match.index + match[0].length
      yield {
        start: match.index + match[0].search(/\S/),
        end,
        shape: { kind: 'adds', versions: [botanVersions[(match[1] ?? match[3])!]!] },
        side: 'either',
        edits: [{ start: end - 'true'.length, end, text: 'false' }],
      }
    }
  },
}
