param minTls string = 'TLS1_0'
resource sa 'Microsoft.Storage/storageAccounts@2022-09-01' = {
  properties: {
    minimumTlsVersion: 'TLS1_1'
  }
}
resource web 'Microsoft.Web/sites@2022-03-01' = {
  properties: { siteConfig: { minTlsVersion: '1.0' } }
}
resource sql 'Microsoft.Sql/servers@2022-05-01-preview' = {
  properties: { minimalTlsVersion: '1.2' }
}
resource gw 'Microsoft.Network/applicationGateways@2022-05-01' = {
  properties: { sslPolicy: { policyName: 'AppGwSslPolicy20150501' } }
}
