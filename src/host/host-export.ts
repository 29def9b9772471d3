import { type AppConfig, parseAppConfig } from './config-file.ts'
import { type LinuxFiles, linuxFileOf } from './linux-files.ts'
import { versionOfRelease } from './netfx-versions.ts'
import { decodeText, type Problem, parseRegFile } from './reg-file.ts'
import { fullPath, hasKey, type Registry, readDword, readText } from './registry.ts'
import { type Windows, windowsByBuild, windowsById } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'

/** First comment line of what the collectors write. */
export const exportMark = 'tlsunset host export 1'
/** Last comment line: without it the export was cut. */
export const exportEnd = 'end of tlsunset host export'

/** A program that a collector found. */
interface AppSeen {
  path: string
  bits: 32 | 64 | null
  /** TargetFrameworkAttribute; null: none was found. */
  target: string | null
}

/** One machine, as read from its export. */
export interface HostExport {
  name: string
  file: string
  registry: Registry
  /** Absent when the export does not say which Windows it is, or is no Windows. */
  windows?: WindowsHost
  linux?: LinuxFiles
  /** Installed .NET Framework of CLR 4 (`4.0` when older than 4.5); absent: the export does not say. */
  netfx?: string
  hasNet35?: boolean
  /** Runtimes of .NET Core and .NET 5 and later. */
  dotnet: { version: string; bits: 32 | 64 }[]
  /** What Windows PowerShell itself answered. */
  powershell: { version: string; bits: 32 | 64; securityProtocol: string }[]
  apps: AppSeen[]
  configs: AppConfig[]
  problems: Problem[]
  moreProblems: number
  /** Things that the export cannot show, each a sentence. */
  blind: string[]
  /** Keys (short hive names) that a partial export leaves out: what stands below them is not known. */
  uncovered: string[]
}

export interface Assumed {
  /** Id of the Windows when an export does not say, from --os. */
  os?: string
}

const currentVersion = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'
const setup = 'HKLM\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP'
const environment = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment'

/** Reads one export, whatever wrote it: our collectors, regedit, reg export. Undefined when the bytes are none. */
export function readHostExport(
  file: string,
  bytes: Uint8Array,
  assumed: Assumed = {},
): HostExport | undefined {
  const parsed = parseRegFile(decodeText(bytes))
  const marked = parsed.comments.some(comment => comment.text.trim() === exportMark)
  if (!parsed.hasHeader && !marked) return undefined
  const { registry } = parsed
  const facts = readFacts(parsed.comments)
  const host: HostExport = {
    name: facts.values.get('name')?.[0] ?? nameOfFile(file),
    file,
    registry,
    dotnet: rowsOf(facts, 'dotnet').flatMap(([version, size]) =>
      version ? [{ version, bits: bitsOf(size) ?? 64 }] : [],
    ),
    powershell: rowsOf(facts, 'powershell').flatMap(([version, size, ...value]) =>
      version ? [{ version, bits: bitsOf(size) ?? 64, securityProtocol: value.join(' ') }] : [],
    ),
    apps: rowsOf(facts, 'app').map(([size, target, ...path]) => ({
      path: path.join(' '),
      bits: bitsOf(size),
      target: target === undefined || target === '-' ? null : target,
    })),
    configs: [],
    problems: parsed.problems,
    moreProblems: parsed.moreProblems,
    blind: [],
    uncovered: [],
  }
  if (marked && !parsed.comments.some(comment => comment.text.trim() === exportEnd))
    host.problems.push({
      line: lastLine(parsed.comments),
      want: `the line "; ${exportEnd}"; the export was cut`,
    })
  if (facts.values.get('os')?.[0] === 'linux') {
    host.linux = { release: facts.values.get('release')?.[0] ?? 'Linux', facts: facts.values, files: [] }
    for (const config of facts.configs) {
      const kind = linuxFileOf(config.path)
      if (kind) host.linux.files.push({ kind, path: config.path, text: config.text })
    }
    return host
  }
  host.configs = facts.configs.map(({ path, text }) => parseAppConfig(path, text))
  readWindows(host, facts.values, assumed)
  if (!marked) host.uncovered = uncoveredRegions(host)
  for (const region of host.uncovered)
    host.blind.push(`the export leaves out ${region}; absent values there are taken as not set`)
  return host
}

function readWindows(host: HostExport, facts: Map<string, string[]>, assumed: Assumed): void {
  const { registry } = host
  const found = identify(registry) ?? (assumed.os ? windowsById(assumed.os) : undefined)
  if (!found)
    host.blind.push('the export does not say which Windows this is (CurrentBuildNumber); --os names it')
  else {
    const ubr = readDword(registry, currentVersion, 'UBR')
    host.windows = {
      windows: found,
      osBits: osBits(registry),
      registry,
      updates: new Set((facts.get('update') ?? []).map(update => update.toUpperCase()).filter(isUpdate)),
      ...(facts.get('patched')?.[0] ? { patch: facts.get('patched')![0]! } : {}),
      ...(ubr === undefined ? {} : { ubr }),
      ...(facts.get('winhttp')?.[0] ? { winHttpVersion: facts.get('winhttp')![0]! } : {}),
      isListOpen: true,
    }
    if (!facts.has('update') && !facts.has('updates') && !facts.has('patched') && ubr === undefined)
      host.blind.push('the export does not list installed updates')
  }
  if (
    hasKey(registry, setup) ||
    hasKey(registry, `${setup}\\v4\\Full`) ||
    hasKey(registry, `${setup}\\v3.5`)
  ) {
    const release = readDword(registry, `${setup}\\v4\\Full`, 'Release')
    if (release !== undefined) host.netfx = versionOfRelease(release) ?? '4.0'
    else if (hasKey(registry, `${setup}\\v4\\Full`)) host.netfx = '4.0'
    host.hasNet35 = readDword(registry, `${setup}\\v3.5`, 'Install') === 1
  } else
    host.blind.push('the export does not say which .NET Framework is installed (NET Framework Setup\\NDP)')
}

/** Keys that every Windows has: an export without them was made of less than the machine. */
function uncoveredRegions({ registry, windows }: HostExport): string[] {
  const software = ['HKLM\\SOFTWARE', ...(windows?.osBits === 32 ? [] : ['HKLM\\SOFTWARE\\Wow6432Node'])]
  const regions = [
    'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL',
    ...software.map(root => `${root}\\Microsoft\\Windows\\CurrentVersion\\Internet Settings`),
    ...software.map(root => `${root}\\Microsoft\\.NETFramework`),
  ]
  const ids = [...registry.keys()]
  return regions.filter(region => {
    const id = fullPath(region).toLowerCase()
    return !ids.some(key => key === id || key.startsWith(`${id}\\`))
  })
}

function identify(registry: Registry): Windows | undefined {
  const build = Number(
    readText(registry, currentVersion, 'CurrentBuildNumber') ??
      readText(registry, currentVersion, 'CurrentBuild'),
  )
  if (!Number.isInteger(build) || build <= 0) return undefined
  // ProductName still says Windows 10 on Windows 11, but it does tell a server where InstallationType is missing.
  const product = readText(registry, currentVersion, 'ProductName')
  const type =
    readText(registry, currentVersion, 'InstallationType') ??
    (product === undefined ? undefined : /server/i.test(product) ? 'Server' : 'Client')
  return windowsByBuild(build, type)[0]
}

function osBits(registry: Registry): 32 | 64 {
  const architecture = readText(registry, environment, 'PROCESSOR_ARCHITECTURE')
  if (architecture !== undefined) return /^x86$/i.test(architecture) ? 32 : 64
  // A 32-bit Windows has no Wow6432Node; an export that holds none at all does not tell, and 64 is by far the commoner.
  return 64
}

interface Facts {
  values: Map<string, string[]>
  configs: { path: string; text: string }[]
}

/** Comments of the form ` fact name = value` and ` config path` followed by `| line`. */
function readFacts(comments: readonly { text: string }[]): Facts {
  const facts: Facts = { values: new Map(), configs: [] }
  let config: { path: string; lines: string[] } | undefined
  const close = () => {
    if (config) facts.configs.push({ path: config.path, text: config.lines.join('\n') })
    config = undefined
  }
  for (const { text } of comments) {
    if (text.startsWith('|')) {
      config?.lines.push(text.slice(1).replace(/^ /, ''))
      continue
    }
    close()
    const fact = /^ fact (\w+) = (.*)$/.exec(text)
    if (fact) facts.values.set(fact[1]!, [...(facts.values.get(fact[1]!) ?? []), fact[2]!.trim()])
    const opened = /^ config (.+)$/.exec(text)
    if (opened) config = { path: opened[1]!.trim(), lines: [] }
  }
  close()
  return facts
}

function isUpdate(text: string): boolean {
  return /^KB\d+$/.test(text)
}

function rowsOf(facts: Facts, name: string): string[][] {
  return (facts.values.get(name) ?? []).map(row => row.split(' '))
}

function bitsOf(text: string | undefined): 32 | 64 | null {
  return text === '32' ? 32 : text === '64' ? 64 : null
}

function lastLine(comments: readonly { line: number }[]): number {
  return comments.at(-1)?.line ?? 1
}

function nameOfFile(file: string): string {
  return file
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.(reg|txt|log)$/i, '')
}
