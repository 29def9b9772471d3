import { SSL_3_0, TLS_1_0, TLS_1_1 } from '../../model/version.ts'
import { findInCode, type Meaning, namesRefused } from '../find-code.ts'
import { tokenIndexAt } from '../lex/code.ts'
import type { Flow } from '../lex/flow.ts'
import { usageOf } from '../lex/usage.ts'
import { liveMatches } from '../live.ts'
import type { Format, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'
import { policyFloor, policySuccessor } from '../words.ts'

const everywhere: Format[] = [
  'yaml',
  'json',
  'hcl',
  'toml',
  'bicep',
  'ini',
  'xml',
  'shell',
  'dockerfile',
  'csharp',
  'java',
  'kotlin',
  'scala',
  'groovy',
  'python',
  'javascript',
  'go',
  'ruby',
  'php',
  'powershell',
  'rust',
]

export const cloudPolicies: Recipe = {
  id: 'cloud-tls-policy',
  title: 'Cloud load balancer, gateway or search domain: policy that lets TLS 1.0 or 1.1 in',
  formats: everywhere,
  literals: ['elbsecuritypolicy-', 'appgwsslpolicy', 'policy-min-tls-1-', 'tls_cipher_policy_1_'],
  stack: 'cloud edge',
  why: 'The named policy is a fixed list of versions and suites; this one starts below TLS 1.2.',
  fix: 'Name a policy that starts at TLS 1.2.',
  sources: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html (2025-11)',
    'https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview (2025-11)',
  ],
  *find(source) {
    for (const match of liveMatches(
      source,
      /(?<![\w-])(?:ELBSecurityPolicy-[\w-]+|AppGwSslPolicy\d{8}S?|Policy-Min-TLS-1-\d-[\w-]+|tls_cipher_policy_1_[0-3]\w*)/g,
    )) {
      const floor = policyFloor(match[0])
      if (floor === undefined || !isChosen(source, match.index)) continue
      const before = source.text.slice(Math.max(0, match.index - 60), match.index)
      if (/[=!]==?\s*["']?$|\bin\s*[[(][^\])]*$|contains\([^)]*$/.test(before)) continue
      const lineStart = source.text.lastIndexOf('\n', match.index) + 1
      const line = source.text.slice(lineStart, match.index)
      if (
        /allowed_?values|enum|description|valid_|condition\s*=|choices|\b(?:describe|list|get)-/i.test(
          line,
        ) ||
        (/^\s*["']$/.test(line) &&
          /(?:(?:allowed_?values|enum|valid\w*|choices)["']?\s*[=:]\s*|@allowed\(\s*)\[[^\]]*$/i.test(
            source.text.slice(Math.max(0, lineStart - 600), lineStart),
          ))
      )
        continue
      if (
        /(?:AllowedValues|enum|choices|options):[ \t]*\n(?:[ \t]*-[^\n]*\n)*[ \t]*-[ \t]*["']?$/i.test(
          source.text.slice(Math.max(0, match.index - 1500), match.index),
        )
      )
        continue
      const around = source.text.slice(Math.max(0, match.index - 400), match.index + 200)
      const successor = policySuccessor(match[0], around)
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: 'min', versions: [floor] },
        side: 'server',
        edits: successor
          ? [{ start: match.index, end: match.index + match[0].length, text: successor }]
          : undefined,
      }
    }
  },
}

/** In a program the policy must be a whole text, or one of a list of policies, that sets something: not a word of a message, a check or a list of what is refused. */
function isChosen(source: Source, at: number): boolean {
  const flow = source.flow()
  if (!flow || source.format === 'json') return true
  const index = tokenIndexAt(flow.code, at)
  const token = flow.code.tokens[index]
  if (token?.kind !== 'string') return true
  if (!token.text.includes('\n') && /\s[A-Za-z]/.test(token.text)) return false
  if (usageOf(flow.code, index, index) !== 'plain') return false
  return !flow.slots.some(
    slot => slot.kind === 'set' && slot.from <= index && index < slot.to && namesRefused(slot.name),
  )
}

const goMember =
  /(?<![A-Za-z])(SecurityPolicyProtocol|SslPolicy|OriginSslPolicy|TLSSecurityPolicy|SecurityPolicy|MinimumTLSVersion|MinimumTlsVersion|MinimalTLSVersionEnum|MinimalTlsVersion|SupportedTLSVersions|SupportedTlsVersions)_?(?=(?:SSL|TLS|LEGACY|RECOMMENDED|FORWARD|FIPS|One)\w*$)/

/** Members of the AWS CDK's and Pulumi's enumerations; Python, Java and C# spell them alike but for their case. */
function cdkMember(path: string): Meaning | undefined {
  // Go has no members: `SecurityPolicyProtocol_TLS_V1_2016`, `MinimumTLSVersionTLS10`.
  const parts = path.replace(goMember, '$1.').split('.')
  const member = parts.at(-1)!
  const owner = parts.at(-2) ?? ''
  if (owner === 'SslPolicy') {
    if (/^(?:RECOMMENDED|LEGACY|FORWARD_SECRECY|TLS13_10|FIPS_TLS13_10)$/.test(member))
      return { versions: [TLS_1_0], role: 'min', side: 'server' }
    if (/^(?:TLS11|FORWARD_SECRECY_TLS11|TLS13_11|FIPS_TLS13_11)$/.test(member))
      return { versions: [TLS_1_1], role: 'min', side: 'server' }
    return undefined
  }
  const match =
    /^(?:(SSL_?V?3(?:_0)?)|_?(?:TLS_?)?V?_?1(?:_([01]))?(?:_(?:2016|0))?|TLS1_?([01])|TLS_?V1_?([01])?(?:_2016)?)$/i.exec(
      member,
    )
  const minor = match?.[2] ?? match?.[3] ?? match?.[4] ?? '0'
  if (!match) return undefined
  const version = match[1] ? SSL_3_0 : TLS_1_0 + Number(minor)
  if (
    /^(?:SecurityPolicyProtocol|TLSSecurityPolicy|TlsSecurityPolicy|SecurityPolicy|MinimumTlsVersion|SupportedTlsVersions|MinimalTlsVersionEnum|MinimalTlsVersion|MinTlsVersion|TlsVersion|MinimumTLSVersion|MinimalTLSVersionEnum|SupportedTLSVersions|ManagedServiceMinimalTlsVersion|SslProtocol|ApplicationGatewaySslProtocol|MinimumTlsVersionType)$/.test(
      owner,
    )
  )
    return { versions: [version], role: 'min', side: 'server' }
  return owner === 'OriginSslPolicy' ? { versions: [version], role: 'only', side: 'client' } : undefined
}

/** `TlsVersion.TLS_1_0` is OkHttp's in Java and Kotlin, where the recipe for the JVM has judged it. */
function isReadAsJvm(path: string, { code }: Flow): boolean {
  return (
    /^(?:java|kotlin|scala)$/.test(code.language) && /(?:^|\.)(?:TlsVersion|SslProtocol)\.\w+$/.test(path)
  )
}

const byMember: ReadonlySet<Format> = new Set(['csharp', 'fsharp', 'vb', 'java', 'kotlin', 'scala', 'go'])
const memberOfType =
  /(?:securitypolicy(?:protocol)?|tlsversions?(?:enum|type)?|sslprotocol|sslpolicy)(?:\s*\.|_|tls)/

export const cloudEnums: Recipe = {
  id: 'cloud-tls-enum',
  title: 'AWS CDK, Pulumi or a cloud SDK: policy or minimum version below TLS 1.2',
  formats: [
    'javascript',
    'python',
    'java',
    'kotlin',
    'scala',
    'csharp',
    'fsharp',
    'vb',
    'go',
    'bicep',
    'powershell',
    'ruby',
  ],
  literals: ['sslpolicy', 'securitypolicy', 'tlsversion', 'tls_version', 'sslprotocol'],
  evidence: /sslpolicy\.|(?<!http_?)1_[01]/,
  // A member of one of the types.
  needs: format => (byMember.has(format) ? memberOfType : undefined),
  stack: 'cloud edge',
  why: 'The member is the lowest version that the resource lets in (for OriginSslPolicy: the list it offers to the origin).',
  fix: 'Use the member for TLS 1.2: SecurityPolicyProtocol.TLS_V1_2_2021, SslPolicy.RECOMMENDED_TLS, SecurityPolicy.TLS_1_2, MinimumTlsVersion.TLS1_2.',
  sources: ['https://docs.aws.amazon.com/cdk/api/v2/ (2025-11)'],
  *find(source, floor) {
    yield* findInCode(source, floor, {
      constant: {
        quick:
          /^_?(?:SSL|TLS|V?1|LEGACY|RECOMMENDED$|FORWARD_SECRECY|FIPS_TLS)\w*$|^Tls\w+$|^(?:SecurityPolicy|SslPolicy|OriginSslPolicy|Minim|Supported)\w*(?:TLS|SSL|Tls|Ssl)/i,
        means: (path, flow) => (isReadAsJvm(path, flow) ? undefined : cdkMember(path)),
      },
      side: 'server',
      raise: text => {
        if (/SecurityPolicyProtocol_\w+$/.test(text)) return text.replace(/_\w+$/, '_TLS_V1_2_2021')
        if (/OriginSslPolicy_\w+$/.test(text)) return text.replace(/_\w+$/, '_TLS_V1_2')
        if (/SslPolicy_\w+$/.test(text)) return text.replace(/_\w+$/, '_RECOMMENDED_TLS')
        const member = text.slice(text.lastIndexOf('.') + 1)
        const owner = text.slice(0, text.length - member.length)
        if (/SslPolicy\.$/.test(owner) && !/Origin/.test(owner)) return `${owner}RECOMMENDED_TLS`
        if (/SecurityPolicyProtocol\.$/.test(owner)) return `${owner}TLS_V1_2_2021`
        if (/OriginSslPolicy\.$/.test(owner)) return `${owner}TLS_V1_2`
        return member.length > 3 ? owner + member.replace(/1(_?)[01](?=$|_)/, '1$12') : undefined
      },
    })
  },
}
