import type { Format } from './format.ts'
import { applyScript, checkScript, checkUndoScript, undoScript } from './powershell.ts'

export const intune: Format = {
  id: 'intune',
  title: 'Intune remediation',
  use: 'Devices, Scripts and remediations: detect.ps1 and remediate.ps1 as one package, "Run script in 64-bit PowerShell" Yes (the scripts see to it if it is No), not with the credentials of the user. undo-detect.ps1 and undo-remediate.ps1 are the package that takes it back: withdraw the first one before.',
  write: remedy => [
    {
      path: 'detect.ps1',
      // Exit 1 means "found a problem", and only then the remediation runs; output is cut after 2048 characters.
      content: checkScript(
        remedy,
        ["Write-Output 'tlsunset: as planned'", 'exit 0'],
        ['Write-Output ("tlsunset: to be set: " + [string]::Join(", ", $wrong))', 'exit 1'],
      ),
    },
    { path: 'remediate.ps1', content: applyScript(remedy) },
    {
      path: 'undo-detect.ps1',
      content: checkUndoScript(
        remedy,
        ["Write-Output 'tlsunset: taken back'", 'exit 0'],
        ["Write-Output 'tlsunset: to be taken back'", 'exit 1'],
      ),
    },
    { path: 'undo-remediate.ps1', content: undoScript(remedy) },
  ],
}
