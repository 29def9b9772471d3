import { detectAzure, readAzure } from '../azure.ts'
import type { Source } from '../source.ts'

export const azureFrontDoor: Source = {
  id: 'azure-front-door',
  title: 'Azure Front Door access log (also Azure CDN from Microsoft)',
  setup:
    'a diagnostic setting of the profile with the category FrontDoorAccessLog (classic: FrontdoorAccessLog)',
  sees: ['negotiated', 'suite', 'sni', 'address', 'userAgent'],
  blind: ['handshakes that fail make no request and are not logged'],
  sources: ['https://learn.microsoft.com/azure/frontdoor/monitor-front-door (2026-11)'],
  detect(sample) {
    return detectAzure(sample, {
      categories: ['FrontdoorAccessLog', 'AzureCdnAccessLog'],
      properties: {
        version: ['securityProtocol'],
        cipher: ['securityCipher'],
        address: ['clientIp', 'socketIp'],
        sni: ['hostName', 'requestUri'],
        userAgent: ['userAgent'],
        service: ['endpoint', 'routingRuleName'],
      },
    })
  },
  read(layout) {
    return readAzure(layout, { row: { sni: "if(position(sni, '://') > 0, domain(sni), lower(sni))" } })
  },
}
