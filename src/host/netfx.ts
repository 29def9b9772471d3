import { type Answer, either, failure, type Warning } from './answer.ts'
import { netfxDefaults } from './netfx-settings.ts'
import { atLeast, effectiveTarget, protocolNames, SSL3_TLS, TLS_TO_12, TLS_TO_13 } from './netfx-versions.ts'
import { explainedBy, meetSchannel } from './schannel.ts'
import type { SourceId } from './sources.ts'
import { maskOfVersions, type Role, versionsOfMask } from './versions.ts'
import type { WindowsHost } from './windows-host.ts'

/** Interfaces of .NET Framework that make TLS connections and differ in how they choose versions (S14, S16). */
export const netfxApis = [
  'HttpWebRequest',
  'HttpClient',
  'WebClient',
  'FtpWebRequest',
  'SmtpClient',
  'SslStream',
  'WcfHttp',
  'WcfNetTcpCert',
  'WcfMessageCert',
] as const
export type NetfxApi = (typeof netfxApis)[number]

/** How code changes ServicePointManager.SecurityProtocol. */
export interface CodeProtocol {
  value: number
  op: 'set' | 'or' | 'remove'
}

export interface NetfxQuestion {
  stack: 'netfx'
  role: Role
  bits: 32 | 64
  clr: 'v4.0.30319' | 'v2.0.50727'
  /** Installed runtime of CLR 4; `4.0` when older than 4.5. */
  installed: string
  /** Target framework of the program; null: none is named, which counts as 4.0. */
  target: string | null
  api: NetfxApi
  code?: CodeProtocol
  /** HttpClientHandler.SslProtocols (4.7.1 and later). */
  handlerProtocols?: number
  /** Argument of SslStream, or sslProtocols of a net.tcp binding. */
  sslProtocols?: number
  /** Full path of the program, for the values per executable. */
  exe?: string
  /** AppContextSwitchOverrides of the configuration file, and AppContext.SetSwitch in code. */
  switches: { config: Record<string, boolean>; code?: Record<string, boolean> }
  /** Where a net.tcp binding is declared. */
  bindingSource: 'code' | 'config'
  /** CLR 2 only: whether the updates of 2016 (or later rollups) are in; undefined: not known. */
  patched35?: boolean
  /** What the running program itself answered for SecurityProtocol: beats every rule below. */
  observed?: number
  /** Windows PowerShell names no target, and its defaults vary by build (U9). */
  isPowerShell?: boolean
}

/** A mask asked of Schannel with the sentence that explains it. */
interface Choice {
  /** Value of the enumeration; 0 leaves it to the system. */
  value: number
  because: string
  sources: SourceId[]
  certain: boolean
  /** SCH_USE_STRONG_CRYPTO is set on the credential. */
  strong: boolean
  /** Another reading of the facts that is as good; shown as open. */
  or?: number
  securityProtocol: number
  warnings: Warning[]
}

/** Versions that a .NET Framework program offers or accepts. */
export function answerNetfx(host: WindowsHost, question: NetfxQuestion): Answer {
  if (question.clr === 'v2.0.50727' && question.patched35 === undefined) {
    const answers = [true, false].map(patched35 => answerNetfx(host, { ...question, patched35 }))
    if (answers.every(answer => sameVersions(answer, answers[0]!))) return answers[0]!
    return either(
      answers,
      'it is not known whether the .NET 3.5 update of 2016 (or a later rollup) is installed',
    )
  }
  if (question.isPowerShell && question.observed === undefined && atLeast(question.installed, '4.7'))
    return answerPowerShell(host, question)
  const choice = chooseProtocols(host, question)
  if ('because' in choice && 'offered' in choice) return choice
  const met = meet(host, question, choice, choice.value)
  return choice.or === undefined
    ? met
    : either([met, meet(host, question, choice, choice.or)], choice.because)
}

/** It names no target; what it was seen to use went with the build, on newer ones that of a new target (S19). */
function answerPowerShell(host: WindowsHost, question: NetfxQuestion): Answer {
  const answers = [null, '4.7.1'].map(target =>
    answerNetfx(host, { ...question, target, isPowerShell: false }),
  )
  if (answers.every(answer => sameVersions(answer, answers[0]!))) return answers[0]!
  const open = either(
    answers,
    'Windows PowerShell names no target framework, and its default went with the build',
  )
  const text = 'ask Windows PowerShell for [Net.ServicePointManager]::SecurityProtocol; the collector does'
  return { ...open, warnings: [...open.warnings, { code: 'W-ASK-POWERSHELL', text }] }
}

function sameVersions(a: Answer, b: Answer): boolean {
  return a.offered.join() === b.offered.join() && a.maybe.join() === b.maybe.join() && a.error === b.error
}

function meet(host: WindowsHost, { role }: NetfxQuestion, choice: Choice, value: number): Answer {
  const versions = versionsOfMask(value, role)
  const met = meetSchannel(host, {
    role,
    cred: 'SCHANNEL_CRED',
    enabled: value === 0 ? 0 : maskOfVersions(versions, role),
    disabled: 0,
    strong: choice.strong && role === 'client',
  })
  // TLS 1.3 by an explicit mask of the older structure rests on one table of the .NET documentation (U6).
  const doubted13 = value !== 0 && met.offered.includes(0x0304)
  return {
    ...met,
    securityProtocol: protocolNames(choice.securityProtocol),
    certain: met.certain && choice.certain && !doubted13,
    because: explainedBy(choice.because, met),
    sources: [...choice.sources, ...met.sources],
    warnings: [...choice.warnings, ...met.warnings],
  }
}

function chooseProtocols(host: WindowsHost, question: NetfxQuestion): Choice | Answer {
  const defaults = netfxDefaults(host, question)
  const base: Choice = {
    value: defaults.value,
    because: defaults.because,
    sources: defaults.sources,
    certain: defaults.certain,
    strong: defaults.strong,
    securityProtocol: defaults.value,
    warnings: defaults.warnings,
  }
  const manager = applyCode(question, base)
  if ('offered' in manager) return manager
  switch (question.api) {
    case 'SslStream':
      return chooseForSslStream(question, base, defaults.systemDefault)
    case 'WcfNetTcpCert':
      return chooseForNetTcp(
        question,
        { ...base, securityProtocol: manager.securityProtocol },
        defaults.systemDefault,
      )
    case 'WcfMessageCert':
      return chooseForMessage(question, manager)
    case 'HttpClient':
      if (question.handlerProtocols && question.clr === 'v4.0.30319' && atLeast(question.installed, '4.7.1'))
        return {
          ...manager,
          value: question.handlerProtocols,
          because: `HttpClientHandler.SslProtocols in code asks for ${protocolNames(question.handlerProtocols)}`,
        }
      return manager
    default:
      return manager
  }
}

/** What code leaves in ServicePointManager.SecurityProtocol. A value that the runtime does not know is refused when it is set. */
function applyCode(question: NetfxQuestion, base: Choice): Choice | Answer {
  const { code } = question
  if (!code) return base
  const { value: before } = base
  const value =
    code.op === 'or' ? before | code.value : code.op === 'remove' ? before & ~code.value : code.value
  const limit = highestSettable(question)
  if (value & ~limit)
    return failure(
      'NotSupportedException',
      `code sets SecurityProtocol to ${protocolNames(value)}, which this runtime does not know`,
      ['S13', 'S15'],
    )
  const warnings = [...base.warnings]
  if (code.op === 'or' && before === 0)
    warnings.push({
      code: 'W-OR-ON-SYSTEM-DEFAULT',
      text: `SystemDefault is 0, so adding ${protocolNames(code.value)} in code drops every other version`,
    })
  else if (value !== 0)
    warnings.push({
      code: 'W-PINNED-IN-CODE',
      text: `code sets SecurityProtocol to ${protocolNames(value)}: no registry value or operating system setting adds a version`,
    })
  return {
    ...base,
    value,
    securityProtocol: value,
    because: `code sets ServicePointManager.SecurityProtocol to ${protocolNames(value)}`,
    sources: ['S14'],
    certain: true,
    warnings,
  }
}

/** Protocol members that the setter of SecurityProtocol accepts (S13, S15). */
function highestSettable({ clr, installed, patched35 }: NetfxQuestion): number {
  if (clr === 'v2.0.50727') return patched35 ? TLS_TO_13 | 48 : SSL3_TLS
  if (!atLeast(installed, '4.5')) return SSL3_TLS
  return atLeast(installed, '4.8') ? TLS_TO_13 | 48 : TLS_TO_12 | 48
}

/** Overloads without versions use the configured default, whatever code put into ServicePointManager (S14). */
function chooseForSslStream(
  { sslProtocols }: NetfxQuestion,
  base: Choice,
  systemDefault: boolean,
): Choice | Answer {
  if (sslProtocols === undefined) return base
  if (sslProtocols === 0)
    return refusedNone(systemDefault) ?? { ...base, value: 0, because: 'SslStream is told SslProtocols.None' }
  return {
    ...base,
    value: sslProtocols,
    because: `SslStream is told ${sslProtocols === 240 ? 'SslProtocols.Default, which is SSL 3.0 and TLS 1.0' : protocolNames(sslProtocols)}`,
    sources: ['S13', 'S14'],
    certain: true,
  }
}

function refusedNone(systemDefault: boolean): Answer | undefined {
  if (systemDefault) return undefined
  return failure(
    'ArgumentException',
    'SslProtocols.None is refused while the system default is switched off for .NET',
    ['S14'],
  )
}

const netTcpSwitch = 'Switch.System.ServiceModel.DontEnableSystemDefaultTlsVersions'
const messageSwitch = 'Switch.System.ServiceModel.DisableUsingServicePointManagerSecurityProtocols'

function chooseForNetTcp(question: NetfxQuestion, base: Choice, systemDefault: boolean): Choice | Answer {
  const { clr, installed, sslProtocols } = question
  const target = effectiveTarget(question)
  const wcf = (value: number, because: string, more: Partial<Choice> = {}): Choice => ({
    ...base,
    value,
    because,
    sources: ['S13', 'S16'],
    certain: true,
    ...more,
  })
  if (clr === 'v2.0.50727' || !atLeast(installed, '4.6'))
    return wcf(SSL3_TLS, 'WCF net.tcp with certificates is fixed to SSL 3.0 and TLS 1.0 in this runtime')
  if (!atLeast(installed, '4.7'))
    return wcf(TLS_TO_12, 'WCF net.tcp with certificates asks for TLS 1.0 to TLS 1.2 in this runtime')
  if (sslProtocols) return wcf(sslProtocols, `the net.tcp binding asks for ${protocolNames(sslProtocols)}`)
  if (sslProtocols === undefined && !atLeast(target, '4.6'))
    // The source says TLS 1.0 to 1.2, the documentation SSL 3.0 and TLS 1.0 (U8).
    return wcf(
      SSL3_TLS,
      'WCF net.tcp of a program for .NET 4.5.2 or older on a newer runtime: source and documentation disagree',
      {
        or: TLS_TO_12,
        certain: false,
      },
    )
  const restricted =
    question.switches.code?.[netTcpSwitch] ??
    question.switches.config[netTcpSwitch] ??
    !atLeast(target, '4.7.1')
  if (sslProtocols === undefined && restricted)
    return wcf(TLS_TO_12, `WCF net.tcp of a program for .NET ${target} asks for TLS 1.0 to TLS 1.2`)
  if (sslProtocols === undefined && question.bindingSource === 'config')
    return wcf(
      TLS_TO_12,
      'a net.tcp binding in a configuration file without sslProtocols asks for TLS 1.0 to TLS 1.2 by its source',
      {
        certain: false,
        ...(systemDefault ? { or: 0 } : {}),
        warnings: [
          ...base.warnings,
          {
            code: 'W-WCF-CONFIG',
            text: 'the documentation says that this binding leaves it to the system; write sslProtocols="None" to be sure',
          },
        ],
      },
    )
  const refused = refusedNone(systemDefault)
  if (refused) return { ...refused, certain: false, sources: ['S14', 'S16'] }
  return wcf(0, `WCF net.tcp of a program for .NET ${target} leaves the versions to Schannel`)
}

function chooseForMessage(question: NetfxQuestion, manager: Choice): Choice {
  const target = effectiveTarget(question)
  const fixed =
    question.clr === 'v2.0.50727' ||
    !atLeast(question.installed, '4.7') ||
    (question.switches.code?.[messageSwitch] ??
      question.switches.config[messageSwitch] ??
      !atLeast(target, '4.7'))
  if (!fixed) return manager
  return {
    ...manager,
    value: SSL3_TLS,
    because: `WCF message security of a program for .NET ${target} is fixed to SSL 3.0 and TLS 1.0`,
    sources: ['S13', 'S16'],
    certain: true,
  }
}
