import { createHash } from 'node:crypto'
import type { Finding } from '../../model/finding.ts'
import { versionName } from '../../model/version.ts'

/**
 * CycloneDX 1.6 cryptography bill of materials: one protocol asset per stack and version named in the tree, with every place as an occurrence
 * (https://cyclonedx.org/docs/1.6/json/, 2025-10).
 */
export function cbom(findings: readonly Finding[], version: string, atMs: number): object {
  const assets = new Map<string, { name: string; version: string; stack: string; places: Finding[] }>()
  for (const finding of findings)
    for (const wire of finding.versions.length > 0 ? finding.versions : [0]) {
      const name = wire === 0 ? 'TLS (version not named)' : versionName(wire)
      const key = `${finding.stack}|${name}`
      const asset = assets.get(key) ?? {
        name,
        version: name.replace(/^\w+ /, ''),
        stack: finding.stack,
        places: [],
      }
      asset.places.push(finding)
      assets.set(key, asset)
    }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf([...assets.keys()].join('\n') + findings.map(finding => finding.fingerprint).join())}`,
    version: 1,
    metadata: {
      timestamp: new Date(atMs).toISOString(),
      tools: { components: [{ type: 'application', name: 'tlsunset', version }] },
    },
    components: [...assets.entries()].map(([key, asset]) => ({
      type: 'cryptographic-asset',
      name: asset.name,
      'bom-ref': `crypto/protocol/${createHash('sha256').update(key).digest('hex').slice(0, 16)}`,
      description: `${asset.name} as set for ${asset.stack}`,
      cryptoProperties: {
        assetType: 'protocol',
        protocolProperties: { type: 'tls', ...(/^\d/.test(asset.version) && { version: asset.version }) },
      },
      evidence: {
        occurrences: asset.places.map(finding => ({
          'bom-ref': `occurrence/${finding.fingerprint}/${asset.version.replace(/\W+/g, '-')}`,
          location: finding.place.path,
          line: finding.place.line,
          offset: finding.place.start,
          additionalContext: `${finding.effect}: ${finding.rule}`,
        })),
      },
      properties: [{ name: 'tlsunset:stack', value: asset.stack }],
    })),
  }
}

/** A UUID that depends on the content alone, so that the same tree gives the same document. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
