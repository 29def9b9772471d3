# tlsunset host collect: writes what decides this machine's TLS versions into one file. Reads only; needs no rights beyond a user's.
# Windows PowerShell 2.0 or newer, Windows 7 to Server 2025:
#   powershell -NoProfile -ExecutionPolicy Bypass -File collect.ps1
# Of configuration files only the elements about TLS are taken, never connection strings or keys.
param([string]$Out)
$ErrorActionPreference = 'Stop'

if ([IntPtr]::Size -eq 4 -and $env:PROCESSOR_ARCHITEW6432) {
    $self = $MyInvocation.MyCommand.Path
    if (-not $self) { Write-Output 'tlsunset: save this script to a file and run it from there'; exit 3 }
    if (-not $Out) { $Out = '' }
    & "$env:windir\sysnative\WindowsPowerShell\v1.0\powershell.exe" -NoProfile -ExecutionPolicy Bypass -File $self $Out
    exit $LASTEXITCODE
}
if (-not $Out) { $Out = Join-Path (Get-Location).Path ('tlsunset-host-' + $env:COMPUTERNAME + '.reg') }

$lines = New-Object System.Collections.ArrayList
function Add-Line([string]$text) { [void]$lines.Add($text) }
function Add-Fact([string]$name, [string]$value) { Add-Line ('; fact ' + $name + ' = ' + ($value -replace '[\r\n]', ' ')) }

function Format-Bytes([byte[]]$bytes) {
    if ($bytes -eq $null -or $bytes.Length -eq 0) { return '' }
    return [BitConverter]::ToString($bytes).Replace('-', ',').ToLower()
}
function Format-Text([string]$text) { return '"' + $text.Replace('\', '\\').Replace('"', '\"') + '"' }
function Format-Value($key, [string]$name) {
    $kind = [string]$key.GetValueKind($name)
    $data = $key.GetValue($name, $null, 'DoNotExpandEnvironmentNames')
    $left = '@'
    if ($name -ne '') { $left = Format-Text $name }
    if ($kind -eq 'DWord') { return $left + '=dword:' + ('{0:x8}' -f $data) }
    if ($kind -eq 'String' -and $data -notmatch '[\r\n]') { return $left + '=' + (Format-Text $data) }
    if ($kind -eq 'String') { return $left + '=hex(1):' + (Format-Bytes ([Text.Encoding]::Unicode.GetBytes($data + [char]0))) }
    if ($kind -eq 'ExpandString') { return $left + '=hex(2):' + (Format-Bytes ([Text.Encoding]::Unicode.GetBytes($data + [char]0))) }
    if ($kind -eq 'MultiString') {
        $joined = [string]::Join([string][char]0, [string[]]$data) + [char]0 + [char]0
        return $left + '=hex(7):' + (Format-Bytes ([Text.Encoding]::Unicode.GetBytes($joined)))
    }
    if ($kind -eq 'QWord') { return $left + '=hex(b):' + (Format-Bytes ([BitConverter]::GetBytes([long]$data))) }
    if ($kind -eq 'Binary') { return $left + '=hex:' + (Format-Bytes $data) }
    return $left + '=hex(0):'
}

# Names: the values to take, $null for all. Deep: the keys below as well.
function Add-Key([string]$hive, [string]$path, $names, [bool]$deep) {
    $root = [Microsoft.Win32.Registry]::LocalMachine
    if ($hive -eq 'HKEY_CURRENT_USER') { $root = [Microsoft.Win32.Registry]::CurrentUser }
    if ($hive -eq 'HKEY_USERS') { $root = [Microsoft.Win32.Registry]::Users }
    $key = $null
    try { $key = $root.OpenSubKey($path) } catch { Add-Line ('; cannot read ' + $hive + '\' + $path) }
    if ($key -eq $null) { return }
    Add-Line ''
    Add-Line ('[' + $hive + '\' + $path + ']')
    foreach ($name in @($key.GetValueNames())) {
        if ($names -eq $null -or $names -contains $name) { Add-Line (Format-Value $key $name) }
    }
    if ($deep) { foreach ($below in @($key.GetSubKeyNames())) { Add-Key $hive ($path + '\' + $below) $names $true } }
    $key.Close()
}

function Get-Rows([string]$class) {
    if (Get-Command Get-WmiObject -ErrorAction SilentlyContinue) { return Get-WmiObject $class -ErrorAction SilentlyContinue }
    return Get-CimInstance -ClassName $class -ErrorAction SilentlyContinue
}

Add-Line 'Windows Registry Editor Version 5.00'
Add-Line ''
Add-Line '; tlsunset host export 1'
Add-Fact 'name' $env:COMPUTERNAME
Add-Fact 'collected' ([DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ'))
Add-Fact 'updates' 'listed'
foreach ($row in @(Get-Rows 'Win32_QuickFixEngineering')) {
    if ($row -ne $null -and $row.HotFixID -match '^KB\d+$') { Add-Fact 'update' $row.HotFixID }
}

$file = "$env:windir\System32\winhttp.dll"
if (Test-Path $file) {
    $about = (Get-Item $file).VersionInfo
    Add-Fact 'winhttp' ('{0}.{1}.{2}.{3}' -f $about.FileMajorPart, $about.FileMinorPart, $about.FileBuildPart, $about.FilePrivatePart)
}

$bits = [IntPtr]::Size * 8
Add-Fact 'powershell' ([string]$PSVersionTable.PSVersion + ' ' + $bits + ' ' + [Net.ServicePointManager]::SecurityProtocol)
$other = "$env:windir\syswow64\WindowsPowerShell\v1.0\powershell.exe"
if ($bits -eq 64 -and (Test-Path $other)) {
    $answer = & $other -NoProfile -Command '[string]$PSVersionTable.PSVersion + '' 32 '' + [Net.ServicePointManager]::SecurityProtocol'
    Add-Fact 'powershell' ([string]$answer)
}

foreach ($place in @(@{ Folder = $env:ProgramFiles; Bits = $bits }, @{ Folder = ${env:ProgramFiles(x86)}; Bits = 32 })) {
    if (-not $place.Folder) { continue }
    $shared = Join-Path $place.Folder 'dotnet\shared\Microsoft.NETCore.App'
    if (-not (Test-Path $shared)) { continue }
    foreach ($folder in @(Get-ChildItem $shared)) { Add-Fact 'dotnet' ($folder.Name + ' ' + $place.Bits) }
}

# Programs: services and what runs now, outside of Windows itself.
$programs = @{}
foreach ($row in @(Get-Rows 'Win32_Service') + @(Get-Rows 'Win32_Process')) {
    if ($row -eq $null) { continue }
    $path = $row.PathName
    if (-not $path) { $path = $row.ExecutablePath }
    if (-not $path) { continue }
    if ($path -match '^"([^"]+)"') { $path = $matches[1] } elseif ($path -match '^(.+?\.exe)') { $path = $matches[1] }
    if ($path -like "$env:windir\*") { continue }
    if ((Test-Path -LiteralPath $path) -and $programs.Count -lt 300) { $programs[$path.ToLower()] = $path }
}
$configs = @{}
foreach ($path in @($programs.Values | Sort-Object)) {
    try {
        $file = Get-Item -LiteralPath $path
        if ($file.Length -gt 20971520) { continue }
        $text = [Text.Encoding]::GetEncoding(28591).GetString([IO.File]::ReadAllBytes($path))
        if ($text -notmatch '_CorExeMain') { continue }
        $target = '-'
        if ($text -match '\.NETFramework,Version=v([0-9.]+)') { $target = $matches[1] }
        $size = '-'
        try {
            $kind = [string][Reflection.AssemblyName]::GetAssemblyName($path).ProcessorArchitecture
            if ($kind -eq 'X86') { $size = '32' }
            if ($kind -eq 'Amd64' -or $kind -eq 'MSIL') { $size = [string]$bits }
        } catch { $size = '-' }
        Add-Fact 'app' ($size + ' ' + $target + ' ' + $path)
        $configs[$path + '.config'] = $true
    } catch { Add-Line ('; cannot read ' + $path) }
}

# Web applications by the list of IIS, and the files that hold for all programs of a runtime.
$iis = "$env:windir\System32\inetsrv\config\applicationHost.config"
try {
    if (Test-Path $iis) {
        foreach ($node in ([xml](Get-Content $iis)).SelectNodes('//virtualDirectory[@physicalPath]')) {
            $folder = [Environment]::ExpandEnvironmentVariables($node.GetAttribute('physicalPath'))
            $configs[(Join-Path $folder 'web.config')] = $true
        }
    }
} catch { Add-Line ('; cannot read ' + $iis) }
foreach ($version in 'v2.0.50727', 'v4.0.30319') {
    foreach ($folder in 'Framework', 'Framework64') {
        $configs["$env:windir\Microsoft.NET\$folder\$version\Config\machine.config"] = $true
    }
}
$about = "//*[local-name()='startup' or local-name()='AppContextSwitchOverrides' or local-name()='httpRuntime'" +
    " or local-name()='netTcpBinding' or local-name()='sslStreamSecurity']"
foreach ($path in @($configs.Keys | Sort-Object)) {
    try {
        if (-not (Test-Path -LiteralPath $path)) { continue }
        $document = New-Object System.Xml.XmlDocument
        $document.Load($path)
        Add-Line ('; config ' + $path)
        foreach ($node in $document.SelectNodes($about)) {
            foreach ($part in ($node.OuterXml -split '\r?\n')) { Add-Line (';| ' + $part) }
        }
    } catch { Add-Line ('; cannot read ' + $path) }
}

$machine = 'HKEY_LOCAL_MACHINE'
$control = 'SYSTEM\CurrentControlSet\Control'
Add-Key $machine 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' @('CurrentBuildNumber', 'CurrentBuild', 'UBR', 'DisplayVersion', 'ReleaseId', 'InstallationType', 'ProductName', 'CSDVersion') $false
Add-Key $machine "$control\Session Manager\Environment" @('PROCESSOR_ARCHITECTURE') $false
Add-Key $machine "$control\SecurityProviders\SCHANNEL" $null $true
Add-Key $machine "$control\Lsa\FipsAlgorithmPolicy" $null $false
foreach ($root in 'SOFTWARE', 'SOFTWARE\Wow6432Node') {
    Add-Key $machine "$root\Microsoft\Windows\CurrentVersion\Internet Settings" @('SecureProtocols') $false
    Add-Key $machine "$root\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp" @('DefaultSecureProtocols') $false
    Add-Key $machine "$root\Microsoft\.NETFramework" @('SchUseStrongCrypto', 'SystemDefaultTlsVersions') $false
    Add-Key $machine "$root\Microsoft\.NETFramework\AppContext" $null $false
    foreach ($version in 'v2.0.50727', 'v4.0.30319') {
        Add-Key $machine "$root\Microsoft\.NETFramework\$version" @('SchUseStrongCrypto', 'SystemDefaultTlsVersions') $false
        foreach ($name in 'SystemDefaultTlsVersions', 'SecurityProtocol') {
            Add-Key $machine "$root\Microsoft\.NETFramework\$version\System.Net.ServicePointManager.$name" $null $false
        }
    }
}
Add-Key $machine 'SOFTWARE\Microsoft\NET Framework Setup\NDP' @('none') $false
Add-Key $machine 'SOFTWARE\Microsoft\NET Framework Setup\NDP\v3.5' @('Install', 'Version', 'SP') $false
Add-Key $machine 'SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' @('Install', 'Version', 'Release') $false
$policy = 'SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings'
$choice = 'Software\Microsoft\Windows\CurrentVersion\Internet Settings'
Add-Key $machine $policy @('SecureProtocols') $false
Add-Key 'HKEY_CURRENT_USER' $policy @('SecureProtocols') $false
Add-Key 'HKEY_CURRENT_USER' $choice @('SecureProtocols') $false
foreach ($user in 'S-1-5-18', 'S-1-5-19', 'S-1-5-20') { Add-Key 'HKEY_USERS' "$user\$choice" @('SecureProtocols') $false }

Add-Line ''
Add-Line '; end of tlsunset host export'
[IO.File]::WriteAllText($Out, [string]::Join("`r`n", [string[]]$lines.ToArray()) + "`r`n", [Text.Encoding]::Unicode)
Write-Output ('tlsunset: ' + $Out)
