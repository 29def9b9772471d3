import { TLS_1_2, type Version, versionName } from '../model/version.ts'
import type { Consumer } from './consumers.ts'
import type { ConsumerReport } from './evaluate.ts'
import { featureSwitches } from './netfx-settings.ts'
import { protocolNames } from './netfx-versions.ts'
import { maskOfVersions } from './versions.ts'
import { defaultStates, possibleStates } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'

/** A consumer that no value of the registry brings to the floor, and what does, the least change first. */
export interface Advice {
  consumer: string
  /** Whether the export shows such a program, or only that one may be there. */
  presence: Consumer['presence']
  because: string
  steps: string[]
}

export function adviceFor(
  host: WindowsHost,
  consumer: Consumer,
  report: ConsumerReport,
  floor: Version,
): Advice {
  return {
    consumer: consumer.title,
    presence: consumer.presence,
    because: report.answer.because,
    steps: stepsFor(host, consumer, floor),
  }
}

function stepsFor(host: WindowsHost, { question }: Consumer, floor: Version): string[] {
  const name = versionName(floor)
  if (possibleStates(host.windows, 'client').get(floor) === 'unsupported')
    return [
      `${host.windows.title} has no ${name}, and no setting adds it`,
      floor <= TLS_1_2
        ? 'run the program on a newer Windows'
        : 'upgrade to Windows 11 or Windows Server 2022, or run the program on a stack that brings its own TLS',
      'until then, send its traffic through a proxy that speaks the floor to the service',
    ]
  if (question.stack === 'winhttp')
    return question.appMask !== null
      ? ['the program sets its own mask: change the argument of WINHTTP_OPTION_SECURE_PROTOCOLS in its code']
      : [
          `${host.windows.title} is not on the list of systems whose WinHTTP reads a default from the registry`,
          `let the program set WINHTTP_OPTION_SECURE_PROTOCOLS to a mask with ${name} itself, or move it to a newer Windows`,
        ]
  if (question.stack === 'netfx') {
    const member = protocolNames(enumOf(floor))
    if (question.code)
      return [
        `change the line that sets ServicePointManager.SecurityProtocol: remove it, or name ${member} in it`,
      ]
    if (question.api === 'WcfMessageCert')
      return [
        'set Switch.System.ServiceModel.DisableUsingServicePointManagerSecurityProtocols=false in the configuration file (runtime 4.7 or newer)',
        'or target .NET 4.7 or newer',
      ]
    if (question.api === 'WcfNetTcpCert')
      return [
        question.sslProtocols
          ? `write sslProtocols="None" (or one with ${member}) in the net.tcp binding`
          : 'write sslProtocols="None" in the net.tcp binding (runtime 4.7 or newer, program for 4.7 or newer)',
        'install .NET Framework 4.8 where the runtime is older than 4.7, and target 4.7.1 or newer',
      ]
    if (question.sslProtocols !== undefined)
      return [`change the SslProtocols argument in code so that it names ${member}`]
    return ['install .NET Framework 4.8 and target 4.7 or newer', 'remove every protocol that code pins']
  }
  if (question.stack === 'net') return [`let the program leave SslProtocols unset, or name ${name} in it`]
  return [`no setting of ${host.windows.title} is known to bring this consumer to ${name}`]
}

function enumOf(version: Version): number {
  const bit = maskOfVersions([version])
  return bit | (bit >> 1)
}

/** Ways for .NET Framework programs below the floor besides values for the whole machine, the least change first (R2, R3). */
export function netfxLadder(host: WindowsHost, consumers: readonly Consumer[], floor: Version): string[] {
  const programs = consumers.flatMap(({ question }) =>
    question.stack === 'netfx' && question.clr === 'v4.0.30319' ? [question] : [],
  )
  if (programs.length === 0) return []
  const value = featureSwitches.map(name => `${name}=false`).join(';')
  const needsSchannel = defaultStates(host.windows, 'client', host.updates).get(floor) === 'by-request'
  return [
    `one program only, runtime 4.6 or newer (the second switch 4.7): <runtime><AppContextSwitchOverrides value="${value}" /></runtime> in its .exe.config or web.config`,
    'all programs that pin nothing: the registry values of this plan',
    `the program can be rebuilt: target .NET 4.7 or newer (4.8 for TLS 1.3), remove ServicePointManager.SecurityProtocol from code${
      needsSchannel
        ? `; on ${host.windows.title} it then follows Schannel, whose keys must switch ${versionName(floor)} on`
        : ''
    }`,
    'the runtime is older than 4.6: install .NET Framework 4.8; that alone changes nothing for programs with an older target',
    'code pins a version: only a change of that line helps',
  ]
}
