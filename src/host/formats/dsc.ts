import { hexOf } from '../../base/bytes.ts'
import { versionName } from '../../model/version.ts'
import { plainData, type RegistryValue } from '../registry.ts'
import type { Remedy } from '../remedy.ts'
import { type Format, headline } from './format.ts'
import { literal } from './powershell.ts'

export const dsc: Format = {
  id: 'dsc',
  title: 'PowerShell DSC',
  use: '. ./apply.ps1; TlsFloor -OutputPath mof; Start-DscConfiguration -Path mof -Wait (Windows PowerShell 4.0 or newer); undo.ps1 is the configuration that takes it back. Made for hosts that are alike.',
  write: remedy => [
    {
      path: 'apply.ps1',
      content: configuration(
        remedy,
        'TlsFloor',
        `brings the host to ${versionName(remedy.floor)}`,
        remedy.changes.map(({ key, to }) => present(key, to)),
      ),
    },
    {
      path: 'undo.ps1',
      content: configuration(
        remedy,
        'TlsFloorUndo',
        `takes back what brought the host to ${versionName(remedy.floor)}`,
        [
          ...remedy.changes.map(({ key, name, before }) =>
            before
              ? present(key, before)
              : ["Ensure = 'Absent'", `Key = ${literal(key)}`, `ValueName = ${literal(name)}`],
          ),
          ...remedy.createdKeys.map(key => [
            "Ensure = 'Absent'",
            `Key = ${literal(key)}`,
            "ValueName = ''",
            'Force = $true',
          ]),
        ],
      ),
    },
  ],
}

const typeNames: Record<number, string> = {
  1: 'String',
  2: 'ExpandString',
  3: 'Binary',
  4: 'Dword',
  7: 'MultiString',
  11: 'Qword',
}

function present(key: string, value: RegistryValue): string[] {
  const plain = plainData(value)
  const isBytes = plain instanceof Uint8Array
  const items = isBytes ? [hexOf(plain)] : Array.isArray(plain) ? plain : [String(plain)]
  return [
    "Ensure = 'Present'",
    `Key = ${literal(key)}`,
    `ValueName = ${literal(value.name)}`,
    `ValueType = ${literal(isBytes ? 'Binary' : (typeNames[value.type] ?? 'Binary'))}`,
    `ValueData = @(${items.map(literal).join(', ')})`,
    'Force = $true',
  ]
}

function configuration(remedy: Remedy, name: string, what: string, resources: readonly string[][]): string {
  const blocks = resources.map((lines, at) =>
    [`        Registry 'Value${at + 1}' {`, ...lines.map(line => `            ${line}`), '        }'].join(
      '\r\n',
    ),
  )
  return [
    ...headline(remedy, what).map(line => `# ${line}`),
    `Configuration ${name} {`,
    '    Import-DscResource -ModuleName PSDesiredStateConfiguration',
    "    Node 'localhost' {",
    ...blocks,
    '    }',
    '}',
    '',
  ].join('\r\n')
}
