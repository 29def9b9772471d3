if (["SSLv2", "SSLv3", "TLSv1", "TLSv1.0"].includes(proto)) findings.push({ title: `Deprecated Protocol: ${proto}` })
versionIconMap.set('TLSv1.1', 'icons/tlsv11.png')
const versions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']
for (const version of versions) await tryConnect({ minVersion: version, maxVersion: version })
https.request({ secureProtocol: 'SSLv3_method', ...opts })
