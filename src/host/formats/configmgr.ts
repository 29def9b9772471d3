import { versionName } from '../../model/version.ts'
import type { Remedy } from '../remedy.ts'
import type { Format } from './format.ts'
import { applyScript, checkScript, checkUndoScript, literal, planId, undoScript } from './powershell.ts'

export const configmgr: Format = {
  id: 'configmgr',
  title: 'Configuration Manager configuration item',
  use: 'create-ci.ps1 on a site server with the console, then add the item to a baseline and deploy it with "Remediate noncompliant rules when supported". create-undo-ci.ps1 makes the item that takes it back: remove the first deployment before.',
  write: remedy => [
    { path: 'discover.ps1', content: checkScript(remedy, good, bad) },
    { path: 'remediate.ps1', content: applyScript(remedy) },
    { path: 'create-ci.ps1', content: createScript(remedy, '', 'discover.ps1', 'remediate.ps1') },
    { path: 'undo-discover.ps1', content: checkUndoScript(remedy, good, bad) },
    { path: 'undo-remediate.ps1', content: undoScript(remedy) },
    {
      path: 'create-undo-ci.ps1',
      content: createScript(remedy, ' (undo)', 'undo-discover.ps1', 'undo-remediate.ps1'),
    },
  ],
}

// A discovery script answers with one value, which the rule compares.
const good = ["Write-Output 'Compliant'", 'exit 0']
const bad = ["Write-Output 'NonCompliant'"]

/** Cmdlets of the ConfigurationManager module: New-CMConfigurationItem, Add-CMComplianceSettingScript (its documentation, read 2025-10). */
function createScript(remedy: Remedy, suffix: string, discovery: string, remediation: string): string {
  const name = `TLS floor ${versionName(remedy.floor)}, plan ${planId(remedy)}${suffix}`
  return [
    '# tlsunset: makes a configuration item of type "Windows Desktops and Servers (custom)" with a script setting.',
    "# Run it with the Configuration Manager console's PowerShell, on the site drive: Set-Location XYZ:",
    "$ErrorActionPreference = 'Stop'",
    '$folder = Split-Path -Parent $MyInvocation.MyCommand.Path',
    `$discovery = [IO.File]::ReadAllText((Join-Path $folder ${literal(discovery)}))`,
    `$remediation = [IO.File]::ReadAllText((Join-Path $folder ${literal(remediation)}))`,
    `$item = New-CMConfigurationItem -Name ${literal(name)} -CreationType WindowsOS`,
    `$setting = @{`,
    '    InputObject = $item',
    `    Name = ${literal(name)}`,
    "    DataType = 'String'",
    "    DiscoveryScriptLanguage = 'PowerShell'",
    '    DiscoveryScriptText = $discovery',
    "    RemediationScriptLanguage = 'PowerShell'",
    '    RemediationScriptText = $remediation',
    '    Is64Bit = $true',
    '    ValueRule = $true',
    "    RuleName = 'is as planned'",
    "    ExpressionOperator = 'IsEquals'",
    "    ExpectedValue = 'Compliant'",
    '    Remediate = $true',
    '    ReportNoncompliance = $true',
    "    NoncomplianceSeverity = 'Warning'",
    '}',
    'Add-CMComplianceSettingScript @setting | Out-Null',
    `Write-Output ${literal(`made: ${name}`)}`,
    '',
  ].join('\r\n')
}
