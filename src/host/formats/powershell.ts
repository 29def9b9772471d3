import { createHash } from 'node:crypto'
import { versionName } from '../../model/version.ts'
import { REG_DWORD } from '../registry.ts'
import type { Change, Remedy } from '../remedy.ts'
import { type Format, headline, splitHive } from './format.ts'

export const powershell: Format = {
  id: 'powershell',
  title: 'PowerShell 2.0 scripts',
  use: 'powershell -NoProfile -ExecutionPolicy Bypass -File apply.ps1 as administrator; undo.ps1 takes it back on every host where apply.ps1 ran.',
  write: remedy => [
    { path: 'apply.ps1', content: applyScript(remedy) },
    { path: 'undo.ps1', content: undoScript(remedy) },
  ],
}

/** Records what stands in every place under its own key of the registry, once, and then writes. */
export function applyScript(remedy: Remedy): string {
  return script(remedy, `brings the host to ${versionName(remedy.floor)}`, [
    ...recordBody,
    ...writeBody,
    "Write-Output 'tlsunset: applied'",
    'exit 0',
  ])
}

export function undoScript(remedy: Remedy): string {
  return script(remedy, `takes back what brought the host to ${versionName(remedy.floor)}`, undoBody)
}

/** Says whether every value is as the plan wants it: `whenGood` and `whenBad` are the lines for either answer. */
export function checkScript(remedy: Remedy, whenGood: readonly string[], whenBad: readonly string[]): string {
  return script(remedy, `checks for what brings the host to ${versionName(remedy.floor)}`, [
    ...checkBody,
    'if ($wrong.Count -eq 0) {',
    ...whenGood.map(indent),
    '}',
    ...whenBad,
  ])
}

/** Says whether the plan has been taken back: its record is gone then. */
export function checkUndoScript(
  remedy: Remedy,
  whenGood: readonly string[],
  whenBad: readonly string[],
): string {
  return script(remedy, 'checks whether the plan is taken back', [
    '$record = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($plan)',
    'if ($record -eq $null) {',
    ...whenGood.map(indent),
    '}',
    ...whenBad,
  ])
}

function indent(line: string): string {
  return line === '' ? '' : `    ${line}`
}

/** Everything that the scripts of one plan share; the id ties the undo to the record of its apply. */
function script(remedy: Remedy, what: string, body: readonly string[]): string {
  const lines = [
    ...headline(remedy, what).map(line => `# ${ascii(line)}`),
    '# Windows PowerShell 2.0 or newer, as administrator. A 32-bit PowerShell starts the 64-bit one, which sees both views.',
    "$ErrorActionPreference = 'Stop'",
    ...relaunchBody,
    `$plan = 'SOFTWARE\\tlsunset\\${planId(remedy)}'`,
    '$values = @(',
    remedy.changes.map(change => `    ${entry(change)}`).join(',\n'),
    ')',
    '$ownKeys = @(',
    ownKeys(remedy)
      .map(key => `    ${literal(key)}`)
      .join(',\n'),
    ')',
    '',
    ...hiveBody,
    '',
    ...body,
    '',
  ]
  return lines.join('\r\n').replace(/([^\r])\n/g, '$1\r\n')
}

/** Same for the same values on any host, so that one undo serves a fleet. */
export function planId(remedy: Remedy): string {
  const text = remedy.changes.map(entry).join('\n')
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function entry({ key, to }: Change): string {
  const { hive, path } = splitHive(key)
  const hiveName = { HKEY_CURRENT_USER: 'CurrentUser', HKEY_USERS: 'Users' }[hive] ?? 'LocalMachine'
  const data = to.type === REG_DWORD ? String((to.data as number) | 0) : literal(String(to.data))
  const kind = to.type === REG_DWORD ? 'DWord' : 'String'
  return `@{ Hive = '${hiveName}'; Key = ${literal(path)}; Name = ${literal(to.name)}; Kind = '${kind}'; Data = ${data} }`
}

/** Keys below HKEY_LOCAL_MACHINE that the undo may delete when the plan made them and nothing else is in them, the deepest first. */
function ownKeys({ changes }: Remedy): string[] {
  const paths = changes.flatMap(({ key }) => {
    const { hive, path } = splitHive(key)
    if (hive !== 'HKEY_LOCAL_MACHINE') return []
    const isRole = /\\SCHANNEL\\Protocols\\[^\\]+\\(Client|Server)$/i.test(path)
    if (isRole) return [path, path.slice(0, path.lastIndexOf('\\'))]
    return /\\Internet Settings\\WinHttp$/i.test(path) ? [path] : []
  })
  return [...new Set(paths)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
}

/** A quoted PowerShell string in plain ASCII: without a byte order mark the script is read in the code page of the machine. */
export function literal(text: string): string {
  const parts = (text.match(/[\x20-\x7e]+|[^\x20-\x7e]/g) ?? ['']).map(part =>
    /^[\x20-\x7e]*$/.test(part)
      ? `'${part.replaceAll("'", "''")}'`
      : `[char]0x${part.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  if (parts.length === 1 && parts[0]!.startsWith("'")) return parts[0]!
  return `('' + ${parts.join(' + ')})`
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}

const relaunchBody = [
  'if ([IntPtr]::Size -eq 4 -and $env:PROCESSOR_ARCHITEW6432) {',
  '    $self = $MyInvocation.MyCommand.Path',
  "    if (-not $self) { Write-Output 'tlsunset: run this in 64-bit PowerShell'; exit 3 }",
  '    & "$env:windir\\sysnative\\WindowsPowerShell\\v1.0\\powershell.exe" -NoProfile -ExecutionPolicy Bypass -File $self',
  '    exit $LASTEXITCODE',
  '}',
]

const hiveBody = [
  'function Open-Hive([string]$name) {',
  "    if ($name -eq 'CurrentUser') { return [Microsoft.Win32.Registry]::CurrentUser }",
  "    if ($name -eq 'Users') { return [Microsoft.Win32.Registry]::Users }",
  '    return [Microsoft.Win32.Registry]::LocalMachine',
  '}',
  'function Test-Value($key, [string]$name) {',
  '    return ($key -ne $null) -and (@($key.GetValueNames()) -contains $name)',
  '}',
]

// What stood there is kept as registry values of its own type, under a key that only administrators write.
const recordBody = [
  '$record = [Microsoft.Win32.Registry]::LocalMachine.CreateSubKey($plan)',
  "if ($record.GetValue('complete') -eq $null) {",
  '    for ($i = 0; $i -lt $values.Count; $i++) {',
  '        $value = $values[$i]',
  '        $key = (Open-Hive $value.Hive).OpenSubKey($value.Key)',
  '        if (Test-Value $key $value.Name) {',
  '            $kind = $key.GetValueKind($value.Name)',
  "            $data = $key.GetValue($value.Name, $null, 'DoNotExpandEnvironmentNames')",
  '            $record.SetValue("data $i", $data, $kind)',
  '        }',
  '        if ($key -ne $null) { $key.Close() }',
  '    }',
  '    foreach ($path in $ownKeys) {',
  '        $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($path)',
  '        if ($key -eq $null) { $record.SetValue("made $path", 1) } else { $key.Close() }',
  '    }',
  "    $record.SetValue('complete', 1)",
  '}',
  '$record.Close()',
]

const writeBody = [
  'foreach ($value in $values) {',
  '    $key = (Open-Hive $value.Hive).CreateSubKey($value.Key)',
  "    if ($value.Kind -eq 'DWord') {",
  '        $key.SetValue($value.Name, [int]$value.Data, [Microsoft.Win32.RegistryValueKind]::DWord)',
  '    } else {',
  '        $key.SetValue($value.Name, [string]$value.Data, [Microsoft.Win32.RegistryValueKind]::String)',
  '    }',
  '    $key.Close()',
  '}',
]

const undoBody = [
  '$record = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($plan, $true)',
  "if ($record -eq $null -or $record.GetValue('complete') -eq $null) {",
  "    Write-Output 'tlsunset: nothing to take back: the plan was not applied here by its script'",
  '    exit 0',
  '}',
  'for ($i = 0; $i -lt $values.Count; $i++) {',
  '    $value = $values[$i]',
  '    $key = (Open-Hive $value.Hive).OpenSubKey($value.Key, $true)',
  '    if (Test-Value $record "data $i") {',
  '        if ($key -eq $null) { $key = (Open-Hive $value.Hive).CreateSubKey($value.Key) }',
  '        $kind = $record.GetValueKind("data $i")',
  '        $data = $record.GetValue("data $i", $null, \'DoNotExpandEnvironmentNames\')',
  '        $key.SetValue($value.Name, $data, $kind)',
  '    } elseif ($key -ne $null) {',
  '        $key.DeleteValue($value.Name, $false)',
  '    }',
  '    if ($key -ne $null) { $key.Close() }',
  '}',
  'foreach ($path in $ownKeys) {',
  '    if (-not (Test-Value $record "made $path")) { continue }',
  '    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($path)',
  '    if ($key -eq $null) { continue }',
  '    $isEmpty = ($key.ValueCount -eq 0) -and ($key.SubKeyCount -eq 0)',
  '    $key.Close()',
  '    if ($isEmpty) { [Microsoft.Win32.Registry]::LocalMachine.DeleteSubKey($path) }',
  '}',
  '$record.Close()',
  '[Microsoft.Win32.Registry]::LocalMachine.DeleteSubKey($plan)',
  "$parent = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('SOFTWARE\\tlsunset')",
  '$isEmpty = ($parent -ne $null) -and ($parent.ValueCount -eq 0) -and ($parent.SubKeyCount -eq 0)',
  'if ($parent -ne $null) { $parent.Close() }',
  "if ($isEmpty) { [Microsoft.Win32.Registry]::LocalMachine.DeleteSubKey('SOFTWARE\\tlsunset') }",
  "Write-Output 'tlsunset: taken back'",
  'exit 0',
]

const checkBody = [
  '$wrong = @()',
  'foreach ($value in $values) {',
  '    $key = (Open-Hive $value.Hive).OpenSubKey($value.Key)',
  '    $isRight = (Test-Value $key $value.Name) -and ([string]$key.GetValueKind($value.Name) -eq $value.Kind) -and ($key.GetValue($value.Name) -eq $value.Data)',
  '    if (-not $isRight) { $wrong += $value.Name }',
  '    if ($key -ne $null) { $key.Close() }',
  '}',
]
