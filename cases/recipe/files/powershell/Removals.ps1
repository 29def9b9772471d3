[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -band (-bnot ([Net.SecurityProtocolType]::Ssl3 -bor [Net.SecurityProtocolType]::Tls))
$everything = [System.Net.SecurityProtocolType]'Ssl3,Tls,Tls11,Tls12'
$modern = [System.Net.SecurityProtocolType]'Tls12,Tls13'
$stream.AuthenticateAsClient($name, $null, 'Tls', $false)
$stream.AuthenticateAsClient($name, $null, 'Tls12', $false)
[ValidateSet('Tls','Tls11','Tls12')][string]$SslProtocol = 'Tls'
[ValidateSet('Tls','Tls11','Tls12')][string]$Wanted = 'Tls12'
