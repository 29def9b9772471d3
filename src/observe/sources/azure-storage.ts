import { detectAzure, readAzure } from '../azure.ts'
import type { Source } from '../source.ts'

export const azureStorage: Source = {
  id: 'azure-storage',
  title: 'Azure Storage resource log',
  setup:
    'az monitor diagnostic-settings create --resource ID/blobServices/default --name tls --storage-account ACCOUNT --logs \'[{"category":"StorageRead","enabled":true},{"category":"StorageWrite","enabled":true},{"category":"StorageDelete","enabled":true}]\'',
  sees: ['negotiated', 'address', 'account', 'userAgent', 'operation'],
  blind: ['handshakes below the minimum version of the storage account are not logged'],
  sources: [
    'https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference (2026-11)',
    'https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version (2026-11)',
  ],
  detect(sample) {
    return detectAzure(sample, {
      categories: [
        'StorageRead',
        'StorageWrite',
        'StorageDelete',
        'StorageBlobLogs',
        'StorageFileLogs',
        'StorageQueueLogs',
        'StorageTableLogs',
      ],
      properties: {
        version: ['tlsVersion'],
        account: ['accountName'],
        userAgent: ['userAgentHeader'],
      },
      top: {
        address: [['callerIpAddress'], ['CallerIpAddress']],
        operation: [['operationName'], ['OperationName']],
        service: [['properties', 'serviceType'], ['ServiceType']],
        cipher: [['protocol'], ['Protocol']],
      },
    })
  },
  read(layout) {
    return readAzure(layout, {
      reject: ["version = '' AND cipher != 'HTTP', 'does not say which TLS version'"],
      row: { suite: 'toUInt32(0)', confidence: "if(account = '', 'none', 'certain')" },
    })
  },
}
