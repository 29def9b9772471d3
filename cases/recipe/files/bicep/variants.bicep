param minTls string = 'TLS1_0'
@allowed(['TLS1_0', 'TLS1_1', 'TLS1_2'])
param other string = 'TLS1_2'
resource a 'Microsoft.Storage/storageAccounts@2022-09-01' = {
  name: 'x'
  properties: {
    minimumTlsVersion: 'TLS1_1'
    supportsHttpsTrafficOnly: true
  }
}
resource b 'Microsoft.Web/sites@2022-09-01' = {
  properties: {
    siteConfig: {
      minTlsVersion: '1.0'
      scmMinTlsVersion: '1.2'
    }
  }
}
resource c 'Microsoft.Sql/servers@2022-05-01-preview' = {
  properties: {
    version: '12.0'
    minimalTlsVersion: '1.2'
  }
}
resource d 'Microsoft.Network/applicationGateways@2022-01-01' = {
  properties: {
    sslPolicy: {
      policyName: 'AppGwSslPolicy20170401'
    }
  }
}
resource e 'Microsoft.Cache/redis@2023-04-01' = {
  properties: { minimumTlsVersion: '1.0', sku: { name: 'Basic' } }
}
// minimumTlsVersion: 'TLS1_0'
/* minimumTlsVersion: 'TLS1_0' */
output v string = '1.0'
