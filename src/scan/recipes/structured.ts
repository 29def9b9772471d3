import { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { namedBeside } from '../find-settings.ts'
import { isLive } from '../live.ts'
import { wholeLines } from '../mend.ts'
import type { Hit, Recipe } from '../recipe.ts'
import { flatName } from '../roles.ts'
import { versionWords } from '../words.ts'

const flagged: Record<string, Version> = { ssl30: SSL_3_0, tls10: TLS_1_0, tls11: TLS_1_1 }

export const gatewaySwitches: Recipe = {
  id: 'api-management-protocols',
  title: 'Azure API Management or a load balancer: switch that turns a legacy version on',
  formats: ['hcl', 'json', 'bicep', 'yaml', 'javascript', 'python', 'csharp'],
  literals: ['tls10', 'tls11', 'ssl30', 'protocol-tlsv1', 'protocol-sslv3'],
  stack: 'Azure / AWS',
  why: 'The switch turns one version below TLS 1.2 on.',
  fix: 'Set it to false.',
  sources: [
    'https://learn.microsoft.com/azure/api-management/api-management-howto-manage-protocols-ciphers (2025-11)',
  ],
  *find(source) {
    for (const setting of source.settings()) {
      const beside = namedBeside(setting)
      const key = beside ?? setting.key
      const version = switchedVersion(key)
      if (version === undefined || !/^\s*["']?(?:true|enabled)["']?\s*$/i.test(setting.value)) continue
      const shown = setting.value.trim()
      const at = setting.start + setting.value.indexOf(shown)
      // The version stands in the name, which has a line of its own.
      const name = setting.siblings.find(other => other.value === beside)
      yield {
        start: name?.start ?? at,
        end: name?.end ?? at + shown.length,
        shape: { kind: 'adds', versions: [version] },
        side: /back_?end/i.test(key) ? 'client' : 'server',
        edits: [
          {
            start: at,
            end: at + shown.length,
            text: shown.replace(/true|enabled/i, found =>
              found === 'True' ? 'False' : /true/i.test(found) ? 'false' : 'disabled',
            ),
          },
        ],
      }
    }
  },
}

function switchedVersion(key: string): Version | undefined {
  const policy = /^Protocol-(SSLv3|TLSv1(?:\.1)?)$/.exec(key)
  if (policy) return versionWords(policy[1]!)[0]?.version
  const rds = /^rds\.(tls1[01])$/.exec(key)
  if (rds) return flagged[rds[1]!]
  const flat = flatName(key)
  const match =
    /(?:^enable(?:back_?end|frontend)?|protocols|backend|frontend|^)(ssl30|tls10|tls11)(?:enabled)?$/.exec(
      flat,
    )
  return match ? flagged[match[1]!] : undefined
}

export const cloudfrontDefault: Recipe = {
  id: 'cloudfront-default-certificate',
  title: 'CloudFront: default certificate',
  formats: ['hcl', 'yaml', 'json'],
  literals: ['default_certificate', 'defaultcertificate'],
  onlyInherits: true,
  stack: 'AWS CloudFront',
  why: 'With the default certificate CloudFront accepts TLS 1.0, whatever minimum is named.',
  fix: 'Use a certificate of your own with minimum_protocol_version TLSv1.2_2021.',
  sources: [
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html (2025-11)',
  ],
  *find(source) {
    for (const setting of source.settings()) {
      if (
        !/^cloudfrontdefaultcertificate$/.test(flatName(setting.key)) ||
        !/^true$/i.test(setting.value.trim())
      )
        continue
      yield { start: setting.keyStart, end: setting.end, shape: { kind: 'inherits' }, side: 'server' }
    }
  },
}

export const infoPlist: Recipe = {
  id: 'ats-minimum-tls',
  title: 'App Transport Security: exception below TLS 1.2',
  formats: ['plist', 'xml', 'json', 'yaml', 'javascript'],
  literals: ['minimumtlsversion'],
  stack: 'Apple App Transport Security',
  why: 'The exception lets the app speak an older version with this domain.',
  fix: 'Remove the key and its value.',
  sources: [
    'https://developer.apple.com/documentation/bundleresources/information-property-list/nsexceptionminimumtlsversion (2025-10)',
  ],
  *find(source) {
    if (source.format !== 'plist' && source.format !== 'xml') return
    for (const match of source.text.matchAll(
      /<key>\s*NS(?:ThirdParty|Temporary(?:ThirdParty)?)?ExceptionMinimumTLSVersion\s*<\/key>\s*<string>\s*(TLSv1\.[01]|SSLv3|TLSv1)\s*<\/string>/g,
    )) {
      if (!isLive(source, match.index)) continue
      const end = match.index + match[0].length
      const at = match.index + match[0].lastIndexOf('<string>')
      yield {
        start: at,
        end,
        shape: { kind: 'min', versions: [versionWords(match[1]!)[0]!.version] },
        side: 'client',
        edits: [wholeLines(source.text, match.index, end)],
      }
    }
  },
}

export const httpServers: Recipe = {
  id: 'mongodb-disabled-protocols',
  title: 'List of disabled protocols that leaves TLS 1.0 or 1.1 on',
  formats: ['yaml', 'ini', 'directives', 'shell', 'dockerfile', 'json'],
  literals: ['disabledprotocols'],
  stack: 'MongoDB',
  why: 'The list replaces the default (TLS1_0,TLS1_1); what it does not name stays on.',
  fix: 'Use TLS1_0,TLS1_1.',
  sources: [
    'https://www.mongodb.com/docs/manual/reference/configuration-options/#mongodb-setting-net.tls.disabledProtocols (2025-10)',
  ],
  *find(source) {
    for (const match of source.text.matchAll(
      /--(?:ssl|tls)DisabledProtocols(?:=|\s+|["'],\s*["'])["']?([\w,]+)/g,
    )) {
      if (!isLive(source, match.index)) continue
      const value = match[1]!
      const off = versionWords(value.replace(/,/g, ' ')).map(word => word.version)
      const left = [TLS_1_0, TLS_1_1].filter(version => !off.includes(version))
      if (left.length === 0) continue
      const end = match.index + match[0].length
      const hit: Hit = {
        start: match.index,
        end,
        shape: { kind: 'only', versions: [...left, TLS_1_2, TLS_1_3] },
        side: 'server',
        edits: [{ start: end - value.length, end, text: 'TLS1_0,TLS1_1' }],
      }
      yield hit
    }
  },
}
