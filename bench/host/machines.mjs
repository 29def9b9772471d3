// Made-up exports of a fleet, the same for the same count: systems, values and programs in the mix of an old company.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const systems = [
  ['7601', 'Client', null, 378389],
  ['7601', 'Server', null, 528049],
  ['9600', 'Server', null, 379893],
  ['14393', 'Server', 5000, 394802],
  ['17763', 'Server', 3650, 528049],
  ['17763', 'Server', 3000, 461814],
  ['19045', 'Client', 4000, 528372],
  ['20348', 'Server', 2000, 528449],
  ['22631', 'Client', 3000, 533320],
  ['26100', 'Server', 1000, 533509],
]
const masks = [0xa0, 0xa00, 0xaa0, 0x800, 0x2800]
const schannel = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL'

/** Writes `count` exports as UTF-16, each hundredth of them with a broken line; answers their size in bytes. */
export function writeFleet(folder, count) {
  let state = 12345
  const next = below => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % below
  }
  const dword = value => `dword:${value.toString(16).padStart(8, '0')}`
  let bytes = 0
  mkdirSync(folder, { recursive: true })
  for (let at = 0; at < count; at++) {
    const [build, type, ubr, release] = systems[next(systems.length)]
    const name = `HOST${String(at).padStart(5, '0')}`
    const lines = [
      'Windows Registry Editor Version 5.00',
      '; tlsunset host export 1',
      `; fact name = ${name}`,
      '; fact updates = listed',
    ]
    for (let kb = 0; kb < 60; kb++) lines.push(`; fact update = KB${4000000 + next(1000000)}`)
    if (next(3) === 0) lines.push('; fact update = KB3140245')
    const key = path => lines.push('', `[${path}]`)
    key('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion')
    lines.push(`"CurrentBuildNumber"="${build}"`, `"InstallationType"="${type}"`)
    if (ubr) lines.push(`"UBR"=${dword(ubr)}`)
    key('HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment')
    lines.push('"PROCESSOR_ARCHITECTURE"="AMD64"')
    key(schannel)
    lines.push('"EventLogging"=dword:00000001')
    for (const cipher of ['AES 128/128', 'AES 256/256', 'RC4 128/128', 'Triple DES 168', 'NULL']) {
      key(`${schannel}\\Ciphers\\${cipher}`)
      lines.push(`"Enabled"=${dword(next(2) ? 0xffffffff : 0)}`)
    }
    for (const version of ['SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2'])
      for (const role of ['Client', 'Server']) {
        if (next(3)) continue
        key(`${schannel}\\Protocols\\${version}\\${role}`)
        lines.push(`"Enabled"=${dword(next(2))}`, `"DisabledByDefault"=${dword(next(2))}`)
      }
    for (const root of ['SOFTWARE', 'SOFTWARE\\Wow6432Node']) {
      key(`HKEY_LOCAL_MACHINE\\${root}\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\WinHttp`)
      if (next(3) === 0) lines.push(`"DefaultSecureProtocols"=${dword(masks[next(masks.length)])}`)
      for (const clr of ['v2.0.50727', 'v4.0.30319']) {
        key(`HKEY_LOCAL_MACHINE\\${root}\\Microsoft\\.NETFramework\\${clr}`)
        if (next(3) === 0) lines.push('"SchUseStrongCrypto"=dword:00000001')
        if (next(3) === 0) lines.push('"SystemDefaultTlsVersions"=dword:00000001')
      }
    }
    key('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full')
    lines.push(`"Release"=${dword(release)}`)
    if (at % 100 === 99) lines.push('"Broken"=dword:nonsense')
    lines.push('', '; end of tlsunset host export', '')
    const content = Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le')
    bytes += content.length
    writeFileSync(join(folder, `${name}.reg`), content)
  }
  return bytes
}
