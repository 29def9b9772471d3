import { TLS_1_0, type Version, versionName } from '../model/version.ts'
import type { Consumer } from './consumers.ts'
import type { NetfxQuestion } from './netfx.ts'
import {
  exeProtocols,
  exeSystemDefault,
  netfxKey,
  strongValue,
  systemDefaultValue,
} from './netfx-settings.ts'
import { parseProtocols, protocolNames } from './netfx-versions.ts'
import { answerQuestion } from './question.ts'
import {
  fullPath,
  REG_DWORD,
  REG_SZ,
  type RegistryValue,
  readDword,
  readText,
  readValue,
} from './registry.ts'
import { roleKey, schannelStates } from './schannel.ts'
import { maskName, maskOfVersions, type Role, schannelVersions, versionsOfMask } from './versions.ts'
import { isWindows7Family, possibleStates } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'
import { hasUpdate, winHttpKey, winHttpUpdate, winHttpValue } from './winhttp.ts'
import { winInetKeys, winInetValue } from './wininet.ts'

/** One thing that may be done: a value to write or an update to install. */
export interface Candidate {
  id: string
  group:
    | 'update'
    | 'strong'
    | 'enabled'
    | 'mask'
    | 'system-default'
    | 'system-default-35'
    | 'by-default'
    | 'keep'
  value?: { key: string; to: RegistryValue; why: string }
  update?: { id: string; text: string }
}

/** Everything that may help a consumer to the floor; what turns out not to be needed is dropped later. */
export function candidatesFor(host: WindowsHost, { question }: Consumer, floor: Version): Candidate[] {
  switch (question.stack) {
    case 'winhttp':
      return winHttpCandidates(host, question.bits, floor)
    case 'wininet':
      return [...winInetCandidates(host, question.user, floor), ...schannelCandidates(host, 'client', floor)]
    case 'netfx':
      return [...netfxCandidates(host, question, floor), ...schannelCandidates(host, question.role, floor)]
    case 'schannel':
    case 'net':
      return schannelCandidates(host, question.role, floor)
  }
}

function dword(group: Candidate['group'], key: string, name: string, data: number, why: string): Candidate {
  return {
    id: `${fullPath(key)}\\${name}`.toLowerCase(),
    group,
    value: { key, to: { name, type: REG_DWORD, data }, why },
  }
}

/** Values that put a version into the default set of Schannel, where they are not there already. */
function schannelCandidates(host: WindowsHost, role: Role, version: Version): Candidate[] {
  if (possibleStates(host.windows, role).get(version) === 'unsupported') return []
  const found: Candidate[] = []
  const update = host.windows.states.withUpdate
  if (update && !host.updates.has(update.kb))
    found.push({
      id: update.kb,
      group: 'update',
      update: { id: update.kb, text: `${update.kb} brings TLS 1.1 and TLS 1.2 to ${host.windows.title}` },
    })
  const key = roleKey(version, role)
  const name = versionName(version)
  if (readDword(host.registry, key, 'Enabled') !== 1)
    found.push(dword('enabled', key, 'Enabled', 1, `${name} is switched on for the ${role} role`))
  if (readDword(host.registry, key, 'DisabledByDefault') !== 0)
    found.push(
      dword('by-default', key, 'DisabledByDefault', 0, `${name} is in the default set of the ${role} role`),
    )
  return found
}

/**
 * Values that keep a version in use which programs get only by naming it: once .NET leaves the choice to Schannel, it has to be in the
 * default set.
 */
export function keepCandidates(host: WindowsHost, offered: Iterable<Version>): Candidate[] {
  const states = schannelStates(host, 'client')
  return [...new Set(offered)]
    .filter(version => states.get(version)!.state === 'by-request')
    .flatMap(version => schannelCandidates(host, 'client', version))
    .map(candidate => ({ ...candidate, group: 'keep' as const }))
}

function winHttpCandidates(host: WindowsHost, bits: 32 | 64, floor: Version): Candidate[] {
  const found = schannelCandidates(host, 'client', floor)
  const { winhttp } = host.windows
  const standing = readDword(host.registry, winHttpKey(host, bits), winHttpValue) ?? 0
  // A value that is not read yet would take the versions in use away once it is: both masks count.
  const inUse = answerQuestion(host, { stack: 'winhttp', bits, appMask: null }).winhttpMask ?? winhttp.mask
  const wanted = widen(host, standing | inUse, floor)
  if (winhttp.honours === 'doubtful' || wanted === undefined) return found
  if (winhttp.honours === 'update' && !hasUpdate(host))
    found.push({
      id: winHttpUpdate,
      group: 'update',
      update: {
        id: winHttpUpdate,
        text: `${winHttpUpdate} (or a later monthly rollup) makes WinHTTP read ${winHttpValue}; it needs SP1 on Windows 7, and again after a language pack`,
      },
    })
  if (standing !== wanted)
    found.push(
      dword(
        'mask',
        winHttpKey(host, bits),
        winHttpValue,
        wanted,
        `${bits}-bit WinHTTP asks for ${maskName(wanted)}: ${names(wanted)}`,
      ),
    )
  // Where the documentation asks for the Schannel keys of every version in the mask as well, they go along.
  if (isWindows7Family(host.windows))
    for (const version of versionsOfMask(wanted, 'client'))
      if (schannelStates(host, 'client').get(version)!.state === 'by-request')
        found.push(...schannelCandidates(host, 'client', version))
  return found
}

function names(mask: number): string {
  return versionsOfMask(mask, 'client').map(versionName).join(', ')
}

/** The mask with every version from its lowest to the newest that this Windows has, no gap between; undefined when it has no floor. */
function widen(host: WindowsHost, mask: number, floor: Version): number | undefined {
  const states = possibleStates(host.windows, 'client')
  const has = (version: Version) => states.get(version) !== 'unsupported'
  if (!has(floor)) return undefined
  const lowest = Math.min(floor, ...versionsOfMask(mask, 'client').filter(version => version >= TLS_1_0))
  return (mask | maskOfVersions(schannelVersions.filter(version => version >= lowest && has(version)))) >>> 0
}

function winInetCandidates(host: WindowsHost, user: string, floor: Version): Candidate[] {
  const keys = winInetKeys(user)
  const place = keys.find(key => (readDword(host.registry, key, winInetValue) ?? 0) !== 0) ?? keys.at(-1)!
  const standing = readDword(host.registry, place, winInetValue)
  const mask = widen(host, standing || host.windows.winhttp.mask, floor)
  if (mask === undefined || mask === standing) return []
  return [dword('mask', place, winInetValue, mask, `WinINet asks for ${maskName(mask)}: ${names(mask)}`)]
}

/** Updates that let .NET 3.5 follow the system default, by Windows (S13, S15). */
const net35Updates: Record<string, string> = {
  'ws2008-sp2': 'KB3154517',
  'win7-sp1': 'KB3154518',
  'ws2008r2-sp1': 'KB3154518',
  win8: 'KB3154519',
  ws2012: 'KB3154519',
  win81: 'KB3154520',
  ws2012r2: 'KB3154520',
}

function netfxCandidates(host: WindowsHost, question: NetfxQuestion, floor: Version): Candidate[] {
  const { bits, clr, exe } = question
  const key = netfxKey(host, bits, clr)
  const found: Candidate[] = []
  const generation = clr === 'v2.0.50727' ? '.NET 2.0 to 3.5' : '.NET 4'
  if (readDword(host.registry, key, systemDefaultValue) !== 1)
    found.push(
      dword(
        clr === 'v2.0.50727' ? 'system-default-35' : 'system-default',
        key,
        systemDefaultValue,
        1,
        `${bits}-bit ${generation} leaves the versions to Schannel`,
      ),
    )
  if (clr === 'v4.0.30319' && readDword(host.registry, key, strongValue) !== 1)
    found.push(
      dword(
        'strong',
        key,
        strongValue,
        1,
        `${bits}-bit ${generation} asks for TLS 1.0 to TLS 1.2 and drops weak suites`,
      ),
    )
  const update =
    clr === 'v2.0.50727' && question.patched35 !== true ? net35Updates[host.windows.id] : undefined
  if (update)
    found.push({
      id: update,
      group: 'update',
      update: {
        id: update,
        text: `${update} (or any later .NET rollup) lets .NET 3.5 follow ${systemDefaultValue}`,
      },
    })
  if (!exe || clr === 'v2.0.50727') return found
  const own = readDword(host.registry, `${key}\\${exeSystemDefault}`, exe)
  if (own !== undefined && own !== 1)
    found.push(
      dword(
        'system-default',
        `${key}\\${exeSystemDefault}`,
        exe,
        1,
        `${exe} follows the system default again`,
      ),
    )
  return [...found, ...listCandidates(host, question, floor)]
}

/**
 * The list of protocols for one executable. It counts only while one of the two features is on, so that switching one on for the machine
 * brings it to life: it has to name the floor and everything the program uses now, without a gap.
 */
export function listCandidates(host: WindowsHost, question: NetfxQuestion, floor: Version): Candidate[] {
  const { bits, clr, exe } = question
  if (!exe || clr === 'v2.0.50727') return []
  const key = `${netfxKey(host, bits, clr)}\\${exeProtocols}`
  const list = readValue(host.registry, key, exe)
  const value = parseProtocols(readText(host.registry, key, exe) ?? '')
  if (!list || !value) return []
  const { offered } = answerQuestion(host, question)
  const lowest = Math.min(
    floor,
    ...offered,
    ...versionsOfMask(value, 'client').filter(version => version >= TLS_1_0),
  )
  const highest = Math.max(floor, ...offered)
  const wanted = protocolsOf(
    value,
    schannelVersions.filter(version => version >= lowest && version <= highest),
  )
  if (wanted === value) return []
  const why = `the list for ${exe} names the floor and what the program uses now`
  const to = { name: list.name, type: REG_SZ, data: protocolNames(wanted) }
  return [{ id: `${key}\\${exe}`.toLowerCase(), group: 'mask', value: { key, to, why } }]
}

/** Members of the .NET enumeration hold the client's and the server's bit of a version. */
function protocolsOf(value: number, versions: readonly Version[]): number {
  const bits = maskOfVersions(versions)
  return value | bits | (bits >> 1)
}
