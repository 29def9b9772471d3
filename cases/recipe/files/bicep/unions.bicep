type settings = {
  minTlsVersion: ('1.0' | '1.1' | '1.2')?
  minimumTlsVersion: 'TLS10' | 'TLS12' | null
}
@allowed([
  'AppGwSslPolicy20150501'
  'AppGwSslPolicy20220101'
])
param sslPolicyName string = 'AppGwSslPolicy20150501'
resource r 'Microsoft.Web/sites@2023-01-01' = {
  properties: {
    minTlsVersion: '1.0'
  }
}
