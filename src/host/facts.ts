import { Fault } from '../base/fault.ts'
import type { Version } from '../model/version.ts'
import { type Answer, type Breaks, breaksAt } from './answer.ts'
import { answerNetOnLinux, type NetQuestion, netApis } from './net.ts'
import { type CodeProtocol, type NetfxQuestion, netfxApis } from './netfx.ts'
import { parseProtocols } from './netfx-versions.ts'
import { answerQuestion, type Question } from './question.ts'
import { REG_DWORD, REG_SZ, type Registry, writeValue } from './registry.ts'
import { sources } from './sources.ts'
import { factName, type Role } from './versions.ts'
import { windowsById, windowsTable } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'

/** The answer to a facts row; the names are a contract. */
export interface FactsAnswer {
  id: string
  os: string
  stack: string
  /** Versions surely offered, as `TLS1.2`. */
  tls: string[]
  /** Contested versions; absent when there are none. */
  maybe?: string[]
  ssl3: boolean | null
  error?: string
  winhttpMask?: number
  securityProtocol?: string
  certain: boolean
  because: string
  sources: string[]
  warnings: { code: string; text: string }[]
  /** Whether the row breaks when `floor` becomes the lowest version let in. */
  breaks: Breaks
}

/**
 * Answers one row `{ id, os, stack, inputs }`. A row that makes no sense throws a Fault of kind input that names the field.
 */
export function answerFacts(row: unknown, floor: Version): FactsAnswer {
  const fields = object(row, 'the row')
  const id = text(fields.id, 'id', '')
  const os = text(fields.os, 'os')
  const stack = text(fields.stack, 'stack')
  const inputs = object(fields.inputs ?? {}, 'inputs')
  const app = object(inputs.app ?? {}, 'inputs.app')
  const answer = os === 'linux' ? answerOnLinux(stack, inputs, app) : answerOnWindows(os, stack, inputs, app)
  return {
    id,
    os,
    stack,
    tls: answer.offered.map(factName),
    ...(answer.maybe.length > 0 ? { maybe: answer.maybe.map(factName) } : {}),
    ssl3: answer.ssl3,
    ...(answer.error ? { error: answer.error } : {}),
    ...(answer.winhttpMask === undefined ? {} : { winhttpMask: answer.winhttpMask }),
    ...(answer.securityProtocol === undefined ? {} : { securityProtocol: answer.securityProtocol }),
    certain: answer.certain,
    because: answer.because,
    sources: [...new Set(answer.sources)].map(id => sources[id]),
    warnings: answer.warnings,
    breaks: breaksAt(answer, floor),
  }
}

type Fields = Record<string, unknown>

function answerOnWindows(os: string, stack: string, inputs: Fields, app: Fields): Answer {
  const windows = windowsById(os)
  if (!windows)
    throw new Fault('input', 'unknown-os', `os names no known system: ${os}`, {
      hint: `one of ${windowsTable.map(row => row.id).join(', ')}, linux`,
    })
  const host: WindowsHost = {
    windows,
    osBits: bits(inputs.os_bits, 'os_bits'),
    registry: readRegistry(inputs.registry),
    updates: new Set(list(inputs.updates, 'updates').map(update => text(update, 'updates').toUpperCase())),
    ...(inputs.patchLevel === undefined ? {} : { patch: text(inputs.patchLevel, 'patchLevel') }),
    ...(inputs.ubr === undefined ? {} : { ubr: number(inputs.ubr, 'ubr') }),
  }
  return answerQuestion(host, readQuestion(stack, inputs, app, host.osBits))
}

function answerOnLinux(stack: string, inputs: Fields, app: Fields): Answer {
  const question = stack === 'dotnet' ? readDotnet(inputs, app, 64) : undefined
  if (question?.stack !== 'net')
    throw new Fault(
      'input',
      'unknown-stack',
      `stack ${stack} is not one that a facts row on linux can have`,
      {
        hint: 'stack dotnet with runtime net; other Linux stacks are read from their configuration files',
      },
    )
  return answerNetOnLinux(question)
}

function readQuestion(stack: string, inputs: Fields, app: Fields, osBits: 32 | 64): Question {
  const processBits = inputs.process_bits === undefined ? osBits : bits(inputs.process_bits, 'process_bits')
  const mask = (name: string) =>
    app[name] === undefined || app[name] === null ? null : number(app[name], name)
  switch (stack) {
    case 'winhttp':
      return { stack, bits: processBits, appMask: mask('WINHTTP_OPTION_SECURE_PROTOCOLS') }
    case 'wininet':
      return { stack, appMask: mask('INTERNET_OPTION_SECURE_PROTOCOLS'), user: 'HKCU' }
    case 'schannel':
      return {
        stack,
        role: role(inputs.role),
        cred: choice(app.cred ?? 'SCHANNEL_CRED', ['SCHANNEL_CRED', 'SCH_CREDENTIALS'] as const, 'cred'),
        enabled: mask('grbitEnabledProtocols') ?? 0,
        disabled: mask('grbitDisabledProtocols') ?? 0,
      }
    case 'dotnet':
      return readDotnet(inputs, app, processBits)
    default:
      throw new Fault('input', 'unknown-stack', `no such stack: ${stack}`, {
        hint: 'one of winhttp, wininet, schannel, dotnet',
      })
  }
}

function readDotnet(inputs: Fields, app: Fields, processBits: 32 | 64): NetfxQuestion | NetQuestion {
  const runtime = choice(app.runtime, ['netfx', 'net'] as const, 'runtime')
  if (runtime === 'net') {
    const handler =
      app.handler === undefined
        ? undefined
        : choice(app.handler, ['WinHttpHandler', 'SocketsHttpHandler'] as const, 'handler')
    const named = protocols(app.sslProtocolsArg ?? app['HttpClientHandler.SslProtocols'], 'sslProtocolsArg')
    return {
      stack: 'net',
      role: role(inputs.role),
      bits: processBits,
      version: text(app.version, 'version'),
      api: choice(app.api, netApis, 'api'),
      ...(handler ? { handler } : {}),
      ...(named ? { protocols: named } : {}),
      openssl: {
        ...(app.openssl_MinProtocol === undefined
          ? {}
          : { minProtocol: text(app.openssl_MinProtocol, 'openssl_MinProtocol') }),
        ...(app.openssl_CipherString === undefined
          ? {}
          : { cipherString: text(app.openssl_CipherString, 'openssl_CipherString') }),
      },
    }
  }
  const config = object(app.config ?? {}, 'config')
  const code = object(app.code ?? {}, 'code')
  const sslProtocols = protocols(app.sslProtocolsArg ?? app.sslProtocols, 'sslProtocolsArg')
  const handlerProtocols = protocols(app['HttpClientHandler.SslProtocols'], 'HttpClientHandler.SslProtocols')
  const set = protocols(code['ServicePointManager.SecurityProtocol'], 'ServicePointManager.SecurityProtocol')
  return {
    stack: 'netfx',
    role: role(inputs.role),
    bits: processBits,
    clr: choice(app.clr ?? 'v4.0.30319', ['v4.0.30319', 'v2.0.50727'] as const, 'clr'),
    installed:
      app.installed === undefined || app.installed === null ? '4.0' : text(app.installed, 'installed'),
    target: app.target === undefined || app.target === null ? null : text(app.target, 'target'),
    api: choice(app.api, netfxApis, 'api'),
    ...(set === undefined ? {} : { code: { value: set, op: codeOp(code.op) } }),
    ...(handlerProtocols ? { handlerProtocols } : {}),
    ...(sslProtocols === undefined ? {} : { sslProtocols }),
    ...(app.exe === undefined || app.exe === null ? {} : { exe: text(app.exe, 'exe') }),
    switches: {
      config: switches(config.AppContextSwitchOverrides),
      ...(code.switches === undefined ? {} : { code: switches(code.switches) }),
    },
    bindingSource: choice(app.bindingSource ?? 'code', ['code', 'config'] as const, 'bindingSource'),
    patched35: app.net35_patched === undefined ? true : app.net35_patched === true,
    isPowerShell: typeof app.host === 'string' && /^powershell/i.test(app.host),
  }
}

function codeOp(given: unknown): CodeProtocol['op'] {
  return given === undefined ? 'set' : choice(given, ['set', 'or', 'remove'] as const, 'op')
}

/** Key to value to data: a number is a REG_DWORD, text a REG_SZ. */
function readRegistry(given: unknown): Registry {
  const registry: Registry = new Map()
  for (const [path, values] of Object.entries(object(given ?? {}, 'registry')))
    for (const [name, data] of Object.entries(object(values, path))) {
      if (typeof data === 'number') writeValue(registry, path, { name, type: REG_DWORD, data: data >>> 0 })
      else writeValue(registry, path, { name, type: REG_SZ, data: text(data, `${path} ${name}`) })
    }
  return registry
}

function switches(given: unknown): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(object(given ?? {}, 'AppContextSwitchOverrides')).map(([name, value]) => [
      name,
      value === true || String(value).toLowerCase() === 'true',
    ]),
  )
}

function wrong(field: string, want: string): Fault {
  return new Fault('input', 'bad-facts', `${field}: ${want} is wanted`, {
    hint: 'a row has id, os, stack and inputs, as host evaluate --help shows',
  })
}

function object(given: unknown, field: string): Fields {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong(field, 'an object')
  return given as Fields
}

function list(given: unknown, field: string): unknown[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw wrong(field, 'a list')
  return given
}

function text(given: unknown, field: string, otherwise?: string): string {
  if (given === undefined && otherwise !== undefined) return otherwise
  if (typeof given !== 'string') throw wrong(field, 'text')
  return given
}

function number(given: unknown, field: string): number {
  if (typeof given !== 'number' || !Number.isInteger(given)) throw wrong(field, 'a whole number')
  return given >>> 0
}

function bits(given: unknown, field: string): 32 | 64 {
  if (given === undefined) return 64
  if (given !== 32 && given !== 64) throw wrong(field, '32 or 64')
  return given
}

function role(given: unknown): Role {
  return choice(given ?? 'client', ['client', 'server'] as const, 'role')
}

function choice<T extends string>(given: unknown, known: readonly T[], field: string): T {
  const found = known.find(name => name === given)
  if (!found) throw wrong(field, `one of ${known.join(', ')}`)
  return found
}

function protocols(given: unknown, field: string): number | undefined {
  if (given === undefined || given === null) return undefined
  const value =
    typeof given === 'number' ? given : typeof given === 'string' ? parseProtocols(given) : undefined
  if (value === undefined) throw wrong(field, 'protocol names or their number')
  return value
}
