import { detectAzure, readAzure } from '../azure.ts'
import type { Source } from '../source.ts'

export const azureAppGateway: Source = {
  id: 'azure-app-gateway',
  title: 'Azure Application Gateway access log (v2)',
  setup: 'a diagnostic setting of the gateway with the category ApplicationGatewayAccessLog',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: [
    'handshakes that fail make no request and are not logged',
    'gateways of the v1 kind do not log the TLS version',
  ],
  sources: [
    'https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference (2026-11)',
  ],
  detect(sample) {
    return detectAzure(sample, {
      categories: [
        'ApplicationGatewayAccessLog',
        'AGWAccessLogs',
        'TrafficControllerAccessLog',
        'AGCAccessLogs',
      ],
      properties: {
        version: ['sslProtocol', 'tlsProtocol'],
        cipher: ['sslCipher', 'tlsCipher'],
        address: ['clientIP', 'clientIp'],
        sni: ['originalHost', 'host', 'hostName'],
        userAgent: ['userAgent'],
      },
      top: { service: [['listenerName'], ['ListenerName']] },
    })
  },
  read(layout) {
    return readAzure(layout, { reject: ["address = '', 'not a request'"] })
  },
}
