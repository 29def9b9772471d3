import { type Version, versionName } from '../model/version.ts'
import type { AppConfig } from './config-file.ts'
import type { HostExport } from './host-export.ts'
import type { NetfxApi, NetfxQuestion } from './netfx.ts'
import { exeProtocols, exeSystemDefault, netfxKey } from './netfx-settings.ts'
import { atLeast, parseProtocols } from './netfx-versions.ts'
import type { Question } from './question.ts'
import { fullPath, shortPath } from './registry.ts'
import { maskName, maskOfVersions } from './versions.ts'
import type { WindowsHost } from './windows-host.ts'
import { winInetKeys } from './wininet.ts'

export const consumerKinds = [
  'winhttp',
  'wininet',
  'schannel',
  'netfx',
  'wcf',
  'powershell',
  'net',
  'server',
] as const
type ConsumerKind = (typeof consumerKinds)[number]

/** A program, or a kind of program, that makes TLS connections on a host. */
export interface Consumer {
  /** Stable within a host, for example `netfx-4.7-32`. */
  id: string
  kind: ConsumerKind
  title: string
  /**
   * `present`: a part of Windows, or a program that the export names. `possible`: programs of this kind may be there; the export cannot
   * tell. `hypothetical`: what code of this kind would get, for advice.
   */
  presence: 'present' | 'possible' | 'hypothetical'
  question: Question
}

/** Target frameworks that behave alike (S14), each by its newest member. */
const targetClasses = [
  { id: '4.5', title: '.NET 4.5.2 or older', target: null, least: '4.0' },
  { id: '4.6', title: '.NET 4.6 to 4.6.2', target: '4.6.2', least: '4.6' },
  { id: '4.7', title: '.NET 4.7 or newer', target: '4.7.1', least: '4.7.1' },
] as const

/**
 * Everything on a Windows host that the export shows or that may be there, in the order of the report. WCF with certificates is rare: without
 * a configuration file that shows it, it counts only when `kinds` asks for it.
 */
export function consumersOf(
  host: HostExport & { windows: WindowsHost },
  floor: Version,
  kinds?: readonly string[],
): Consumer[] {
  const { windows } = host
  const views: (32 | 64)[] = windows.osBits === 64 ? [64, 32] : [32]
  const own = maskOfVersions([floor])
  const found: Consumer[] = []
  for (const bits of views)
    found.push({
      id: `winhttp-${bits}`,
      kind: 'winhttp',
      title: `WinHTTP, ${bits}-bit`,
      presence: 'present',
      question: { stack: 'winhttp', bits, appMask: null },
    })
  found.push({
    id: 'winhttp-own-mask',
    kind: 'winhttp',
    title: `WinHTTP, program asks for ${versionName(floor)} itself (${maskName(own)})`,
    presence: 'hypothetical',
    question: { stack: 'winhttp', bits: views[0]!, appMask: own },
  })
  for (const user of usersOf(host)) found.push(winInet(user))
  const cred = (windows.windows.builds[0] ?? 26100) >= 17763 ? 'SCH_CREDENTIALS' : 'SCHANNEL_CRED'
  found.push({
    id: 'schannel',
    kind: 'schannel',
    title: 'Programs that call Schannel themselves',
    presence: 'present',
    question: { stack: 'schannel', role: 'client', cred, enabled: 0, disabled: 0 },
  })
  const wcf = kinds?.includes('wcf') ? 'possible' : 'hypothetical'
  for (const bits of views) found.push(...netfxConsumers(host, bits, wcf))
  for (const config of host.configs) found.push(...programsOfConfig(host, config))
  found.push(...programsOfRegistry(host, views))
  for (const { version, bits } of host.dotnet)
    found.push({
      id: `net-${version}-${bits}`,
      kind: 'net',
      title: `.NET ${version}, ${bits}-bit: HttpClient`,
      presence: 'possible',
      question: { stack: 'net', role: 'client', bits, version, api: 'HttpClient' },
    })
  found.push({
    id: 'server',
    kind: 'server',
    title: 'Servers on this host (IIS, RDP, SQL Server, …)',
    presence: 'present',
    question: { stack: 'schannel', role: 'server', cred, enabled: 0, disabled: 0 },
  })
  return found
}

function winInet(user: string): Consumer {
  return {
    id: user === 'HKCU' ? 'wininet' : `wininet-${user.slice(user.indexOf('\\') + 1)}`,
    kind: 'wininet',
    title:
      user === 'HKCU'
        ? 'WinINet, the user who exported'
        : `WinINet, ${user.endsWith('S-1-5-18') ? 'services (SYSTEM)' : user}`,
    presence: 'present',
    question: { stack: 'wininet', appMask: null, user },
  }
}

/** The user of the export and every other hive with a choice of its own. */
function usersOf(host: HostExport): string[] {
  const users = new Set(['HKCU'])
  for (const key of host.registry.values()) {
    const hive = /^HKEY_USERS\\[^\\]+/i.exec(key.path)?.[0]
    if (!hive || !key.values.has('secureprotocols')) continue
    const user = shortPath(hive)
    if (winInetKeys(user).some(place => fullPath(place).toLowerCase() === key.path.toLowerCase()))
      users.add(user)
  }
  return [...users]
}

type NetfxMore = Partial<Omit<NetfxQuestion, 'stack' | 'bits'>>

function netfxQuestion(host: HostExport, bits: 32 | 64, more: NetfxMore): NetfxQuestion {
  return {
    stack: 'netfx',
    role: 'client',
    bits,
    clr: 'v4.0.30319',
    installed: host.netfx ?? '4.0',
    target: null,
    api: 'HttpWebRequest',
    switches: { config: machineSwitches(host) },
    bindingSource: 'code',
    ...more,
  }
}

function machineSwitches(host: HostExport): Record<string, boolean> {
  return host.configs.find(config => /machine\.config$/i.test(config.path))?.switches ?? {}
}

function netfxConsumers(host: HostExport, bits: 32 | 64, wcf: Consumer['presence']): Consumer[] {
  const found: Consumer[] = []
  const add = (
    id: string,
    kind: ConsumerKind,
    title: string,
    more: NetfxMore,
    presence: Consumer['presence'] = 'possible',
  ) =>
    found.push({
      id: `${id}-${bits}`,
      kind,
      title: `${title}, ${bits}-bit`,
      presence,
      question: netfxQuestion(host, bits, more),
    })
  const { netfx } = host
  if (netfx !== undefined) {
    const classes = targetClasses.filter(({ least }) => atLeast(netfx, least))
    for (const { id, title, target } of classes)
      add(`netfx-${id}`, 'netfx', `Programs for ${title}`, { target })
    for (const { id, title, target } of classes)
      add(
        `wcf-tcp-${id}`,
        'wcf',
        `WCF net.tcp with certificates, ${title}`,
        { target, api: 'WcfNetTcpCert' },
        wcf,
      )
    for (const { id, title, target } of classes.filter(({ id }) => id !== '4.6'))
      add(
        `wcf-message-${id}`,
        'wcf',
        `WCF message security, ${title}`,
        { target, api: 'WcfMessageCert' },
        wcf,
      )
    const newest = classes.at(-1)!
    const code: [string, string, NetfxQuestion['code'] & {}][] = [
      ['set-tls12', 'SecurityProtocol = Tls12', { value: 3072, op: 'set' }],
      ['add-tls12', 'SecurityProtocol |= Tls12', { value: 3072, op: 'or' }],
      ['set-tls10', 'SecurityProtocol = Tls', { value: 192, op: 'set' }],
    ]
    for (const [id, title, change] of code)
      add(
        `code-${id}`,
        'netfx',
        `Code with ${title}, ${newest.title}`,
        { target: newest.target, code: change },
        'hypothetical',
      )
  }
  found.push(...powerShellConsumers(host, bits))
  if (host.hasNet35)
    add('netfx-3.5', 'netfx', 'Programs for .NET 2.0 to 3.5', {
      clr: 'v2.0.50727',
      target: '3.5',
      ...patched35(host),
    })
  return found
}

/** In the box from Windows 10 1511 on; before that an update of 2016 or a later rollup (S13, S15). */
function patched35(host: HostExport): { patched35?: boolean } {
  const { windows, updates, patch } = host.windows!
  if ((windows.builds[0] ?? 26100) >= 10240) return { patched35: true }
  const named = ['KB3154517', 'KB3154518', 'KB3154519', 'KB3154520', 'KB3156421'].some(update =>
    updates.has(update),
  )
  if (named || (patch !== undefined && patch >= '2016-10')) return { patched35: true }
  // A list of updates that names none of them may still hold a later .NET rollup, which has them too.
  return {}
}

function powerShellConsumers(host: HostExport, bits: 32 | 64): Consumer[] {
  const asked = host.powershell.find(answer => answer.bits === bits)
  if (!asked && host.netfx === undefined) return []
  const observed = asked ? parseProtocols(asked.securityProtocol) : undefined
  const isOld = asked !== undefined && !atLeast(asked.version, '3.0')
  const more: NetfxMore = {
    isPowerShell: true,
    ...(isOld ? { clr: 'v2.0.50727', target: '3.5', ...patched35(host) } : {}),
    ...(observed === undefined ? {} : { observed }),
  }
  return [
    {
      id: `powershell-${bits}`,
      kind: 'powershell',
      title: `Windows PowerShell${asked ? ` ${asked.version}` : ''}, ${bits}-bit`,
      presence: 'possible',
      question: netfxQuestion(host, bits, more),
    },
  ]
}

/** The program that a configuration file belongs to, with its WCF bindings. */
function programsOfConfig(host: HostExport, config: AppConfig): Consumer[] {
  if (/machine\.config$/i.test(config.path) || (host.netfx === undefined && !host.hasNet35)) return []
  const isWeb = /web\.config$/i.test(config.path)
  const exe = isWeb ? undefined : config.path.replace(/\.config$/i, '')
  const seen = exe === undefined ? undefined : host.apps.find(app => isSameProgram(app.path, exe))
  const bits = seen?.bits ?? host.windows!.osBits
  const target = isWeb ? config.target : (seen?.target ?? config.target)
  const base: NetfxMore = {
    clr: config.clr,
    target,
    switches: { config: { ...machineSwitches(host), ...config.switches } },
    ...(exe ? { exe: seen?.path ?? exe } : {}),
    ...(config.clr === 'v2.0.50727' ? patched35(host) : {}),
  }
  const add = (suffix: string, kind: ConsumerKind, title: string, more: NetfxMore): Consumer => ({
    id: `program-${config.path.toLowerCase()}${suffix}`,
    kind,
    title: `${exe ?? config.path}${title}`,
    presence: 'present',
    question: netfxQuestion(host, bits, { ...base, ...more }),
  })
  return [
    add('', 'netfx', target === null && !isWeb ? ' (no target named)' : '', {}),
    ...config.netTcp.map(({ sslProtocols, line }) => {
      const value = sslProtocols === undefined ? undefined : parseProtocols(sslProtocols)
      const api: NetfxApi = 'WcfNetTcpCert'
      return add(`-wcf-${line}`, 'wcf', `, net.tcp binding in line ${line}`, {
        api,
        bindingSource: 'config',
        ...(value === undefined ? {} : { sslProtocols: value }),
      })
    }),
  ]
}

/** A configuration file that was put beside an export has lost its folder. */
function isSameProgram(path: string, exe: string): boolean {
  const [a, b] = [path.toLowerCase(), exe.toLowerCase()]
  return a === b || (!/[\\/]/.test(b) && a.endsWith(`\\${b}`))
}

/** Programs that values per executable or the collector name and no configuration file does. */
function programsOfRegistry(host: HostExport, views: readonly (32 | 64)[]): Consumer[] {
  const known = new Set(host.configs.map(config => config.path.toLowerCase().replace(/\.config$/, '')))
  const found = new Map<string, Consumer>()
  const add = (exe: string, bits: 32 | 64, target: string | null) => {
    const id = `program-${exe.toLowerCase()}`
    if (known.has(exe.toLowerCase()) || found.has(id) || host.netfx === undefined) return
    const title = target === null ? `${exe} (no target named)` : exe
    found.set(id, {
      id,
      kind: 'netfx',
      title,
      presence: 'present',
      question: netfxQuestion(host, bits, { exe, target }),
    })
  }
  for (const app of host.apps) add(app.path, app.bits ?? host.windows!.osBits, app.target)
  for (const bits of views)
    for (const place of [exeSystemDefault, exeProtocols]) {
      const key = host.registry.get(
        fullPath(`${netfxKey(host.windows!, bits, 'v4.0.30319')}\\${place}`).toLowerCase(),
      )
      for (const value of key?.values.values() ?? []) if (value.name !== '') add(value.name, bits, null)
    }
  return [...found.values()]
}
