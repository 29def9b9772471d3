import fc from 'fast-check'
import { exportEnd, exportMark, type HostExport, readHostExport } from '../../src/host/host-export.ts'
import { encodeRegFile, formatValue } from '../../src/host/reg-file.ts'
import { REG_BINARY, REG_DWORD, REG_SZ, type RegistryValue } from '../../src/host/registry.ts'
import { planRemedy, type Remedy } from '../../src/host/remedy.ts'
import { type Windows, windowsTable } from '../../src/host/windows.ts'
import type { Version } from '../../src/model/version.ts'

const protocols = 'SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL'
const software = ['SOFTWARE', 'SOFTWARE\\Wow6432Node']
const netfx = (root: string, clr: string) => `${root}\\Microsoft\\.NETFramework\\${clr}`
const winhttp = (root: string) => `${root}\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\WinHttp`

const dword = (values: number[]) => fc.constantFrom(...values).map(data => ({ type: REG_DWORD, data }))
const odd = fc.constantFrom(
  { type: REG_SZ, data: '1' },
  { type: REG_BINARY, data: new Uint8Array([1, 0, 0, 0]) },
  { type: REG_DWORD, data: 0xffffffff },
)
const flag = fc.oneof({ weight: 6, arbitrary: dword([0, 1]) }, { weight: 1, arbitrary: odd })
const mask = fc.oneof(
  { weight: 8, arbitrary: dword([0xa0, 0xa00, 0xaa0, 0x800, 0x2800, 0x80, 0x2000, 0]) },
  { weight: 1, arbitrary: odd },
)

/** A value that may stand in a registry: key below HKLM, name, data. */
const place: fc.Arbitrary<{ key: string; value: RegistryValue }> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'),
      fc.constantFrom('\\Client', '\\Server', ''),
      fc.constantFrom('Enabled', 'DisabledByDefault'),
      flag,
    )
    .map(([version, role, name, data]) => ({
      key: `${protocols}\\Protocols\\${version}${role}`,
      value: { name, ...data },
    })),
  fc
    .tuple(fc.constantFrom(...software), mask)
    .map(([root, data]) => ({ key: winhttp(root), value: { name: 'DefaultSecureProtocols', ...data } })),
  fc
    .tuple(
      fc.constantFrom(...software),
      fc.constantFrom('v4.0.30319', 'v2.0.50727'),
      fc.constantFrom('SchUseStrongCrypto', 'SystemDefaultTlsVersions'),
      flag,
    )
    .map(([root, clr, name, data]) => ({ key: netfx(root, clr), value: { name, ...data } })),
  fc
    .tuple(fc.constantFrom(...software), fc.constantFrom('Tls', 'Tls12', 'Tls, Tls11', 'nonsense'))
    .map(([root, data]) => ({
      key: `${netfx(root, 'v4.0.30319')}\\System.Net.ServicePointManager.SecurityProtocol`,
      value: { name: 'C:\\Program Files\\App "x"\\svc.exe', type: REG_SZ, data },
    })),
  fc.tuple(fc.constantFrom(...software), flag).map(([root, data]) => ({
    key: `${netfx(root, 'v4.0.30319')}\\System.Net.ServicePointManager.SystemDefaultTlsVersions`,
    value: { name: 'C:\\App\\other.exe', ...data },
  })),
  fc
    .tuple(
      fc.constantFrom(...software),
      fc.constantFrom(
        'Switch.System.Net.DontEnableSchUseStrongCrypto',
        'Switch.System.Net.DontEnableSystemDefaultTlsVersions',
      ),
      fc.constantFrom('true', 'false'),
    )
    .map(([root, name, data]) => ({
      key: `${root}\\Microsoft\\.NETFramework\\AppContext`,
      value: { name, type: REG_SZ, data },
    })),
  mask.map(data => ({
    key: 'HKCU Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings',
    value: { name: 'SecureProtocols', ...data },
  })),
)

export interface MadeUp {
  windows: Windows
  bits: 32 | 64
  places: { key: string; value: RegistryValue }[]
  release: number | null
  net35: boolean
  updates: string[]
  ubr: number | null
  /** Version of winhttp.dll; absent: not recorded. */
  winhttp?: string | undefined
}

export const madeUp: fc.Arbitrary<MadeUp> = fc.record({
  windows: fc.constantFrom(...windowsTable.filter(row => row.builds.length > 0)),
  bits: fc.constantFrom(64 as const, 64 as const, 32 as const),
  places: fc.array(place, { maxLength: 12 }),
  release: fc.constantFrom(null, 378389, 379893, 394802, 461308, 528040, 533320),
  net35: fc.boolean(),
  updates: fc.subarray(['KB3140245', 'KB4019276', 'KB3154518', 'KB3154520']),
  ubr: fc.constantFrom(null, 1000, 3469),
  winhttp: fc.constantFrom(undefined, '6.1.7601.17514', '6.1.7601.24000', '6.2.9200.25000', '10.0.19041.1'),
})

/** The export that the collector would write on such a machine. */
function exportText(machine: MadeUp, name = 'HOST'): string {
  const keys = new Map<string, Map<string, RegistryValue>>()
  const put = (key: string, value?: RegistryValue) => {
    if (!keys.has(key)) keys.set(key, new Map())
    if (value) keys.get(key)!.set(value.name.toLowerCase(), value)
  }
  const current = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'
  put(current, { name: 'CurrentBuildNumber', type: REG_SZ, data: String(machine.windows.builds[0]) })
  put(current, {
    name: 'InstallationType',
    type: REG_SZ,
    data: machine.windows.kind === 'server' ? 'Server' : 'Client',
  })
  if (machine.ubr !== null) put(current, { name: 'UBR', type: REG_DWORD, data: machine.ubr })
  put('SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment', {
    name: 'PROCESSOR_ARCHITECTURE',
    type: REG_SZ,
    data: machine.bits === 64 ? 'AMD64' : 'x86',
  })
  put('SOFTWARE\\Microsoft\\NET Framework Setup\\NDP')
  if (machine.release !== null)
    put('SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full', {
      name: 'Release',
      type: REG_DWORD,
      data: machine.release,
    })
  put('SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v3.5', {
    name: 'Install',
    type: REG_DWORD,
    data: machine.net35 ? 1 : 0,
  })
  put(protocols)
  for (const { key, value } of machine.places)
    if (machine.bits === 64 || !key.includes('Wow6432Node')) put(key, value)
  const lines = ['Windows Registry Editor Version 5.00', '', `; ${exportMark}`, `; fact name = ${name}`]
  if (machine.winhttp) lines.push(`; fact winhttp = ${machine.winhttp}`)
  for (const update of machine.updates) lines.push(`; fact update = ${update}`)
  for (const [key, values] of keys) {
    const path = key.startsWith('HKCU ') ? `HKEY_CURRENT_USER\\${key.slice(5)}` : `HKEY_LOCAL_MACHINE\\${key}`
    lines.push('', `[${path}]`, ...[...values.values()].map(formatValue))
  }
  lines.push('', `; ${exportEnd}`, '')
  return lines.join('\r\n')
}

export function hostOf(machine: MadeUp): HostExport {
  return readHostExport('host.reg', encodeRegFile(exportText(machine)))!
}

interface Planned {
  host: HostExport
  remedy: Remedy
}

const planned = new Map<string, Planned>()

/** The machine's export and the plan for it, made once for all properties whose seed is the same: these meet the same machines. */
export function planFor(machine: MadeUp, floor: Version, kinds?: readonly string[]): Planned {
  const key = JSON.stringify([machine, floor, kinds])
  const known = planned.get(key)
  if (known) return known
  const host = hostOf(machine)
  const made = { host, remedy: planRemedy(host, floor, kinds)! }
  planned.set(key, made)
  return made
}
