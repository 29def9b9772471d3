$base = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols'
New-ItemProperty -Path "$base\TLS 1.0\Server" -Name 'Enabled' -Value 1 -PropertyType DWord
Set-ItemProperty -Path (Join-Path $base 'TLS 1.1\Client') -Name Enabled -Value 1
Set-ItemProperty -Path "$base\TLS 1.0\Client" -Name Enabled -Value 0
