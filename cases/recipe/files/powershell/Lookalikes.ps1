# [Net.ServicePointManager]::SecurityProtocol = 'Tls'
<# SecurityProtocolType::Tls11 #>
Write-Warning "SecurityProtocolType Tls is old"
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server' -Name 'Enabled' -Value '0'
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server' -Name 'DisabledByDefault' -Value 1
Disable-TlsVersion 'TLS 1.0'
foreach ($p in 'SSL 2.0','SSL 3.0','TLS 1.0') { Disable-Protocol $p }
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
[Net.ServicePointManager]::SecurityProtocol += 'Tls12'
if ([Net.ServicePointManager]::SecurityProtocol -match 'Tls11') { }
[ValidateSet('Tls','Tls11','Tls12')] [string] $Protocol = 'Tls12'
$weak = @('Tls', 'Tls11')
Set-AzStorageAccount -MinimumTlsVersion TLS1_2
[Net.ServicePointManager]::SecurityProtocol = 3072
