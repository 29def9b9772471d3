[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls
[System.Net.ServicePointManager]::SecurityProtocol = 'tls12, tls11, tls'
[Net.ServicePointManager]::SecurityProtocol = "Tls,Ssl3"
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 768
[Net.ServicePointManager]::SecurityProtocol = @([Net.SecurityProtocolType]::Tls12, [Net.SecurityProtocolType]::Tls11)
[Net.ServicePointManager]::SecurityProtocol = [Enum]::ToObject([Net.SecurityProtocolType], 192)
[Net.ServicePointManager]::SecurityProtocol = [Enum]::ToObject([Net.SecurityProtocolType], 3072)
Invoke-WebRequest -Uri $u -SslProtocol Tls,Tls11
Invoke-RestMethod $u -SslProtocol Tls12
Set-AzStorageAccount -Name a -MinimumTlsVersion TLS1_0
Set-AzWebApp -Name a -MinTlsVersion 1.1
Set-AzSqlServer -MinimalTlsVersion "1.0"
New-AzRedisCache -MinimumTlsVersion 1.0
Set-AzApplicationGatewaySslPolicy -PolicyType Predefined -PolicyName AppGwSslPolicy20150501
Set-AzApplicationGatewaySslPolicy -PolicyType Custom -MinProtocolVersion TLSv1_1
New-Item 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server' -Force
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server' -Name 'Enabled' -Value 1 -PropertyType DWord
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server' -Name 'Enabled' -Value 0 -PropertyType DWord
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\.NETFramework\v4.0.30319' -Name SchUseStrongCrypto -Value 0
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\.NETFramework\v4.0.30319' -Name SchUseStrongCrypto -Value 1
if ([Net.ServicePointManager]::SecurityProtocol -eq [Net.SecurityProtocolType]::Tls) { exit }
if ([Net.ServicePointManager]::SecurityProtocol -notmatch 'Tls12') { }
Write-Host "Tls and Tls11 are off"
$AllProtocols = [System.Net.SecurityProtocolType]'Ssl3,Tls,Tls11,Tls12'
[System.Net.ServicePointManager]::SecurityProtocol = $AllProtocols
$p = [enum]::GetNames([Net.SecurityProtocolType]) | ? { $_ -ge 'Tls12' }
[Net.ServicePointManager]::SecurityProtocol = ([Net.SecurityProtocolType]::Tls -bor [Net.SecurityProtocolType]::Tls12)
$key = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols'
New-ItemProperty -Path "$key\TLS 1.1\Client" -Name DisabledByDefault -Value 0 -PropertyType DWord
reg add "HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\SSL 3.0\Client" /v Enabled /t REG_DWORD /d 1 /f
