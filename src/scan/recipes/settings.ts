import type { Side } from '../../model/finding.ts'
import { hitOf, namedBeside, roleOfSetting } from '../find-settings.ts'
import { effectOf } from '../judge.ts'
import { keyLiterals, versionLiterals } from '../literals.ts'
import type { Setting } from '../read/setting.ts'
import type { Hit, Recipe } from '../recipe.ts'
import { flatName } from '../roles.ts'
import type { Source } from '../source.ts'
import { policyFloor } from '../words.ts'

const clientKey =
  /client|proxy[-_]?ssl|grpc_ssl|uwsgi_ssl|upstream|^smtp_|^lmtp_|mail\.|origin|remote_?write|outbound|https\.protocols|datasource|backend|servers?transport|cluster(?!_)|fetch|scrape|relay(?!h)|sslproxy/i
const eitherStack = /openssl|crypto|system_default|stunnel|bundle/i

/** Products by what their settings are called; the first that fits names the stack. */
const products: readonly [test: RegExp, stack: string, side?: Side][] = [
  [
    /aws_|AWS::|ElasticLoadBalancing|CloudFront|ELBSecurityPolicy|alb\.ingress|aws-load-balancer|amazonaws/i,
    'AWS',
    'server',
  ],
  [/azurerm_|Microsoft\.|azure/i, 'Azure', 'server'],
  [/google_|compute\.v1|gcp/i, 'Google Cloud', 'server'],
  [/cloudflare_/i, 'Cloudflare', 'server'],
  [/alicloud_|ALIYUN::/i, 'Alibaba Cloud', 'server'],
  [/nginx|ssl_protocols$|ssl-protocols$/i, 'nginx'],
  [/tls_(?:minimum|maximum)_protocol_version|envoy/i, 'Envoy'],
  [/minProtocolVersion|istio/i, 'Istio (Envoy)', 'server'],
  [/VersionTLS1|traefik/i, 'Go crypto/tls'],
  [/smtpd?_tls|postfix|lmtp_tls/i, 'Postfix'],
  [/dovecot|ssl_min_protocol$/i, 'Dovecot', 'server'],
  [/server\.ssl|spring|management\./i, 'Spring Boot (JSSE)'],
  [/ssl\.enabled\.protocols|kafka/i, 'Kafka (JSSE)'],
  [/https\.protocols|jdk\.tls|mail\./i, 'Java (JSSE)', 'client'],
  [/mysql|tls_version$|tls-version$|mariadb/i, 'MySQL'],
  [/ssl_(?:min|max)_protocol_version|postgres/i, 'PostgreSQL'],
  [/mongo|disabledProtocols$/i, 'MongoDB', 'server'],
  [/tls-protocols|redis/i, 'Redis', 'server'],
  [/Connector|SSLHostConfig|tomcat/i, 'Tomcat (JSSE)', 'server'],
  [/MinProtocol|MaxProtocol|CipherString|openssl/i, 'OpenSSL', 'either'],
  [/tls-version-m/i, 'OpenVPN', 'server'],
  [/sslVersion/i, 'stunnel', 'either'],
  [/Kestrel|SslProtocols/i, '.NET'],
  [/SSLProxyProtocol/i, 'Apache httpd', 'client'],
  [/SSLProtocol/i, 'Apache httpd', 'server'],
]

export function stackOf(text: string): { stack: string; side?: Side } {
  const found = products.find(([test]) => test.test(text))
  return found ? { stack: found[1], ...(found[2] && { side: found[2] }) } : { stack: 'TLS' }
}

export function sideOfSetting(setting: Setting, source: Source): Side {
  const key = namedBeside(setting) ?? setting.key
  const where = [...setting.parents.slice(-6), key].join('.')
  if (clientKey.test(key) || clientKey.test(setting.parents.slice(-2).join('.'))) return 'client'
  const product = stackOf(where)
  if (product.side) return product.side
  if (eitherStack.test(where) || eitherStack.test(source.name)) return 'either'
  return /client|producer|consumer/i.test(where) || /client|producer|consumer/.test(source.name)
    ? 'client'
    : 'server'
}

/** Names that another recipe reads better than by their words alone. */
const elsewhere =
  /^(?:tlsprotocolmin|tlsprotocolmin|olctlsprotocolmin|tlsprotocolminimum|disabledversion|disabledalgorithms|jdktlsdisabledalgorithms|tlssecurityprofile)$/

export const settings: Recipe = {
  id: 'tls-setting',
  title: 'Configuration or infrastructure: TLS version below the floor',
  formats: ['yaml', 'json', 'hcl', 'toml', 'hocon', 'bicep', 'xml', 'plist', 'ini', 'directives'],
  literals: [
    ...versionLiterals,
    ...keyLiterals,
    'minversion',
    'min_version',
    'min-version',
    'minimumprotocol',
    'minprotocol',
    'disabledprotocols',
    'sslhostconfig',
  ],
  evidence:
    /(?:min|max|vers|prot|tls|ssl|value|default)[\w.-]{0,60}["']?[ \t]*(?:=>|[:= \t>])[ \t"'[]*(?:(?<=\[)\s*["']?)?(?:v?1[._][012]\b|tls(?:1\d)?\b|tlsenf|none\b|disabled\b|all\b|any\b|legacy\b|\*|\[\])/,
  stack: 'TLS',
  why: 'The setting decides which versions are spoken; it names one below the floor, alone or beside newer ones.',
  fix: 'Name TLS 1.2 and 1.3 only. On a server this ends service for older clients: settle who they are first.',
  sources: ['https://www.rfc-editor.org/rfc/rfc8996'],
  *find(source, floor) {
    if (!/tls|ssl|protocol/.test(source.folded)) return
    for (const setting of source.settings()) {
      const key = roleOfSetting(setting)
      if (
        !key ||
        setting.form === 'block' ||
        setting.value.length > 2000 ||
        elsewhere.test(flatName(setting.key))
      )
        continue
      if (isSchema(setting, source) || isObject(setting, source) || isPackageVersion(setting)) continue
      if (key.role === 'off' && source.format === 'xml' && !/[\s,;+]/.test(setting.value)) continue // one member of a list of elements
      const target = referred(setting, source) ?? setting
      const hit = hitOf(source.text, target, key, sideOfSetting(setting, source), floor)
      if (!hit) continue
      const stack = stackOf(
        [...setting.parents, namedBeside(setting) ?? setting.key, source.path].join('.'),
      ).stack
      if (isTerraformDefault(setting) && effectOf(hit.shape, floor))
        yield {
          ...hit,
          stack,
          shape: { kind: 'note' },
          edits: undefined,
          message: 'the default of a variable',
        }
      else if (target !== setting)
        yield {
          ...hit,
          stack,
          certainty: 'likely',
          related: [{ start: setting.keyStart, end: setting.end, message: 'used here' }],
        }
      else if (key.strong || policyFloor(setting.value) !== undefined || explicit(setting))
        yield { ...hit, stack }
    }
    yield* namedDefaults(source, floor)
  },
}

function explicit(setting: Setting): boolean {
  return /ssl|tls/i.test(setting.value)
}

/** The settings inside speak for themselves. */
function isObject(setting: Setting, source: Source): boolean {
  return /^\{(?![{%])/.test(setting.value) && source.format !== 'directives'
}

/** `provider "tls" { version = "1.1" }` is the version of a package. */
function isPackageVersion(setting: Setting): boolean {
  return (
    setting.key === 'version' &&
    setting.parents.some(parent =>
      /^(?:provider|module|required_providers|dependenc\w*|plugins?)$/i.test(parent),
    )
  )
}

/** JSON Schema, OpenAPI and parameter descriptions list what may be said, not what is. */
function isSchema(setting: Setting, source: Source): boolean {
  // In HCL the names around a setting are those that people give to resources, `example` above all.
  if (source.format === 'hcl') return setting.parents.at(-1) === 'validation'
  // `minTlsVersion: ('1.0' | '1.2')?` of Bicep is a type.
  if (
    source.format === 'bicep' &&
    /^\(?'[^'\n]*'\s*\|/.test(source.text.slice(setting.start - 1).trimStart())
  )
    return true
  return (
    /^(?:enum|allowedvalues|examples?|description|title|comment|label|help|options|choices|oneof|anyof|const|pattern)$/.test(
      flatName(setting.key),
    ) ||
    setting.parents.some(parent => /^(?:allowedValues|enum|examples?|validation|oneOf|anyOf)$/i.test(parent))
  )
}

function isTerraformDefault(setting: Setting): boolean {
  return setting.parents.includes('variable') && setting.key === 'default'
}

/** `[parameters('x')]`, `!Ref X`, `var.x`, `local.x`, a Bicep name: the literal that the same file gives it. */
function referred(setting: Setting, source: Source): Setting | undefined {
  const value = setting.value.trim()
  const arm = /^\[\s*(parameters|variables)\('([^']+)'\)\s*\]$/.exec(value)
  if (arm)
    return source
      .settings()
      .find(other =>
        arm[1] === 'parameters'
          ? flatName(other.key) === 'defaultvalue' &&
            other.parents.at(-1)?.toLowerCase() === arm[2]!.toLowerCase()
          : other.key.toLowerCase() === arm[2]!.toLowerCase() && other.parents.at(-1) === 'variables',
      )
  const ref = /^(?:!Ref\s+)?([A-Za-z]\w*)$/.exec(value)
  if (
    ref &&
    source.format === 'yaml' &&
    /!Ref\s+$/.test(source.text.slice(Math.max(0, setting.start - 8), setting.start))
  )
    return source
      .settings()
      .find(
        other =>
          other.key === 'Default' && other.parents.at(-1) === ref[1] && other.parents.includes('Parameters'),
      )
  if (ref && source.format === 'bicep')
    return (
      source.settings().find(other => other.key === ref[1] && other !== setting) ?? bicepName(ref[1]!, source)
    )
  const terraform = /^\$?\{?\s*(var|local)\.(\w+)\s*\}?$/.exec(value)
  if (terraform?.[1] === 'var')
    return source
      .settings()
      .find(
        other =>
          other.key === 'default' &&
          other.parents.includes('variable') &&
          other.parents.at(-1) === terraform[2],
      )
  if (terraform)
    return source.settings().find(other => other.key === terraform[2] && other.parents.at(-1) === 'locals')
  return undefined
}

function bicepName(name: string, source: Source): Setting | undefined {
  const match = new RegExp(`^\\s*(?:param|var)\\s+${name}\\b[^=\\n]*=\\s*'([^'\\n]*)'`, 'm').exec(source.text)
  if (!match) return undefined
  const end = match.index + match[0].length - 1
  return {
    key: name,
    keyStart: match.index,
    parents: [],
    value: match[1]!,
    start: end - match[1]!.length,
    end,
    form: 'scalar',
    siblings: [],
  }
}

/** `min_tls_version = "1.0"` of a .tfvars file is read like any setting; a template parameter with a telling name is a note until it is used. */
function* namedDefaults(source: Source, floor: number): Iterable<Hit> {
  if (source.format !== 'hcl' && source.format !== 'json') return
  for (const setting of source.settings()) {
    if (!/^default(?:value)?$/.test(flatName(setting.key))) continue
    const name = setting.parents.at(-1)
    if (!name) continue
    const key = roleOfSetting({ ...setting, key: name, parents: [] })
    const strong = key ?? (/tls|ssl/i.test(name) ? { role: 'min' as const, strong: true } : undefined)
    if (!strong) continue
    const hit = hitOf(source.text, setting, { ...strong, strong: true }, 'server', floor)
    if (hit && effectOf(hit.shape, floor))
      yield { ...hit, shape: { kind: 'note' }, edits: undefined, message: 'the default of a variable' }
  }
}
