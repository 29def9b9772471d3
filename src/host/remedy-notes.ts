import type { Version } from '../model/version.ts'
import { versionName } from '../model/version.ts'
import type { Warning } from './answer.ts'
import type { HostExport } from './host-export.ts'
import { strongValue, systemDefaultValue } from './netfx-settings.ts'
import { readDword, shortPath } from './registry.ts'
import type { Change } from './remedy.ts'
import { fipsKey } from './schannel.ts'
import { isWindows7Family } from './windows.ts'
import type { WindowsHost } from './windows-host.ts'
import { winHttpValue } from './winhttp.ts'

/** When the changes take effect (4.3, 1.5). */
export function restartNotes(changes: readonly Change[]): string[] {
  const notes: string[] = []
  if (changes.some(change => change.name === winHttpValue))
    notes.push('restart the computer: WinHTTP reads its default then')
  if (changes.some(change => /\\SCHANNEL\\/i.test(change.key)))
    notes.push(
      'Schannel: new connections of programs started after the change; a restart of the computer is the safe way',
    )
  if (changes.some(change => /\\\.NETFramework\\/i.test(change.key)))
    notes.push('.NET Framework: restart the programs and services; the values are read once per process')
  if (changes.some(change => /^HKEY_(CURRENT_USER|USERS)\\/i.test(change.key)))
    notes.push('WinINet: per user; the value has to be written for each user who runs such programs')
  return notes
}

/** What an operator should know before running the plan. */
export function planWarnings(
  host: HostExport & { windows: WindowsHost },
  changes: readonly Change[],
  floor: Version,
): Warning[] {
  const warnings: Warning[] = []
  const names = new Set(changes.map(change => change.name))
  const { windows } = host
  if (names.has(strongValue))
    warnings.push({
      code: 'W-STRONG-CRYPTO',
      text: `${strongValue} also takes RC4, SSL 3.0 and other weak suites from .NET clients; very old partners may refuse`,
    })
  if (names.has(systemDefaultValue))
    warnings.push({
      code: 'W-FOLLOWS-SCHANNEL',
      text: `${systemDefaultValue} lets every .NET program follow Schannel: later hardening reaches them all`,
    })
  if (names.has(systemDefaultValue) && isWindows7Family(windows.windows))
    warnings.push({
      code: 'W-WIN7-TRAP',
      text: `on ${windows.windows.title} ${systemDefaultValue} without the Schannel keys of ${versionName(floor)} is worse than nothing: apply the whole plan`,
    })
  if (windows.osBits === 64 && changes.some(change => /\\Wow6432Node\\/i.test(change.key)))
    warnings.push({
      code: 'W-BOTH-VIEWS',
      text: '32-bit programs read Wow6432Node: run scripts in 64-bit PowerShell (in Intune the default is 32-bit)',
    })
  if (changes.some(change => /\\Policies\\/i.test(change.key)))
    warnings.push({
      code: 'W-GROUP-POLICY',
      text: 'a value under Policies is written again by the Group Policy that set it: change it there',
    })
  if (changes.length > 0)
    warnings.push({
      code: 'W-GPO-ORDER',
      text: 'a Group Policy that writes the same values wins at its next refresh; check with gpresult /h before and after',
    })
  if ((readDword(host.registry, fipsKey, 'Enabled') ?? 0) !== 0)
    warnings.push({
      code: 'W-FIPS',
      text: 'the FIPS policy is on and may bring TLS 1.0 back whatever the registry says',
    })
  for (const region of host.uncovered)
    if (changes.some(change => shortPath(change.key).toLowerCase().startsWith(region.toLowerCase())))
      warnings.push({
        code: 'W-NOT-IN-EXPORT',
        text: `the export does not show ${region}: what stands there is taken as absent; the scripts record the truth when they run, the .reg and .pol files cannot`,
      })
  return warnings
}
