import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, labPath } from './place.ts'

export const leafKinds = ['rsa', 'p256', 'p384', 'p521', 'ed25519', 'pss'] as const
export type LeafKind = (typeof leafKinds)[number]

/** A throw-away authority and one leaf per kind of key, all signed with SHA-256, and the files they lie in. */
export interface LabCertificates {
  caFile: string
  ca: string
  leaf: Record<LeafKind, { cert: string; key: string; certFile: string; keyFile: string }>
}

/** Names on every leaf. Wildcards fit one label. */
const leafNames = [
  'localhost',
  '*.westeurope.batch.localhost',
  '*.westeurope.batch.azure.com',
  '*.example.test',
]

const keyArguments: Record<LeafKind | 'ca', string[]> = {
  ca: ['rsa:2048'],
  rsa: ['rsa:2048'],
  p256: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  p521: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  pss: ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ed25519: ['ed25519'],
}

const renewAfterMs = 5 * 24 * 3_600_000

/** Why there can be no certificates here; undefined when there can. */
export const certificatesUnavailable: string | undefined = findProgram('openssl') ? undefined : 'no openssl'

let known: LabCertificates | undefined

/** Makes the certificates once and keeps them some days; test files run side by side, so the folder appears in one step. */
export function labCertificates(): LabCertificates {
  known ??= read(ready())
  return known
}

function ready(): string {
  const folder = labPath('certificates-4')
  const fresh = () =>
    existsSync(join(folder, 'ca.pem')) && Date.now() - statSync(join(folder, 'ca.pem')).mtimeMs < renewAfterMs
  if (fresh()) return folder
  const draft = `${folder}.${process.pid}`
  make(draft)
  try {
    if (!fresh()) rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
  } catch {
    // Another test process was first.
    rmSync(draft, { recursive: true, force: true })
  }
  return folder
}

function make(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, {
      cwd: folder,
      stdio: 'pipe',
      env: { ...process.env, OPENSSL_CONF: join(folder, 'openssl.cnf') },
    })
  writeFileSync(
    join(folder, 'openssl.cnf'),
    [
      '[req]',
      'distinguished_name=dn',
      '[dn]',
      '[ca]',
      'basicConstraints=critical,CA:TRUE',
      'keyUsage=critical,keyCertSign,cRLSign',
      'subjectKeyIdentifier=hash',
      '[leaf]',
      'basicConstraints=critical,CA:FALSE',
      'keyUsage=critical,digitalSignature,keyEncipherment',
      'extendedKeyUsage=serverAuth',
      `subjectAltName=${[...leafNames.map(name => `DNS:${name}`), 'IP:127.0.0.1', 'IP:::1'].join(',')}`,
      '',
    ].join('\n'),
  )
  const request = (name: string, kind: LeafKind | 'ca') => [
    'req',
    '-x509',
    '-sha256',
    '-nodes',
    '-days',
    '30',
    '-newkey',
    ...keyArguments[kind],
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
  ]
  openssl(...request('ca', 'ca'), '-subj', '/CN=tlsunset lab', '-extensions', 'ca')
  for (const kind of leafKinds)
    openssl(
      ...request(kind, kind),
      '-subj',
      '/CN=localhost',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-extensions',
      'leaf',
    )
}

function read(folder: string): LabCertificates {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  const leaf = (kind: LeafKind) => ({
    cert: text(`${kind}.pem`),
    key: text(`${kind}.key`),
    certFile: join(folder, `${kind}.pem`),
    keyFile: join(folder, `${kind}.key`),
  })
  return {
    caFile: join(folder, 'ca.pem'),
    ca: text('ca.pem'),
    leaf: Object.fromEntries(leafKinds.map(kind => [kind, leaf(kind)])) as LabCertificates['leaf'],
  }
}
