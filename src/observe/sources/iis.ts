import { fieldHeaders, fieldNames, fieldSql, fieldValues, isHeader } from '../fields.ts'
import { cuts, readPlaces } from '../places.ts'
import type { Source } from '../source.ts'

/** SP_PROT_* of Schannel, server and client side (schannel.h of the Windows SDK); the log writes them in hex without 0x. */
const schannel = new Map<string, number>([
  ['4', 0x0002],
  ['8', 0x0002],
  ['10', 0x0300],
  ['20', 0x0300],
  ['40', 0x0301],
  ['80', 0x0301],
  ['100', 0x0302],
  ['200', 0x0302],
  ['400', 0x0303],
  ['800', 0x0303],
  ['1000', 0x0304],
  ['2000', 0x0304],
])

/** The operator names the field. */
const versionField = /crypt[-_]?protocol|(ssl|tls)[-_]?(protocol|version)|^(ssl|tls)$/i

export const iis: Source = {
  id: 'iis',
  title: 'IIS W3C log with CRYPT_PROTOCOL',
  setup: `Windows Server 2012 R2 and later, per site, as administrator:
& $env:windir\\system32\\inetsrv\\appcmd.exe set config -section:system.applicationHost/sites /+"siteDefaults.logFile.customFields.[logFieldName='crypt-protocol',sourceName='CRYPT_PROTOCOL',sourceType='ServerVariable']" /commit:apphost`,
  sees: ['negotiated', 'sni', 'address', 'account', 'userAgent'],
  blind: [
    'handshakes that fail never reach the IIS log; Schannel notes them in the system event log',
    'IIS logs what was agreed, not what the client could have offered',
  ],
  sources: [
    'https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/logfile/customfields/ (2026-11)',
    'https://learn.microsoft.com/windows/win32/api/schannel/ns-schannel-schannel_cred (2026-11)',
  ],
  detect(sample) {
    const isIis = sample.lines.some(line => /^#Software: Microsoft Internet Information Services/i.test(line))
    const headers = fieldHeaders(sample)
    const names = fieldNames(headers)
    if (headers.length === 0 || (!isIis && !names.some(name => /^s-ip$|^cs-uri-stem$/i.test(name))))
      return null
    // CloudFront uses the same names, with fields of its own.
    if (names.some(name => name.startsWith('x-edge-'))) return null
    return { certainty: 'sure', layout: { form: 'fields', at: {}, headers, fileMs: sample.fileMs } }
  },
  read(layout) {
    const headers = layout.headers ?? []
    const version = fieldNames(headers).filter(name => versionField.test(name))
    const [date, time] = [fieldSql(headers, 'date'), fieldSql(headers, 'time')]
    return readPlaces(layout, {
      cut: cuts.spaces,
      versions: [schannel],
      absent: 'plain',
      values: {
        ...fieldValues(headers, {
          address: ['c-ip'],
          account: ['cs-username'],
          sni: ['cs-host'],
          userAgent: ['cs(User-Agent)'],
          service: ['s-sitename'],
          status: ['sc-status'],
        }),
        version: version.length > 0 ? fieldSql(headers, ...version) : "''",
        time: `concat(${date}, ' ', ${time})`,
      },
      reject: [
        `${isHeader}, 'header'`,
        "version = '', 'log has no field for the TLS version'",
        "match(version, '^(10000|20000|40000|80000)$'), 'DTLS'",
      ],
      row: { user_agent: "if(userAgent = '-', '', replaceAll(userAgent, '+', ' '))" },
    })
  },
}
