$stream.AuthenticateAsClient($name, $null, 'Tls', $false)
$stream.AuthenticateAsClient($name, $null, 'Tls12', $false)
