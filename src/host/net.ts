import { parseVersion, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, type Version } from '../model/version.ts'
import { type Answer, either } from './answer.ts'
import { atLeast, protocolNames, TLS_TO_12, TLS_TO_13 } from './netfx-versions.ts'
import { explainedBy, meetSchannel } from './schannel.ts'
import { maskOfVersions, type Role, versionsOfMask } from './versions.ts'
import { isWindows7Family } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'
import { answerWinHttp } from './winhttp.ts'

export const netApis = ['HttpClient', 'HttpWebRequest', 'SslStream', 'Kestrel', 'WcfNetTcpCert'] as const
type NetApi = (typeof netApis)[number]

/** A program on .NET Core or .NET 5 and later. */
export interface NetQuestion {
  stack: 'net'
  role: Role
  bits: 32 | 64
  version: string
  api: NetApi
  /** Handler below HttpClient where the program names one. */
  handler?: 'WinHttpHandler' | 'SocketsHttpHandler'
  /** Versions that the program names itself. */
  protocols?: number
  /** Linux: what openssl.cnf says. */
  openssl?: { minProtocol?: string; cipherString?: string }
}

interface Choice {
  value: number
  or?: number
  because: string
  certain: boolean
  source: 'S16' | 'S17' | 'S20'
}

/** Versions offered on Windows. The registry values of .NET Framework have no effect here. */
export function answerNet(host: WindowsHost, question: NetQuestion): Answer {
  if (usesWinHttp(question) && atLeast(question.version, '10') && question.protocols === undefined) {
    const answer = answerWinHttp(host, { stack: 'winhttp', bits: question.bits, appMask: null })
    return {
      ...answer,
      because: `WinHttpHandler of .NET ${question.version} leaves it to WinHTTP; ${answer.because}`,
    }
  }
  const choice = choose(host, question)
  const answers = [choice.value, ...(choice.or === undefined ? [] : [choice.or])].map(value => {
    const met = meetSchannel(host, {
      role: question.role,
      cred: 'SCHANNEL_CRED',
      enabled: value === 0 ? 0 : maskOfVersions(versionsOfMask(value, question.role), question.role),
      disabled: 0,
      strong: question.role === 'client',
    })
    return {
      ...met,
      certain: met.certain && choice.certain,
      because: explainedBy(choice.because, met),
      sources: [choice.source, ...met.sources],
    }
  })
  return answers.length === 1 ? answers[0]! : either(answers, choice.because)
}

function usesWinHttp({ api, handler, version }: NetQuestion): boolean {
  return (
    api === 'HttpClient' &&
    (handler === 'WinHttpHandler' || (handler === undefined && !atLeast(version, '2.1')))
  )
}

function choose(host: WindowsHost, question: NetQuestion): Choice {
  const { api, version, protocols } = question
  if (protocols)
    return {
      value: protocols,
      because: `the program asks for ${protocolNames(protocols)}`,
      certain: true,
      source: 'S20',
    }
  const isHttp = api === 'HttpClient' || api === 'HttpWebRequest'
  if (api === 'WcfNetTcpCert')
    return {
      value: TLS_TO_12,
      because: 'WCF net.tcp of .NET asks for TLS 1.0 to TLS 1.2, never for TLS 1.3',
      certain: true,
      source: 'S16',
    }
  if (usesWinHttp(question))
    return {
      value: TLS_TO_12,
      // TLS 1.3 was added to the list at a version that is not documented.
      ...(atLeast(version, '3.0') ? { or: TLS_TO_13 } : {}),
      because: `HttpClient of .NET ${version} is based on WinHTTP and names TLS 1.0 to TLS 1.2 itself`,
      certain: true,
      source: 'S17',
    }
  if (isHttp && isWindows7Family(host.windows) && !atLeast(version, '10'))
    return {
      value: TLS_TO_12,
      because: `the HTTP handler of .NET ${version} names TLS 1.0 to TLS 1.2 itself on ${host.windows.title}`,
      certain: true,
      source: 'S17',
    }
  if (api === 'Kestrel' && !atLeast(version, '5'))
    return {
      value: 768 | 3072,
      because: `Kestrel of .NET ${version} accepts TLS 1.1 and TLS 1.2`,
      certain: true,
      source: 'S20',
    }
  return {
    value: 0,
    because: `${api} of .NET ${version} leaves the versions to Schannel`,
    // Whether ServicePointManager still matters to HttpWebRequest was not read again (3.6).
    certain: api !== 'HttpWebRequest',
    source: 'S20',
  }
}

/** Versions offered on Linux, where OpenSSL does the work (S21). */
export function answerNetOnLinux({ version, protocols, openssl = {} }: NetQuestion): Answer {
  const floor = openssl.minProtocol === undefined ? undefined : parseVersion(openssl.minProtocol)
  const all: Version[] = [TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3]
  const asked = protocols ? versionsOfMask(protocols, 'client').filter(v => v >= TLS_1_0) : all
  const level = /@SECLEVEL=(\d)/i.exec(openssl.cipherString ?? '')?.[1]
  const allowed = asked.filter(v => floor === undefined || v >= floor)
  const old = allowed.filter(v => v < TLS_1_2)
  const answer: Answer = {
    offered: allowed.filter(v => v >= TLS_1_2),
    maybe: [],
    ssl3: false,
    certain: true,
    because: '',
    sources: ['S21'],
    warnings: [],
  }
  if (floor !== undefined && floor >= TLS_1_2)
    return {
      ...answer,
      because: `MinProtocol ${openssl.minProtocol} of openssl.cnf applies to .NET ${version}`,
    }
  if (atLeast(version, '5') && openssl.cipherString === undefined)
    return {
      ...answer,
      because: `.NET ${version} brings a cipher list of its own when openssl.cnf has none, and no TLS 1.0 or TLS 1.1 suite is in it`,
    }
  // With an explicit floor and a security level that lets SHA-1 through, the old versions work; else it is up to the build of OpenSSL.
  const surely = floor !== undefined && (level === '0' || level === '1')
  return {
    ...answer,
    offered: surely ? allowed : answer.offered,
    maybe: surely ? [] : old,
    certain: surely,
    because: `openssl.cnf decides for .NET ${version}: MinProtocol ${openssl.minProtocol ?? 'not set'}, security level ${level ?? 'as built'}`,
  }
}
