import { SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_2, TLS_1_3, type Version, versionName } from '../model/version.ts'
import type { Answer, Warning } from './answer.ts'
import { readDword, readValue } from './registry.ts'
import type { SourceId } from './sources.ts'
import { maskName, type Role, schannelVersions, versionList, versionsOfMask } from './versions.ts'
import { defaultStates, isDoubtedDefault, type State } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'

const protocolsKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols'
export const fipsKey = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FipsAlgorithmPolicy'

export function roleKey(version: Version, role: Role): string {
  return roleKeys[role].get(version)!
}

// Made once: a fleet asks for them millions of times.
const roleKeys = {
  client: new Map(
    schannelVersions.map(version => [version, `${protocolsKey}\\${versionName(version)}\\Client`]),
  ),
  server: new Map(
    schannelVersions.map(version => [version, `${protocolsKey}\\${versionName(version)}\\Server`]),
  ),
}

/** The registry overlay: what Enabled and DisabledByDefault make of a default (S2; the other columns as cited). */
interface Overlay {
  enabled: 'zero' | 'on' | 'missing'
  byDefault: 'zero' | 'on' | 'missing'
  becomes: Partial<Record<State, State>> | State
  /** Defaults for which the line is inferred only. */
  doubtful: readonly State[]
  source: SourceId
}

const off: Overlay = { enabled: 'zero', byDefault: 'zero', becomes: 'disabled', doubtful: [], source: 'S2' }
const overlays: readonly Overlay[] = [
  off,
  { ...off, byDefault: 'on' },
  { ...off, byDefault: 'missing' },
  { enabled: 'on', byDefault: 'zero', becomes: 'enabled', doubtful: [], source: 'S2' },
  { enabled: 'on', byDefault: 'on', becomes: 'by-request', doubtful: [], source: 'S2' },
  {
    enabled: 'on',
    byDefault: 'missing',
    becomes: { disabled: 'enabled', contested: 'enabled' },
    doubtful: ['by-request'],
    source: 'S9',
  },
  { enabled: 'missing', byDefault: 'zero', becomes: { 'by-request': 'enabled' }, doubtful: [], source: 'S5' },
  {
    enabled: 'missing',
    byDefault: 'on',
    becomes: { enabled: 'by-request', contested: 'disabled' },
    doubtful: ['enabled', 'contested'],
    source: 'INF',
  },
  { enabled: 'missing', byDefault: 'missing', becomes: {}, doubtful: [], source: 'S1' },
]

export interface StateOf {
  state: State
  /** `membership`: only whether the version is in the default set is doubted; a program that names it gets it either way. */
  doubt: 'none' | 'membership' | 'whole'
  /** `TLS 1.2 is enabled by its registry values`. */
  because: string
  source: SourceId
}

/** State of every version for a role on this host, registry included. */
export function schannelStates(host: WindowsHost, role: Role): Map<Version, StateOf> {
  let known = knownStates.get(host)
  if (!known) {
    known = {}
    knownStates.set(host, known)
  }
  if (!known[role]) {
    const defaults = defaultStates(host.windows, role, host.updates)
    known[role] = new Map(
      [...defaults].map(([version, state]) => [version, overlayState(host, role, version, state)]),
    )
  }
  return known[role]
}

/** Every consumer of a host asks for the same states; a host is never changed once it is made. */
const knownStates = new WeakMap<WindowsHost, Partial<Record<Role, Map<Version, StateOf>>>>()
const knownWarnings = new WeakMap<WindowsHost, Partial<Record<Role, Warning[]>>>()

function overlayState(host: WindowsHost, role: Role, version: Version, byDefault: State): StateOf {
  const name = versionName(version)
  if (byDefault === 'unsupported')
    return { state: byDefault, doubt: 'none', because: `${host.windows.title} has no ${name}`, source: 'S1' }
  const key = roleKey(version, role)
  const column = (value: string): Overlay['enabled'] => {
    const data = readDword(host.registry, key, value)
    return data === undefined ? 'missing' : data === 0 ? 'zero' : 'on'
  }
  const enabled = column('Enabled')
  const off = column('DisabledByDefault')
  const line = overlays.find(entry => entry.enabled === enabled && entry.byDefault === off)!
  const state = typeof line.becomes === 'string' ? line.becomes : (line.becomes[byDefault] ?? byDefault)
  const untouched = enabled === 'missing' && off === 'missing'
  const doubted = untouched ? isDoubtedDefault(host.windows, version) : line.doubtful.includes(byDefault)
  const values = [
    enabled === 'missing' ? '' : `Enabled=${enabled === 'zero' ? 0 : 1}`,
    off === 'missing' ? '' : `DisabledByDefault=${off === 'zero' ? 0 : 1}`,
  ]
  const because = untouched
    ? byDefaultWords[state](name, host.windows.title)
    : `${name} is ${stateWords[state]} by ${values.filter(Boolean).join(' and ')} under its ${role} key`
  const membership = !untouched && (state === 'enabled' || state === 'by-request')
  const doubt = state === 'contested' ? 'whole' : !doubted ? 'none' : membership ? 'membership' : 'whole'
  return { state, doubt, because, source: line.source }
}

const byDefaultWords: Record<State, (name: string, system: string) => string> = {
  enabled: (name, system) => `${name} is on by default in ${system}`,
  'by-request': (name, system) =>
    `${name} is off by default in ${system}, and on for a program that names it`,
  disabled: (name, system) => `${name} is switched off by default in ${system}`,
  unsupported: (name, system) => `${system} has no ${name}`,
  contested: (name, system) => `${name} is on or off by default in ${system}: the documentation disagrees`,
}

const stateWords: Record<State, string> = {
  enabled: 'on',
  'by-request': 'off unless a program asks for it',
  disabled: 'switched off',
  unsupported: 'not there',
  contested: 'on or off (the documentation disagrees)',
}

/** What a program asks of Schannel. */
export interface SchannelRequest {
  role: Role
  /** The older structure can ask for what is off by default; the newer one (Windows 10 1809 on) can only restrict. */
  cred: 'SCHANNEL_CRED' | 'SCH_CREDENTIALS'
  /** Mask of SCHANNEL_CRED; 0 leaves it to the system. */
  enabled: number
  /** Mask of SCH_CREDENTIALS. */
  disabled: number
  /** SCH_USE_STRONG_CRYPTO: drops SSL 2.0 and SSL 3.0 (S8, S11). */
  strong: boolean
}

/** How a request meets the states (S2, S8); an empty result is an error, never "fine". */
export function meetSchannel(host: WindowsHost, request: SchannelRequest): Met {
  let known = knownAnswers.get(host)
  if (!known) {
    known = new Map()
    knownAnswers.set(host, known)
  }
  const { role, cred, enabled, disabled, strong } = request
  const id = `${role} ${cred} ${enabled} ${disabled} ${strong}`
  let answer = known.get(id)
  if (!answer) {
    answer = meet(host, request)
    known.set(id, answer)
  }
  return answer
}

const knownAnswers = new WeakMap<WindowsHost, Map<string, Met>>()

/** An answer of Schannel, with the part of its reason that does not depend on who asked. */
export interface Met extends Answer {
  reason: string
}

/** The reason of whoever asked, and that of Schannel behind it. */
export function explainedBy(because: string, met: Met): string {
  return met.reason === '' ? because : `${because}; ${met.reason}`
}

function meet(host: WindowsHost, request: SchannelRequest): Met {
  const states = schannelStates(host, request.role)
  const asked = askedVersions(request)
  const named = request.cred === 'SCHANNEL_CRED' && request.enabled !== 0
  const sure: Version[] = []
  const open: Version[] = []
  let certain = true
  for (const version of asked) {
    const { state, doubt } = states.get(version)!
    if (state === 'enabled' || (state === 'by-request' && named)) sure.push(version)
    else if (state === 'contested') open.push(version)
    if (version !== SSL_2_0 && (doubt === 'whole' || (doubt === 'membership' && !named))) certain = false
  }
  const offered = sure.filter(version => version >= TLS_1_0)
  const maybe = open.filter(version => version >= TLS_1_0)
  const ssl3 = sure.includes(SSL_3_0)
  const warnings = schannelWarnings(host, request.role)
  if (warnings.some(warning => warning.code === 'W-TLS13-UNSUPPORTED') && asked.includes(TLS_1_3))
    certain = false
  const reason = reasonOf(asked, states, [...offered, ...maybe])
  const answer: Met = {
    offered,
    maybe,
    ssl3,
    certain,
    because: reason === '' ? wishOf(request, asked) : `${wishOf(request, asked)}; ${reason}`,
    reason,
    sources: [...new Set<SourceId>(['S2', 'S8', ...asked.map(version => states.get(version)!.source)])],
    warnings,
  }
  if (offered.length === 0 && maybe.length === 0 && !ssl3) {
    // Asking only for what this Windows does not have finds no common protocol; what was switched off fails the credential (S9).
    const absent = asked.every(version => states.get(version)!.state === 'unsupported')
    answer.error = absent ? 'no-common-protocol' : 'credential-failure'
  }
  return answer
}

function askedVersions({ cred, enabled, disabled, role, strong }: SchannelRequest): Version[] {
  const asked =
    cred === 'SCHANNEL_CRED'
      ? enabled === 0
        ? schannelVersions
        : versionsOfMask(enabled, role)
      : schannelVersions.filter(version => !versionsOfMask(disabled, role).includes(version))
  const drops =
    strong && role === 'client' && (enabled === 0 || versionsOfMask(enabled, role).some(v => v >= TLS_1_0))
  return asked.filter(version => !(drops && (version === SSL_2_0 || version === SSL_3_0)))
}

function wishOf(request: SchannelRequest, asked: readonly Version[]): string {
  const { cred, enabled, disabled } = request
  if (cred === 'SCHANNEL_CRED' ? enabled === 0 : disabled === 0)
    return 'the program leaves the versions to Schannel'
  if (cred === 'SCH_CREDENTIALS') return `the program rules out ${maskName(disabled)}`
  return `the program asks for ${versionList(asked)} (${maskName(enabled)})`
}

/** The newest version that was asked for and is missing, or else the newest that is there, is what people look for. */
function reasonOf(
  asked: readonly Version[],
  states: Map<Version, StateOf>,
  offered: readonly Version[],
): string {
  const missing = asked.filter(version => version >= TLS_1_2 && !offered.includes(version))
  const telling =
    missing.find(version => states.get(version)!.state !== 'unsupported') ?? offered.at(-1) ?? missing[0]
  return telling === undefined ? '' : states.get(telling)!.because
}

/** Registry values for Schannel that do not do what whoever wrote them meant. */
function schannelWarnings(host: WindowsHost, role: Role): Warning[] {
  let known = knownWarnings.get(host)
  if (!known) {
    known = {}
    knownWarnings.set(host, known)
  }
  known[role] ??= findWarnings(host, role)
  return known[role]
}

function findWarnings(host: WindowsHost, role: Role): Warning[] {
  const warnings: Warning[] = []
  const defaults = defaultStates(host.windows, role, host.updates)
  for (const version of schannelVersions) {
    const name = versionName(version)
    const key = roleKey(version, role)
    for (const value of ['Enabled', 'DisabledByDefault']) {
      const found = readValue(host.registry, key, value)
      if (found && typeof found.data !== 'number')
        warnings.push({
          code: 'W-WRONG-TYPE',
          text: `${value} of ${name} ${role} is not a REG_DWORD; it is taken as missing`,
        })
      if (readValue(host.registry, `${protocolsKey}\\${name}`, value))
        warnings.push({
          code: 'W-NO-ROLE',
          text: `${value} stands directly under ${name}, where nothing reads it; it belongs under Client or Server`,
        })
    }
    const switchedOn = (readDword(host.registry, key, 'Enabled') ?? 0) !== 0
    if (version === TLS_1_3 && switchedOn && defaults.get(version) === 'unsupported')
      warnings.push({
        code: 'W-TLS13-UNSUPPORTED',
        text: `the keys for TLS 1.3 have no supported effect on ${host.windows.title}; remove them`,
      })
  }
  if ((readDword(host.registry, fipsKey, 'Enabled') ?? 0) !== 0)
    warnings.push({
      code: 'W-FIPS',
      text: 'the FIPS policy is on, which may make Schannel use TLS 1.0 although the registry switches it off',
    })
  return warnings
}
