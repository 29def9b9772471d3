import type { Warning } from './answer.ts'
import type { NetfxQuestion } from './netfx.ts'
import {
  atLeast,
  effectiveTarget,
  parseProtocols,
  protocolNames,
  SSL3_TLS,
  TLS_TO_12,
  TLS_TO_13,
} from './netfx-versions.ts'
import { readDword, readText, readValue } from './registry.ts'
import type { SourceId } from './sources.ts'
import { softwareKey, type WindowsHost } from './windows-host.ts'

/** What .NET Framework uses when neither code nor an argument says otherwise, and why. */
export interface NetfxDefaults {
  value: number
  systemDefault: boolean
  strong: boolean
  because: string
  sources: SourceId[]
  certain: boolean
  warnings: Warning[]
}

export const strongValue = 'SchUseStrongCrypto'
export const systemDefaultValue = 'SystemDefaultTlsVersions'
export const exeSystemDefault = 'System.Net.ServicePointManager.SystemDefaultTlsVersions'
export const exeProtocols = 'System.Net.ServicePointManager.SecurityProtocol'

export function netfxKey(host: WindowsHost, bits: 32 | 64, clr: NetfxQuestion['clr']): string {
  return keysOf(host, bits)[clr]
}

function appContextKey(host: WindowsHost, bits: 32 | 64): string {
  return keysOf(host, bits).appContext
}

/** The keys of one view, made once. */
function keysOf(host: WindowsHost, bits: 32 | 64): Record<NetfxQuestion['clr'] | 'appContext', string> {
  const root = softwareKey(host, bits)
  let known = knownKeys.get(root)
  if (!known) {
    const framework = `${root}\\Microsoft\\.NETFramework`
    known = {
      'v4.0.30319': `${framework}\\v4.0.30319`,
      'v2.0.50727': `${framework}\\v2.0.50727`,
      appContext: `${framework}\\AppContext`,
    }
    knownKeys.set(root, known)
  }
  return known
}

const knownKeys = new Map<string, Record<NetfxQuestion['clr'] | 'appContext', string>>()

/** The two features: registry value, the switch that undoes it, and the newest target whose default is the old behaviour (S14). */
const features = {
  strong: { value: strongValue, switch: 'Switch.System.Net.DontEnableSchUseStrongCrypto', oldUpTo: '4.5.2' },
  systemDefault: {
    value: systemDefaultValue,
    switch: 'Switch.System.Net.DontEnableSystemDefaultTlsVersions',
    oldUpTo: '4.6.2',
  },
} as const

export const featureSwitches = [features.strong.switch, features.systemDefault.switch] as const

export function netfxDefaults(host: WindowsHost, question: NetfxQuestion): NetfxDefaults {
  const found = question.clr === 'v2.0.50727' ? clr2Defaults(host, question) : clr4Defaults(host, question)
  // What the machine itself answered settles what the rules leave open or do not know.
  if (question.observed !== undefined)
    Object.assign(found, {
      value: question.observed,
      systemDefault: question.observed === 0,
      certain: true,
      because: `asked on the machine, it answered ${protocolNames(question.observed)}`,
    })
  const warnings = viewWarnings(host, question)
  return { ...found, warnings: [...warnings, ...found.warnings] }
}

/** CLR 2 reads its own key, and only after the updates of 2016; the strong value there counts with explicit versions only (S13, S15). */
function clr2Defaults(host: WindowsHost, question: NetfxQuestion): NetfxDefaults {
  const key = netfxKey(host, question.bits, question.clr)
  const patched = question.patched35 === true
  const strong = patched && readDword(host.registry, key, strongValue) === 1
  const systemDefault = patched && readDword(host.registry, key, systemDefaultValue) === 1
  const because = !patched
    ? '.NET 3.5 without the updates of 2016 is fixed to SSL 3.0 and TLS 1.0'
    : systemDefault
      ? `${systemDefaultValue} under v2.0.50727 makes .NET 3.5 leave the versions to Schannel`
      : `.NET 3.5 asks for SSL 3.0 and TLS 1.0 unless ${systemDefaultValue} is 1 under v2.0.50727`
  return {
    value: systemDefault ? 0 : SSL3_TLS,
    systemDefault,
    // The flag follows explicit TLS 1.1 or 1.2 in code only, which the default never has.
    strong: strong && systemDefault,
    because,
    sources: ['S13', 'S15'],
    certain: true,
    warnings: [],
  }
}

function clr4Defaults(host: WindowsHost, question: NetfxQuestion): NetfxDefaults {
  const key = netfxKey(host, question.bits, question.clr)
  const warnings: Warning[] = []
  let certain = true
  const feature = (which: keyof typeof features): { on: boolean; because: string } => {
    const { value, oldUpTo } = features[which]
    const dont = readSwitch(host, question, which)
    certain &&= dont.certain
    warnings.push(...dont.warnings)
    const data = readDword(host.registry, key, value)
    if (data === undefined && readValue(host.registry, key, value))
      warnings.push({ code: 'W-WRONG-TYPE', text: `${value} is not a REG_DWORD; .NET takes it as missing` })
    const on = dont.value ? data === 1 : data !== 0
    const target = effectiveTarget(question)
    const decided = dont.value ? data === 1 : data === 0
    return {
      on,
      because: decided
        ? `${value}=${data} (${question.bits}-bit)`
        : dont.by === 'target'
          ? `target ${question.target ?? 'none, which counts as 4.0'}${target === (question.target ?? '4.0') ? '' : ` on runtime ${target}`} is ${dont.value ? `not newer than ${oldUpTo}` : `newer than ${oldUpTo}`}`
          : `${dont.by} sets ${features[which].switch.split('.').at(-1)} to ${dont.value}`,
    }
  }
  const strong = feature('strong')
  const bySystem = feature('systemDefault')
  let systemDefault = bySystem.on
  let decidedBy = bySystem.because
  if (systemDefault && question.exe) {
    const own = readDword(host.registry, `${key}\\${exeSystemDefault}`, question.exe)
    if (own !== undefined && own !== 1) {
      systemDefault = false
      decidedBy = `the value for ${question.exe} switches the system default off`
    }
  }
  const own =
    (systemDefault || strong.on) && question.exe
      ? readText(host.registry, `${key}\\${exeProtocols}`, question.exe)
      : undefined
  const ownValue = own === undefined ? undefined : parseProtocols(own)
  if (own !== undefined && ownValue === undefined)
    warnings.push({
      code: 'W-EXE-PROTOCOLS',
      text: `${own} for ${question.exe} names no protocols; .NET ignores it`,
    })
  const build = { systemDefault, strong: strong.on, sources: ['S13', 'S14'] as SourceId[], certain, warnings }
  if (ownValue !== undefined)
    return {
      ...build,
      value: ownValue,
      because: `the value for ${question.exe} asks for ${protocolNames(ownValue)}`,
    }
  if (systemDefault)
    return {
      ...build,
      value: 0,
      because: `.NET leaves the versions to Schannel: ${decidedBy}`,
    }
  const value = strong.on ? (atLeast(question.installed, '4.8') ? TLS_TO_13 : TLS_TO_12) : SSL3_TLS
  const because = strong.on
    ? `.NET asks for ${protocolNames(value)}: ${strong.because}`
    : `.NET asks for SSL 3.0 and TLS 1.0 only: ${strong.because}`
  return { ...build, value, because }
}

interface Switch {
  value: boolean
  by: 'target' | 'code' | 'the configuration file' | 'the AppContext registry key'
  certain: boolean
  warnings: Warning[]
}

/** First hit wins: code, configuration file, AppContext key, default of the target; runtimes below 4.6 have no switches (S14). */
function readSwitch(host: WindowsHost, question: NetfxQuestion, which: keyof typeof features): Switch {
  const { switch: name, oldUpTo } = features[which]
  const target = effectiveTarget(question)
  const plain: Switch = {
    value: !atLeast(target, oldUpTo) || target === oldUpTo,
    by: 'target',
    certain: true,
    warnings: [],
  }
  if (!atLeast(question.installed, '4.6')) return { ...plain, value: true }
  const inCode = question.switches.code?.[name]
  if (inCode !== undefined) return { ...plain, value: inCode, by: 'code' }
  const inConfig = question.switches.config[name]
  if (inConfig !== undefined) return { ...plain, value: inConfig, by: 'the configuration file' }
  const key = appContextKey(host, question.bits)
  const text = readText(host.registry, key, name)?.trim().toLowerCase()
  if (text === 'true' || text === 'false')
    return { ...plain, value: text === 'true', by: 'the AppContext registry key' }
  if (!readValue(host.registry, key, name)) return plain
  return {
    ...plain,
    certain: false,
    warnings: [
      {
        code: 'W-WRONG-TYPE',
        text: `${name} under AppContext is no text "true" or "false"; it is taken as missing`,
      },
    ],
  }
}

/** Values that stand in one of the two views only: half of the programs do not see them. */
function viewWarnings(host: WindowsHost, { bits, clr }: NetfxQuestion): Warning[] {
  if (host.osBits === 32) return []
  const other = bits === 64 ? 32 : 64
  return [strongValue, systemDefaultValue]
    .filter(
      name =>
        readDword(host.registry, netfxKey(host, bits, clr), name) === undefined &&
        readDword(host.registry, netfxKey(host, other, clr), name) !== undefined,
    )
    .map(name => ({
      code: 'W-ONE-VIEW',
      text: `${name} is set for ${other}-bit programs only; ${bits}-bit programs read another key`,
    }))
}
