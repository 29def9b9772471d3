import { detectAzure, readAzure } from '../azure.ts'
import type { Source } from '../source.ts'

export const azureMessaging: Source = {
  id: 'azure-messaging',
  title: 'Azure Event Hubs and Service Bus runtime audit log',
  setup: 'a diagnostic setting of the namespace with the category RuntimeAuditLogs',
  sees: ['negotiated', 'address', 'account', 'operation'],
  blind: [
    'the documented schema has no TLS version: it is read where the service writes one all the same',
    'records are counts per minute, not connections',
  ],
  sources: [
    'https://learn.microsoft.com/azure/event-hubs/monitor-event-hubs-reference (2026-11)',
    'https://learn.microsoft.com/azure/service-bus-messaging/monitor-service-bus-reference (2026-11)',
  ],
  detect(sample) {
    return detectAzure(sample, {
      categories: [
        'RuntimeAuditLogs',
        'AZMSRuntimeAuditLogs',
        'OperationalLogs',
        'DataPlaneRequests',
        'AZMSVnetConnectionEvents',
      ],
      properties: {
        version: ['tlsVersion', 'tLSVersion', 'clientTlsVersion'],
        address: ['clientIp', 'callerIpAddress', 'ipAddress'],
        account: ['authKey', 'authId', 'namespaceName'],
        count: ['count'],
      },
      top: {
        address: [['ClientIp'], ['CallerIpAddress']],
        account: [['AuthKey'], ['AuthId'], ['NamespaceName']],
        operation: [['ActivityName'], ['activityName'], ['operationName'], ['OperationName']],
        service: [['Provider'], ['ResourceId'], ['resourceId']],
        count: [['Count']],
      },
    })
  },
  read(layout) {
    return readAzure(layout, { absent: 'unsaid', row: { count: 'greatest(1, toUInt32OrZero(count))' } })
  },
}
