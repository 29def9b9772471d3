import {
  parseVersion,
  TLS_1_0,
  TLS_1_1,
  TLS_1_2,
  TLS_1_3,
  type Version,
  versionName,
} from '../model/version.ts'
import type { Answer, Warning } from './answer.ts'
import type { LinuxFile, LinuxFiles } from './linux-files.ts'
import { versionList } from './versions.ts'

export interface LinuxConsumer {
  id: string
  kind: 'openssl' | 'gnutls' | 'java'
  title: string
  presence: 'present' | 'possible'
  answer: Answer
}

const modern: readonly Version[] = [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]

/** What the TLS libraries of a Linux machine offer when the program leaves it to their configuration. */
export function linuxConsumersOf(linux: LinuxFiles): LinuxConsumer[] {
  const found: LinuxConsumer[] = []
  for (const file of linux.files) {
    if (file.kind === 'openssl')
      found.push({
        id: `openssl-${file.path}`,
        kind: 'openssl',
        title: `OpenSSL programs that follow ${file.path}`,
        presence: 'present',
        answer: answerOpenssl(file.text, linux.facts.get('openssl')?.[0]),
      })
    if (file.kind === 'gnutls')
      found.push({
        id: `gnutls-${file.path}`,
        kind: 'gnutls',
        title: `GnuTLS programs that follow ${file.path}`,
        presence: 'present',
        answer: answerGnutls(file.text),
      })
    if (file.kind === 'java')
      found.push({
        id: `java-${file.path}`,
        kind: 'java',
        title: `Java programs under ${file.path}`,
        presence: 'present',
        answer: answerJava(file, linux.facts.get('jvm') ?? []),
      })
  }
  const policy = linux.files.find(file => file.kind === 'crypto-policies')
  if (policy && !linux.files.some(file => /back-ends/.test(file.path)))
    found.push({
      id: `crypto-policies-${policy.path}`,
      kind: 'openssl',
      title: `Programs that follow crypto-policies (${policy.path})`,
      presence: 'present',
      answer: answerPolicy(policy),
    })
  return found
}

function answerOf(offered: readonly Version[], because: string, more: Partial<Answer> = {}): Answer {
  return {
    offered: [...offered],
    maybe: [],
    ssl3: false,
    certain: true,
    because,
    sources: [],
    warnings: [],
    ...more,
  }
}

interface Setting {
  value: string
  line: number
}

/**
 * Settings of the section that openssl.cnf applies to every program (openssl_conf, ssl_conf, system_default), by lower-case name; the
 * generated file of crypto-policies has none of these sections and is read as it is.
 */
export function opensslSettings(text: string): { section: string; settings: Map<string, Setting> } {
  const sections = new Map<string, Map<string, Setting>>([['', new Map()]])
  let section = ''
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.replace(/#.*$/, '').trim()
    const opened = /^\[\s*([^\]]+?)\s*\]$/.exec(line)
    if (opened) {
      section = opened[1]!
      if (!sections.has(section)) sections.set(section, new Map())
    }
    const setting = opened ? null : /^([\w.]+)\s*=\s*(.*)$/.exec(line)
    if (setting)
      sections.get(section)!.set(setting[1]!.toLowerCase(), { value: setting[2]!.trim(), line: at + 1 })
  })
  const follow = (from: Map<string, Setting> | undefined, name: string) =>
    sections.get(from?.get(name)?.value ?? ' ')
  const ssl = follow(follow(sections.get(''), 'openssl_conf'), 'ssl_conf')
  const name = ssl?.get('system_default')?.value
  if (name !== undefined && sections.has(name)) return { section: name, settings: sections.get(name)! }
  return { section: '', settings: sections.get('')! }
}

function answerOpenssl(text: string, version: string | undefined): Answer {
  const { settings } = opensslSettings(text)
  const bound = (name: string) => {
    const found = settings.get(name) ?? settings.get(`tls.${name}`)
    return found ? { ...found, version: parseVersion(found.value) } : undefined
  }
  const least = bound('minprotocol')
  const most = bound('maxprotocol')
  const level = /@SECLEVEL=(\d)/i.exec(settings.get('cipherstring')?.value ?? '')?.[1]
  const offered = modern.filter(v => v >= (least?.version ?? TLS_1_0) && v <= (most?.version ?? TLS_1_3))
  const said = [
    most?.version ? `MaxProtocol = ${most.value} (line ${most.line})` : '',
    least?.version ? `MinProtocol = ${least.value} (line ${least.line})` : '',
  ].filter(Boolean)
  const warnings: Warning[] = []
  // OpenSSL 3 offers TLS 1.0 and 1.1 at any security level, but its SHA-1 signatures pass at level 0 only.
  if (
    offered.some(v => v < TLS_1_2) &&
    !/^0\./.test(version ?? '') &&
    level !== '0' &&
    !/^1\./.test(version ?? '')
  )
    warnings.push({
      code: 'W-SECLEVEL',
      text: 'OpenSSL 3 names TLS 1.0 and TLS 1.1 in its hello, but completes them only with @SECLEVEL=0',
    })
  return answerOf(
    offered,
    said.length > 0 ? said.join(' and ') : 'openssl.cnf sets no bounds, so the library offers all it has',
    {
      warnings,
      // A distribution may build other bounds into the library.
      certain: least?.version !== undefined || offered.every(v => v >= TLS_1_2),
    },
  )
}

/** `[overrides] disabled-version = tls1.2` and priority strings. */
function answerGnutls(text: string): Answer {
  let offered = [...modern]
  const said: string[] = []
  let section = ''
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.replace(/#.*$/, '').trim()
    section = /^\[(.+)\]$/.exec(line)?.[1]?.toLowerCase() ?? section
    const setting = /^([\w-]+)\s*=\s*(.*)$/.exec(line)
    if (!setting) return
    const [, name, value] = setting as unknown as [string, string, string]
    if (name.toLowerCase() === 'disabled-version') {
      const version = parseVersion(value)
      offered = offered.filter(v => v !== version)
      said.push(`disabled-version = ${value} (line ${at + 1})`)
    } else if (name.toLowerCase() === 'enabled-version') {
      said.push(`enabled-version = ${value} (line ${at + 1})`)
    } else if (name === 'SYSTEM' || name.toLowerCase() === 'default-priority-string') {
      const versions = versionsOfPriority(value)
      if (versions) {
        offered = versions
        said.push(`${name} = ${value} (line ${at + 1})`)
      }
    }
  })
  return answerOf(offered, said.length > 0 ? said.join(' and ') : 'the GnuTLS configuration sets no bounds')
}

/** Versions of a GnuTLS priority string; undefined when it does not speak of versions. */
export function versionsOfPriority(priority: string): Version[] | undefined {
  let versions: Version[] | undefined
  for (const part of priority.split(':')) {
    const match = /^([-+!])VERS-(.+)$/i.exec(part.trim())
    if (!match) continue
    versions ??= [...modern]
    const named = /^(all|tls-all)$/i.test(match[2]!)
      ? modern
      : [parseVersion(match[2]!.replace(/^TLS/i, 'TLS '))]
    versions =
      match[1] === '+'
        ? [...new Set([...versions, ...named])].filter(v => v !== undefined).sort((a, b) => a - b)
        : versions.filter(v => !named.includes(v))
  }
  return versions
}

/** `security.name = value` of java.security, continuation lines joined. */
export function javaSetting(text: string, name: string): Setting | undefined {
  const lines = text.split(/\r?\n/)
  let found: Setting | undefined
  for (let at = 0; at < lines.length; at++) {
    const start = at
    let whole = lines[at]!.trim()
    if (whole.startsWith('#')) continue
    while (whole.endsWith('\\') && at + 1 < lines.length) whole = whole.slice(0, -1) + lines[++at]!.trim()
    const cut = whole.search(/[=:]/)
    if (cut > 0 && whole.slice(0, cut).trim() === name)
      found = { value: whole.slice(cut + 1).trim(), line: start + 1 }
  }
  return found
}

/** What a JVM's client offers before java.security takes some away (Oracle JDK and OpenJDK release notes, read 2025-10). */
function javaDefaults(version: string | undefined): { offered: readonly Version[]; certain: boolean } {
  const major = Number(/^(?:1\.)?(\d+)/.exec(version ?? '')?.[1] ?? Number.NaN)
  if (major <= 7) return { offered: [TLS_1_0], certain: major < 7 }
  if (major === 8) return { offered: [TLS_1_0, TLS_1_1, TLS_1_2], certain: true }
  if (major >= 11) return { offered: modern, certain: true }
  return { offered: major >= 9 ? [TLS_1_0, TLS_1_1, TLS_1_2] : modern, certain: major >= 9 }
}

function answerJava(file: LinuxFile, jvms: readonly string[]): Answer {
  // `; fact jvm = VERSION HOME`
  const home = jvms.map(row => row.split(' ')).find(([, ...path]) => file.path.startsWith(path.join(' ')))
  const version = home?.[0]
  const byDefault = javaDefaults(version)
  const disabled = javaSetting(file.text, 'jdk.tls.disabledAlgorithms')
  const names = (disabled?.value ?? '').split(',').map(name => parseVersion(name.trim()))
  const named = javaSetting(file.text, 'jdk.tls.client.protocols')
  const asked = named ? named.value.split(',').map(name => parseVersion(name.trim())) : undefined
  const offered = (asked ? modern.filter(v => asked.includes(v)) : byDefault.offered).filter(
    v => !names.includes(v),
  )
  const taken = modern.filter(v => names.includes(v))
  const because = [
    asked
      ? `jdk.tls.client.protocols = ${named!.value} (line ${named!.line})`
      : `Java ${version ?? 'of unknown version'}`,
    taken.length > 0
      ? `jdk.tls.disabledAlgorithms in line ${disabled!.line} takes ${versionList(taken)} away`
      : '',
  ]
  return answerOf(offered, because.filter(Boolean).join('; '), {
    certain: byDefault.certain && version !== undefined,
  })
}

/** Floors of the policies that ship with crypto-policies (its documentation, read 2025-10); modules after a colon may differ. */
const policyFloors: Record<string, Version> = {
  LEGACY: TLS_1_0,
  DEFAULT: TLS_1_2,
  FUTURE: TLS_1_2,
  FIPS: TLS_1_2,
}

function answerPolicy(file: LinuxFile): Answer {
  const name =
    file.text
      .split(/\r?\n/)
      .find(line => line.trim() && !line.trim().startsWith('#'))
      ?.trim() ?? ''
  const [base, ...modules] = name.split(':')
  const floor = policyFloors[base ?? '']
  return answerOf(
    modern.filter(v => v >= (floor ?? TLS_1_2)),
    `crypto-policies is ${name}${floor ? `, whose floor is ${versionName(floor)}` : ''}`,
    { certain: floor !== undefined && modules.length === 0 },
  )
}
