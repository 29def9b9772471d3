[System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls11
[Net.ServicePointManager]::SecurityProtocol = "Tls, Tls11, Tls12"
[Net.ServicePointManager]::SecurityProtocol = "Tls12, Tls13"
[Net.ServicePointManager]::SecurityProtocol = 'Ssl3'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]'Tls,Tls11'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
[Net.ServicePointManager]::SecurityProtocol = @([Net.SecurityProtocolType]::Tls, [Net.SecurityProtocolType]::Tls12)
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12, [Net.SecurityProtocolType]::Tls11
[Net.ServicePointManager]::SecurityProtocol = 3072
[Net.ServicePointManager]::SecurityProtocol = 3072 -bor 768 -bor 192
[Net.ServicePointManager]::SecurityProtocol = [Enum]::ToObject([Net.SecurityProtocolType], 768)
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
[Net.ServicePointManager]::SecurityProtocol = ([Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls11)
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -band -bnot [Net.SecurityProtocolType]::Tls
if ([Net.ServicePointManager]::SecurityProtocol -eq [Net.SecurityProtocolType]::Tls) { Write-Host 'Tls' }
if ([Net.ServicePointManager]::SecurityProtocol -notcontains 'Tls12') { Write-Warning "Tls11 in use" }
$protocols = 'Tls', 'Tls11'
[Net.ServicePointManager]::SecurityProtocol = $protocols -join ','
$AllProtocols = [System.Net.SecurityProtocolType]'Ssl3,Tls,Tls11,Tls12'
[System.Net.ServicePointManager]::SecurityProtocol = $AllProtocols
Invoke-RestMethod -Uri $u -SslProtocol Tls,Tls11
Invoke-RestMethod -Uri $u -SslProtocol Tls12, Tls13
Invoke-WebRequest -Uri $u -SslProtocol 'Tls' -UseBasicParsing
$params = @{ Uri = $u; SslProtocol = 'Tls11' }
Write-Host "SecurityProtocol = Tls"
<# [Net.ServicePointManager]::SecurityProtocol = 'Tls' #>
Set-AzStorageAccount -Name x -MinimumTlsVersion TLS1_0
Set-AzStorageAccount -Name x -MinimumTlsVersion TLS1_2
Set-AzWebApp -Name y -MinTlsVersion 1.0
Set-AzWebApp -Name y -MinTlsVersion '1.2'
Set-AzSqlServer -ServerName s -MinimalTlsVersion "1.1"
New-AzRedisCache -MinimumTlsVersion "1.0"
New-AzApplicationGatewaySslPolicy -PolicyType Predefined -PolicyName AppGwSslPolicy20150501
New-AzApplicationGatewaySslPolicy -PolicyType Custom -MinProtocolVersion TLSv1_1 -CipherSuite "TLS_RSA_WITH_AES_128_CBC_SHA256"
New-AzApplicationGatewaySslPolicy -PolicyType Custom -MinProtocolVersion TLSv1_2
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client' -Name 'Enabled' -Value 1 -PropertyType 'DWord' -Force
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client' -Name 'DisabledByDefault' -Value 1 -PropertyType 'DWord' -Force
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client' -Name 'Enabled' -Value 0 -PropertyType 'DWord' -Force
New-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client' -Name 'Enabled' -Value 1 -PropertyType 'DWord' -Force
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Wow6432Node\Microsoft\.NetFramework\v4.0.30319' -Name 'SchUseStrongCrypto' -Value '0' -Type DWord
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\.NetFramework\v4.0.30319' -Name 'SchUseStrongCrypto' -Value '1' -Type DWord
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp' -Name 'DefaultSecureProtocols' -Value 0xA80
Set-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp' -Name 'DefaultSecureProtocols' -Value 0x800
Set-ItemProperty -Path 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Internet Settings' -Name SecureProtocols -Value 2688
reg add "HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.1\Server" /v Enabled /t REG_DWORD /d 1 /f
reg add "HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.1\Server" /v Enabled /t REG_DWORD /d 0 /f
curl.exe --tlsv1.0 https://x/
az storage account update --min-tls-version TLS1_0
az webapp config set --min-tls-version 1.2
