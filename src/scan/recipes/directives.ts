import { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../../model/version.ts'
import { signedVersions } from '../find-settings.ts'
import { isLive, liveMatches } from '../live.ts'
import { wholeLines } from '../mend.ts'
import type { Hit, Recipe } from '../recipe.ts'
import type { Source } from '../source.ts'
import { versionWords } from '../words.ts'

const every = [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]

export const haproxy: Recipe = {
  id: 'haproxy-version',
  title: 'HAProxy: bind or server line below TLS 1.2',
  formats: ['directives', 'yaml', 'ini', 'shell'],
  literals: ['ssl-min-ver', 'ssl-max-ver', 'force-tlsv1', 'force-sslv3', 'no-tlsv12'],
  stack: 'HAProxy',
  why: 'ssl-min-ver lets that version in; force-tlsv10 and ssl-max-ver leave nothing newer.',
  fix: 'Use ssl-min-ver TLSv1.2; delete force- and ssl-max-ver.',
  sources: ['https://docs.haproxy.org/2.9/configuration.html (2025-10)'],
  *find(source) {
    for (const match of liveMatches(
      source,
      /(?<![\w-])(?:ssl-(min|max)-ver\s+(SSLv3|TLSv1\.[0-3])|force-(sslv3|tlsv1[0-3]))(?![\w.])/g,
    )) {
      const version = versionWords((match[2] ?? match[3])!)[0]!.version
      const lineStart = source.text.lastIndexOf('\n', match.index) + 1
      const line = source.text.slice(lineStart, match.index)
      const side = /^\s*(?:default-)?server\b|server-options|^\s*server-template/.test(line)
        ? ('client' as const)
        : ('server' as const)
      const shape = {
        kind:
          match[1] === 'min' ? ('min' as const) : match[1] === 'max' ? ('max' as const) : ('only' as const),
        versions: [version],
      }
      const end = match.index + match[0].length
      const edits =
        match[1] === 'min'
          ? [{ start: end - match[2]!.length, end, text: 'TLSv1.2' }]
          : [{ start: match.index - (/\s/.test(source.text[match.index - 1] ?? '') ? 1 : 0), end, text: '' }]
      const empties = /^\s*[\w-]+\s*$/.test(line) && /^\s*(?:$|\n)/.test(source.text.slice(end, end + 2))
      yield {
        start: match.index,
        end,
        shape,
        side,
        edits: empties && match[1] !== 'min' ? [wholeLines(source.text, lineStart, end)] : edits,
      }
    }
    // `no-tlsv12 no-tlsv13` leaves nothing that a modern peer speaks; `no-tlsv12` beside a minimum of 1.3 is that minimum.
    for (const match of liveMatches(
      source,
      /^[ \t]*(?:bind|server|default-server|ssl-default-\w+-options)\b[^\n]*?(no-tlsv12)(?![\w.])[^\n]*$/gm,
    )) {
      const off = [...match[0].matchAll(/no-(sslv3|tlsv1[0-3])(?![\w.])/g)].map(
        word => versionWords(word[1]!)[0]!.version,
      )
      const start = match.index + match[0].indexOf('no-tlsv12')
      yield {
        start,
        end: start + 'no-tlsv12'.length,
        shape: { kind: 'off', versions: off },
        side: /^\s*(?:server|default-server|ssl-default-server)/.test(match[0]) ? 'client' : 'server',
      }
    }
  },
}

/** `protocol_options` of ejabberd: a list of what is off, there or under the name of a macro. */
function* ejabberdLists(source: Source): Iterable<Hit> {
  const settings = source.settings()
  const seen = new Set<number>()
  for (const used of settings) {
    if (!/^(?:c2s_|s2s_)?protocol_options$/.test(used.key)) continue
    const list = used.items
      ? used
      : settings.find(({ key, parents }) => key === used.value && parents.at(-1) === 'define_macro')
    const off = (list?.items ?? []).map(({ value }) => value)
    const left = [
      off.includes('no_tlsv1') ? undefined : TLS_1_0,
      off.includes('no_tlsv1_1') ? undefined : TLS_1_1,
    ].filter(version => version !== undefined)
    if (!list || left.length === 0 || seen.has(list.start) || !off.some(word => /^no_(?:ssl|tls)/.test(word)))
      continue
    seen.add(list.start)
    const { start, end } = list.items!.at(-1)!
    yield {
      start,
      end,
      shape: { kind: 'only', versions: [...left, TLS_1_2, TLS_1_3] },
      side: 'server',
      stack: 'ejabberd',
      related: list === used ? [] : [{ start: used.keyStart, end: used.end, message: 'used here' }],
    }
  }
}

/** `+no_tlsv1`-style lists where what is not named stays on. */
export const optionLists: Recipe = {
  id: 'server-option-list',
  title: 'List of excluded versions that leaves TLS 1.0 or 1.1 on',
  formats: ['directives', 'ini', 'yaml'],
  literals: ['no_sslv', 'no-sslv', 'no_tlsv', 'no-tlsv'],
  stack: 'OpenSSL',
  why: 'What the list does not exclude stays on.',
  fix: 'Add no_tlsv1 and no_tlsv1_1 (each product in its own spelling).',
  sources: [
    'https://www.exim.org/exim-html-current/doc/html/spec_html/ch-encrypted_smtp_connections_using_tlsssl.html (2025-10)',
  ],
  *find(source) {
    const exim = /^[ \t]*openssl_options[ \t]*=[ \t]*((?:[^\n\\]|\\\n)*)/gm
    const syslog = /ssl-options\(([^)]*)\)/g
    const squid =
      /^[ \t]*(?:https?_port|tls_outgoing_options|sslproxy_options)\b[^\n]*?(?:options=|sslproxy_options\s+)([\w,:-]+)/gm
    const sendmail = /^[ \t]*(?:O[ \t]+)?(?:Server|Client)SSLOptions[ \t]*=[ \t]*([^\n]*)/gm
    const stunnel = /^[ \t]*options[ \t]*=[ \t]*-NO_(TLSv1(?:\.1)?|SSLv3)[ \t]*$/gm
    const offModern = /^[ \t]*options[ \t]*=[ \t]*NO_TLSv1\.2[ \t]*$/gm
    for (const [pattern, add, join] of [
      [exim, '+no_tlsv1', ' '],
      [sendmail, '+SSL_OP_NO_TLSv1', ' '],
      [syslog, 'no-tlsv1', ', '],
      [squid, 'NO_TLSv1', ','],
    ] as const)
      for (const match of liveMatches(source, pattern)) {
        const value = match[1]!
        const off = (name: string) => new RegExp(`(?<!-)no[_-]${name}(?![\\w.])`, 'i').test(value)
        const modernOff = off('tlsv1[_]?2')
        const left = [
          off('tlsv1(?:_0|0)?') ? undefined : TLS_1_0,
          off('tlsv1_?1') ? undefined : TLS_1_1,
        ].filter(version => version !== undefined)
        if (
          /min-version\s*=\s*1\.[23]/.test(match[0]) ||
          (left.length === 0 && !modernOff) ||
          !/no[_-](?:ssl|tls)/i.test(value)
        )
          continue
        const end = match.index + match[0].length
        const additions = [
          off('tlsv1(?:_0|0)?') ? '' : add,
          off('tlsv1_?1') ? '' : `${add}${add.includes('-') ? '1' : '_1'}`,
        ].filter(Boolean)
        const at = pattern === syslog ? end - 1 : end - (/\s*$/.exec(match[0])?.[0].length ?? 0)
        yield {
          start: match.index + match[0].search(/\S/),
          end,
          shape: { kind: 'only', versions: [...left, ...(modernOff ? [] : [TLS_1_2]), TLS_1_3] },
          side: /outgoing|remote|proxy/.test(match[0]) ? 'client' : 'server',
          edits: modernOff
            ? undefined
            : [{ start: at, end: at, text: additions.map(text => `${join}${text}`).join('') }],
        }
      }
    if (source.format === 'yaml') yield* ejabberdLists(source)
    for (const match of liveMatches(source, stunnel)) {
      const version = versionWords(match[1]!)[0]!.version
      const start = match.index + match[0].search(/\S/)
      yield {
        start,
        end: match.index + match[0].trimEnd().length,
        shape: { kind: 'adds', versions: [version] },
        side: 'either',
        stack: 'stunnel',
        edits: [wholeLines(source.text, start, match.index + match[0].length)],
      }
    }
    for (const match of liveMatches(source, offModern)) {
      const start = match.index + match[0].search(/\S/)
      yield {
        start,
        end: match.index + match[0].trimEnd().length,
        shape: { kind: 'off', versions: [TLS_1_2] },
        side: 'either',
        stack: 'stunnel',
        edits: [wholeLines(source.text, start, match.index + match[0].length)],
      }
    }
  },
}

interface Switch {
  /** Lower case; the pattern matches only texts that hold one of them. */
  literals: readonly string[]
  pattern: RegExp
  stack: string
  side: Hit['side']
  version(match: RegExpExecArray): Version | undefined
  kind?: 'adds' | 'min' | 'max' | 'only'
  edit?: (match: RegExpExecArray) => string | undefined
}

const ldapVersion = (match: RegExpExecArray): Version | undefined => {
  const digit = /3\.([0-4])/.exec(match[1]!)?.[1]
  return digit === undefined ? undefined : SSL_3_0 + Number(digit)
}

/** Settings whose values are not version words. */
const switches: readonly Switch[] = [
  ...(['min', 'max'] as const).map(
    (kind): Switch => ({
      literals: ['libtls'],
      pattern: new RegExp(
        `^[ \\t]*version_${kind}(?<=\\blibtls\\s*\\{[^{}]*)[ \\t]*=[ \\t]*"?(1\\.[01])(?![.\\d])`,
        'gm',
      ),
      stack: 'strongSwan',
      side: 'server',
      version: match => versionWords(`TLSv${match[1]}`)[0]?.version,
      kind,
      edit: match => (kind === 'min' ? match[0].replace(/1\.[01]$/, '1.2') : undefined),
    }),
  ),
  {
    literals: ['disable_tlsv1'],
    pattern: /^[ \t]*disable_(tlsv1(?:_1)?)[ \t]*=[ \t]*"?no\b/gm,
    stack: 'FreeRADIUS',
    side: 'server',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
    edit: match => match[0].replace(/no$/, 'yes'),
  },
  {
    literals: ['ssl_conf_command', 'sslopensslconfcmd'],
    pattern:
      /\b(?:\w*ssl_conf_command|SSLOpenSSLConfCmd)[ \t]+MinProtocol[ \t]+"?(SSLv3|TLSv1(?:\.[01])?)(?![\w.])/g,
    stack: 'OpenSSL',
    side: 'either',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'min',
    edit: match => match[0].replace(/(?:SSLv3|TLSv1(?:\.[01])?)$/, 'TLSv1.2'),
  },
  {
    literals: ['ssl_conf_command', 'sslopensslconfcmd'],
    pattern:
      /\b(?:\w*ssl_conf_command|SSLOpenSSLConfCmd)[ \t]+MaxProtocol[ \t]+"?(SSLv3|TLSv1(?:\.[01])?)(?![\w.])/g,
    stack: 'OpenSSL',
    side: 'either',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'max',
  },
  {
    literals: ['ssl_conf_command', 'sslopensslconfcmd'],
    pattern: /\b(?:\w*ssl_conf_command|SSLOpenSSLConfCmd)[ \t]+Protocol[ \t]+"?([\w.,+-]+)/g,
    stack: 'OpenSSL',
    side: 'either',
    version: match => signedVersions(match[1]!, false)[0],
    kind: 'adds',
  },
  {
    literals: ['mailserver'],
    pattern: /\bset[ \t]+mailserver\b[^\n]*?\busing[ \t]+(SSLV[23]|TLSV1[01]?)\b/gi,
    stack: 'Monit',
    side: 'client',
    version: match => versionWords(match[1]!)[0]?.version,
    edit: match => match[0].replace(/\w+$/, 'tlsv12'),
  },
  {
    literals: ['ssl_tlsv1', 'ssl_sslv'],
    pattern: /^[ \t]*ssl_(tlsv1(?:_1)?|sslv[23])[ \t]*=[ \t]*YES\b/gim,
    stack: 'vsftpd',
    side: 'server',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
    edit: match => match[0].replace(/YES$/i, 'NO'),
  },
  {
    literals: ['tlsprotocolmin', 'tls_protocol_min'],
    pattern: /^[ \t]*(?:olcTLSProtocolMin:?|TLSProtocolMin|TLS_PROTOCOL_MIN)[ \t]*[:=]?[ \t]*(3\.[0-4])\b/gim,
    stack: 'OpenLDAP',
    side: 'server',
    version: ldapVersion,
    kind: 'min',
    edit: match => match[0].replace(/3\.\d$/, '3.3'),
  },
  {
    literals: ['proxy.config.ssl'],
    pattern:
      /^[ \t]*CONFIG[ \t]+proxy\.config\.ssl\.(?:client\.)?(TLSv1(?:_1)?|SSLv[23])[ \t]+INT[ \t]+1\b/gm,
    stack: 'Apache Traffic Server',
    side: 'server',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
    edit: match => match[0].replace(/1$/, '0'),
  },
  {
    literals: ['ssl.use-sslv'],
    pattern: /^[ \t]*ssl\.use-(sslv[23])[ \t]*=[ \t]*"enable"/gm,
    stack: 'lighttpd',
    side: 'server',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
    edit: match => match[0].replace('enable', 'disable'),
  },
  {
    literals: ['minprotocol'],
    pattern: /"?MinProtocol"?[ \t]*=>[ \t]*"(SSLv3|TLSv1(?:\.[01])?)"/g,
    stack: 'lighttpd',
    side: 'server',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'min',
    edit: match => match[0].replace(/"[^"]*"$/, '"TLSv1.2"'),
  },
  {
    literals: ['ssl_bind'],
    pattern: /^[ \t]*ssl_bind\b[^\n]*?\bno_(tlsv1(?:_1)?):[ \t]*false/gm,
    stack: 'Puma',
    side: 'server',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
    edit: match => match[0].replace(/false$/, 'true'),
  },
  {
    literals: ['+tls1.', '+ssl3.'],
    pattern: /^[ \t]*(?:protocol(?:@\w+)?|tls_protocol)[ \t]*=[^\n]*?\+(TLS1\.[01]|SSL3\.0)/gm,
    stack: 'crypto-policies',
    side: 'either',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
  },
  {
    literals: ['enabled-version'],
    pattern: /^[ \t]*enabled-version[ \t]*=[ \t]*(tls1\.[01]|ssl3\.0)\b/gim,
    stack: 'GnuTLS',
    side: 'either',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
  },
  {
    literals: ['gsk_protocol'],
    pattern: /\bGSK_PROTOCOL_(SSLV[23]|TLSV1(?:_1)?)(?:_EX)?[ \t]*[= ,][ \t]*(?:GSK_PROTOCOL_\w+_)?ON\b/g,
    stack: 'IBM GSKit',
    side: 'either',
    version: match => versionWords(match[1]!)[0]?.version,
    kind: 'adds',
  },
  {
    literals: ['ssl_min_version'],
    pattern: /\bssl_min_version[ \t]*=[ \t]*tlsv1\.([01])\b/g,
    stack: 'memcached',
    side: 'server',
    version: match => TLS_1_0 + Number(match[1]),
    kind: 'min',
  },
  {
    literals: ['rds.tls1'],
    pattern: /\b(rds\.tls1[01])["'\s][^\n]*?\benabled\b/g,
    stack: 'SQL Server (RDS)',
    side: 'server',
    version: match => (match[1]!.endsWith('0') ? TLS_1_0 : TLS_1_1),
    kind: 'adds',
  },
]

export const daemonSwitches: Recipe = {
  id: 'daemon-tls-switch',
  title: 'Daemon: switch that turns a legacy version on',
  formats: ['directives', 'ini', 'yaml', 'hcl', 'ruby', 'c', 'shell'],
  literals: switches.flatMap(one => one.literals),
  stack: 'daemon',
  why: 'The switch turns a version below TLS 1.2 on.',
  fix: 'Turn it off; leave TLS 1.2 and 1.3 on.',
  sources: ['https://www.rfc-editor.org/rfc/rfc8996'],
  *find(source) {
    for (const one of switches) {
      if (!one.literals.some(literal => source.folded.includes(literal))) continue
      for (const match of liveMatches(source, one.pattern)) {
        const version = one.version(match)
        if (version === undefined) continue
        const start = match.index + match[0].search(/\S/)
        const end = match.index + match[0].length
        const text = one.edit?.(match)
        yield {
          start,
          end,
          shape: { kind: one.kind ?? 'only', versions: [version] },
          side: one.side,
          stack: one.stack,
          edits: text === undefined ? undefined : [{ start: match.index, end, text }],
        }
      }
    }
  },
}

export const cryptoPolicyFile: Recipe = {
  id: 'crypto-policy-legacy',
  title: 'System-wide crypto policy LEGACY',
  formats: ['ini', 'directives', 'yaml'],
  literals: ['crypto-polic', 'crypto_polic', 'crypto polic'],
  paths: /(?:^|\/)crypto-policies\/(?:config|state\/current)$/,
  stack: 'crypto-policies',
  why: 'LEGACY lets TLS 1.0 and 1.1 in on RHEL 8 and weak keys on RHEL 9.',
  fix: 'Set DEFAULT.',
  sources: [
    'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9/html/security_hardening/using-the-system-wide-cryptographic-policies_security-hardening (2025-10)',
  ],
  *find(source) {
    const inFile = cryptoPolicyFile.paths!.test(source.path)
    const pattern = inFile
      ? /^[ \t]*LEGACY\b[^\n]*$/gm
      : /(?:crypto_policies_policy|crypto_policy|system_crypto_policy)["']?[ \t]*[:=][ \t]*["']?(LEGACY)\b/g
    for (const match of liveMatches(source, pattern))
      yield {
        start: match.index,
        end: match.index + match[0].length,
        shape: { kind: 'weakens' },
        side: 'either',
      }
  },
}

export const apacheProtocol: Recipe = {
  id: 'server-protocol-everything',
  title: 'Product words that stand for every version',
  formats: ['ini', 'directives', 'yaml'],
  literals: ['sslversions', 'tlssecurityprofile', 'minprotocol'],
  stack: 'server',
  why: 'The word lets TLS 1.0 in.',
  fix: 'Name TLS 1.2 (Splunk: tls1.2, PgBouncer: secure, OpenShift: Intermediate).',
  sources: ['https://www.pgbouncer.org/config.html (2025-10)'],
  *find(source) {
    const yieldAt = (
      match: RegExpExecArray,
      stack: string,
      side: Hit['side'],
      text?: string,
      length?: number,
    ): Hit => {
      const end = match.index + match[0].length
      return {
        start: match.index + match[0].search(/\S/),
        end,
        shape: { kind: 'only', versions: every },
        side,
        stack,
        edits: text ? [{ start: end - length!, end, text }] : undefined,
      }
    }
    for (const match of liveMatches(
      source,
      /^[ \t]*sslVersions(?:ForClient)?[ \t]*=[ \t]*(\*[\w ,.-]*|tls|all)[ \t]*$/gim,
    ))
      if (!/-tls1\.0[^\n]*-tls1\.1/.test(match[0])) yield yieldAt(match, 'Splunk', 'server')
    for (const match of liveMatches(
      source,
      /tlsSecurityProfile:\s*\n(?:[ \t]+\w+:[^\n]*\n)*?[ \t]+type:[ \t]*(Old)\b/g,
    ))
      yield { ...yieldAt(match, 'OpenShift', 'server'), start: match.index + match[0].length - 3 }
    for (const match of liveMatches(source, /^[ \t]*MinProtocol[ \t]*=[ \t]*None\b/gm))
      if (isLive(source, match.index)) yield yieldAt(match, 'OpenSSL', 'either')
  },
}
