import type { Checked } from './checked.ts'

/**
 * What `extends:` of a retirement file starts from. `fragment` is written as in the file; keys that the file has itself win.
 * `jurisdiction` and `force` say whom the demand binds and how.
 */
export interface RetirementPreset extends Checked {
  id: string
  title: string
  jurisdiction: string
  force: string
  fragment: Record<string, unknown>
}

export const retirementPresets: readonly RetirementPreset[] = [
  {
    id: 'azure-batch',
    title: 'Azure Batch: TLS 1.0 and 1.1 end on 31 March 2023',
    jurisdiction: 'customers of Azure Batch (data plane)',
    force: 'announced by the vendor',
    source: 'https://learn.microsoft.com/en-us/azure/batch/batch-tls-101-migration-guide',
    checked: '2026-11',
    basis: 'primary',
    fragment: {
      service: { names: ['*.batch.azure.com'], owner: 'azure-batch' },
      accounts: { sni: '{account}.{region}.batch.azure.com' },
      floor: { now: { version: 'TLS 1.0' }, next: { version: 'TLS 1.2' } },
      cutoff: '2023-03-31T00:00:00Z',
    },
  },
  {
    id: 'legacy-tls',
    title: 'TLS 1.0 and 1.1',
    jurisdiction: 'the internet',
    force: 'best current practice: must not be negotiated',
    source: 'RFC 8996 (BCP 195)',
    checked: '2026-11',
    basis: 'primary',
    fragment: { floor: { now: { version: 'TLS 1.0' }, next: { version: 'TLS 1.2' } } },
  },
  {
    id: 'pci-dss-4',
    title: 'PCI DSS 4.0.1: strong cryptography for card data on open networks',
    jurisdiction: 'whoever stores, processes or transmits payment card data',
    force: 'contractual, in force; supports evidence for 4.2.1 and 12.3.3',
    source: 'https://www.pcisecuritystandards.org/document_library/ (PCI DSS v4.0.1)',
    checked: '2026-11',
    basis: 'secondary',
    via: 'its requirement as assessors quote it, and the glossary of the council',
    fragment: { floor: { now: { version: 'TLS 1.0' }, next: { version: 'TLS 1.2', suites: 'pci' } } },
  },
  {
    id: 'nist-sp-800-52r2',
    title: 'NIST SP 800-52 Rev. 2: TLS 1.2 with approved suites',
    jurisdiction: 'federal government of the United States',
    force: 'binding guidance; support of TLS 1.3 required since 2024-01-01',
    source: 'https://doi.org/10.6028/NIST.SP.800-52r2',
    checked: '2026-11',
    basis: 'primary',
    fragment: {
      floor: { now: { version: 'TLS 1.0' }, next: { version: 'TLS 1.2', suites: 'nist-sp-800-52r2' } },
    },
  },
  {
    id: 'no-static-rsa',
    title: 'Key exchange without forward secrecy (static RSA, static DH and ECDH)',
    jurisdiction: 'the internet',
    force: 'best current practice: should not be negotiated',
    source: 'RFC 9325 section 4.1',
    checked: '2026-11',
    basis: 'primary',
    fragment: {
      floor: { now: { version: 'TLS 1.2' }, next: { version: 'TLS 1.2', suites: 'forward-secret' } },
    },
  },
  {
    id: 'no-cbc',
    title: 'CBC suites of TLS 1.2',
    jurisdiction: 'the internet',
    force:
      'best current practice: should not be used without encrypt_then_mac, which no policy of suites can require',
    source: 'RFC 9325 section 4.2',
    checked: '2026-11',
    basis: 'primary',
    fragment: { floor: { now: { version: 'TLS 1.2' }, next: { version: 'TLS 1.2', suites: 'aead' } } },
  },
  {
    id: 'no-sha1-signatures',
    title: 'MD5 and SHA-1 signatures in TLS 1.2 handshakes',
    jurisdiction: 'the internet',
    force: 'proposed standard: must not be used',
    source: 'RFC 9155',
    checked: '2026-11',
    basis: 'primary',
    fragment: {
      floor: { now: { version: 'TLS 1.2' }, next: { version: 'TLS 1.2', signatureSchemes: 'no-sha1' } },
    },
  },
  {
    id: 'sni-required',
    title: 'Connections without SNI',
    jurisdiction: 'the operator',
    force: "the operator's own",
    source: 'RFC 8446 section 9.2',
    checked: '2026-11',
    basis: 'primary',
    fragment: { floor: { now: { version: 'TLS 1.2' }, next: { version: 'TLS 1.2', requireSni: true } } },
  },
  {
    id: 'tls-1.2',
    title: 'TLS 1.2: only TLS 1.3 stays',
    jurisdiction: 'Germany (BSI TR-02102-2 recommends TLS 1.2 until the end of 2031); elsewhere the operator',
    force: 'recommendation; the IETF has frozen TLS 1.2 (RFC 9851) and not deprecated it',
    source: 'BSI TR-02102-2 of 2026-01; RFC 9851',
    checked: '2026-11',
    basis: 'secondary',
    via: 'several reports of the dates of 2026-01; RFC 9851 itself',
    fragment: { floor: { now: { version: 'TLS 1.2' }, next: { version: 'TLS 1.3' } } },
  },
  {
    id: 'pqc',
    title: 'Key exchange that is not post-quantum',
    jurisdiction:
      'differs: EU roadmap 2030 for high risk, BSI 2031, UK NCSC 2035; CNSA 2.0 wants ML-KEM-1024 alone',
    force: 'guidance with dates; check the body that binds you',
    source: 'EU coordinated roadmap for post-quantum cryptography (2025-06); BSI TR-02102-2 of 2026-01',
    checked: '2026-11',
    basis: 'secondary',
    via: 'several reports of the dates',
    fragment: {
      floor: {
        now: { version: 'TLS 1.2' },
        next: { version: 'TLS 1.3', suites: 'modern', groups: 'pqc-hybrid' },
      },
    },
  },
]
