import type { Role } from './judge.ts'

/** What a setting does to the versions, told from its name. `strong`: the name itself says TLS version, so that bare numbers count as values. */
export interface KeyRole {
  role: Role
  strong: boolean
}

/** Lower case without separators: `min_tls_version`, `minTlsVersion` and `MIN-TLS-VERSION` are one name. */
export function flatName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

const other =
  /cipher|cert|verif|passw|secret|timeout|context|session|ticket|curve|truststore|keystore|provider|redirect|descri|desc$|label|comment|message|notes?$|test|mock|fips|sni|alpn|hostname|username|usage|display|warn|error|log|title|reject|httpversion|apiversion|require[sd]?$|options?$|mode$|enabled?$|header|httpprotocol|text|regex|pattern|usetls|usessl|allowlist|validationmethod|(?:protocol|version)name|authmethod|challenge|supportmethod|sslsupport(?!ed)|(?:used|negotiated|detected|observed)$/
const transport = /tls|ssl|secureproto|securityproto|httpsproto|securetransport/
const what = /version|versions|vers?$|protocol|proto|policy|method|minver|maxver/
const lowest =
  /(?:^|[a-z]*?)(?:minimum|minimal|lowest|floor|min(?=tls|ssl|ver|proto|vers|http)|(?<=tls|ssl|version|protocol|proto|ver|protocolversion)min(?!u))|^min/
const highest =
  /maximum|maximal|highest|max(?=tls|ssl|ver|proto|vers)|(?<=tls|ssl|version|protocol|proto|ver)max|^max/
const turnedOff = /disabled?|exclude|forbid|blocked|denied|blacklist|disallow|^no(?=tls|ssl)|without|remove/

/** Names that say nothing of TLS by themselves; their values must be spelled out (`TLSv1.1`, not `1.1`). */
const generic =
  /^(?:protocols?|versions?|protocolversions?|(?:min|max|minimum|maximum)(?:imum)?(?:protocol)?version|(?:min|max|minimum|maximum)(?:imum)?protocol(?:version)?s?|protocol(?:min|max)|(?:min|max)proto(?:ver|version)?|(?:supported|enabled|disabled|excluded?|included?|accepted|allowed)(?:secure)?(?:transport)?(?:protocols?|versions?|protocolversions?)|(?:min|max)ver|securitypolicy|securitypolicyname|policyname|secureprotocol|nssprotocol|defaultprotocols?|defaultsslprotocols?|cryptoprotocols?|(?:https|client|server)protocols?|policy|tls|ssl|tlsmin|tlsmax)$/

/** The role of a setting, undefined for a name that has nothing to do with TLS versions. */
export function roleOfKey(name: string): KeyRole | undefined {
  // `mail.smtp.ssl.protocols`, `transport.ssl_options.version`: what counts is the last part, seen with its parents.
  if (/^x-/i.test(name)) return undefined // a header of HTTP
  const flat = flatName(name.replace(/^set(?=[A-Z])/, ''))
  if (flat.length < 3 || flat.length > 80) return undefined
  if (/(?:tls|ssl)(?:v|version|protocol)?[1-3]/.test(flat)) return undefined // the name of one version, not of a setting
  if (/^(?:tls|ssl)ciphers?policy$/.test(flat)) return { role: 'min', strong: true }
  if (/^(?:min|minimum)(?:tls|ssl)$/.test(flat)) return { role: 'min', strong: true }
  const strong = transport.test(flat) && what.test(flat)
  if (!strong && !generic.test(flat) && !/(?:tls|ssl)(?:min|max)$/.test(flat)) return undefined
  if (
    other.test(flat.replace(/(?<=ssl|tls)context(?:factory)?(?=\w*(?:protocols?|version)$)/, '')) &&
    !/seclevel|securitylevel/.test(flat) &&
    !/(?:version|protocols?)(?:enforced|required)$/.test(flat)
  )
    return undefined
  if (turnedOff.test(flat)) return { role: 'off', strong }
  if (highest.test(flat)) return { role: 'max', strong }
  if (lowest.test(flat) || /policy/.test(flat)) return { role: 'min', strong }
  return { role: 'only', strong }
}
