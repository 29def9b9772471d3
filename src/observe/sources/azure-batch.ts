import { detectAzure, readAzure } from '../azure.ts'
import type { Detected, Source } from '../source.ts'

export const azureBatch: Source = {
  id: 'azure-batch',
  title: 'Azure Batch diagnostic log (AuditLog, ServiceLog)',
  setup: 'a diagnostic setting of the Batch account with the categories AuditLog and ServiceLog',
  sees: ['negotiated', 'address', 'account', 'userAgent', 'operation'],
  blind: [
    'the schema is not published: the TLS version is read from whichever property is named like one',
    'handshakes that Batch refuses are not logged',
  ],
  sources: [
    'https://learn.microsoft.com/azure/batch/batch-diagnostics (2026-11)',
    'https://learn.microsoft.com/troubleshoot/azure/hpc/batch/retirement-transport-layer-security-1-0-1-1 (2026-11)',
  ],
  detect(sample) {
    const text = sample.lines.join('\n')
    if (!/MICROSOFT\.BATCH/i.test(text)) return null
    const detected = detectAzure(sample, {
      categories: ['AuditLog', 'AuditLogs', 'ServiceLog', 'ServiceLogs', 'AzureDiagnostics'],
      properties: {
        version: ['tlsVersion'],
        address: ['callerIpAddress', 'clientIp', 'clientIpAddress'],
        account: ['batchAccountName', 'accountName'],
        userAgent: ['userAgent'],
      },
      top: {
        address: [['callerIpAddress'], ['CallerIPAddress'], ['CallerIpAddress']],
        account: [['resourceId'], ['ResourceId'], ['_ResourceId']],
        operation: [['operationName'], ['OperationName']],
      },
    })
    return detected && withFoundVersion(detected, text)
  },
  read(layout) {
    return readAzure(layout, {
      absent: 'unsaid',
      row: {
        account:
          "lower(if(position(account, '/') > 0, arrayElement(splitByChar('/', account), -1), account))",
      },
    })
  },
}

/** Any property whose name speaks of the version of TLS or SSL, wherever it stands. */
function withFoundVersion(detected: Detected, text: string): Detected {
  const names = new Set<string>()
  for (const [, name] of text.matchAll(/"([^"\\]*(?:tls|ssl)[^"\\]*)"\s*:/gi))
    if (/version|protocol/i.test(name!)) names.add(name!)
  if (names.size === 0) return detected
  const keys = [...names].flatMap(name => [['properties', name], [name]])
  return { ...detected, layout: { ...detected.layout, at: { ...detected.layout.at, version: { keys } } } }
}
