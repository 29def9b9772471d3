resource gw 'Microsoft.Network/applicationGateways@2022-05-01' = {
  properties: {
    sslPolicy: {
      policyType: 'Custom'
      minProtocolVersion: 'TLSv1_1'
    }
    sslProfiles: [ { properties: { sslPolicy: { minProtocolVersion: 'TLSv1_2' } } } ]
  }
}
resource redis 'Microsoft.Cache/redis@2022-06-01' = {
  properties: { minimumTlsVersion: '1.1' }
}
resource apim 'Microsoft.ApiManagement/service@2022-08-01' = {
  properties: {
    customProperties: {
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10': 'true'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls11': 'false'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Ssl30': 'True'
    }
  }
}
resource cdn 'Microsoft.Cdn/profiles/customDomains@2023-05-01' = {
  properties: { tlsSettings: { minimumTlsVersion: 'TLS10' } }
}
resource pg 'Microsoft.DBforPostgreSQL/servers@2017-12-01' = {
  properties: { minimalTlsVersion: 'TLSEnforcementDisabled' }
}
resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2023-04-15' = {
  properties: { minimalTlsVersion: 'Tls11' }
}
resource fn 'Microsoft.Web/sites/config@2022-09-01' = {
  properties: { minTlsVersion: '1.2', scmMinTlsVersion: '1.0' }
}
@allowed([ 'TLS1_0', 'TLS1_1', 'TLS1_2' ])
param tls string = 'TLS1_2'
