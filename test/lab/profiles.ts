import { groupByName } from '../../src/model/iana/groups.ts'
import { schemeByName } from '../../src/model/iana/schemes.ts'
import { suiteByName } from '../../src/model/iana/suites.ts'
import type { CertificateKey, ServerProfile } from '../../src/model/prediction.ts'
import { parseVersion } from '../../src/model/version.ts'
import type { LeafKind } from './certificates.ts'

type NodeVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** A server, said once: the configuration of every engine and the profile both come from here. Lists are in the server's order. */
export interface LabServer {
  id: string
  title: string
  min: NodeVersion
  max: NodeVersion
  /** OpenSSL names, TLS 1.2 and older. */
  suites: readonly string[]
  suitesTls13: readonly string[]
  /** Names that both OpenSSL and IANA know. */
  groups: readonly string[]
  schemes: readonly string[]
  certificates: readonly LeafKind[]
  choice: 'client' | 'server'
  /** OpenSSL security level. */
  level: 0 | 1 | 2
  dh: boolean
  /** Refuses hellos without a name, or with one that none of its certificates has. */
  requiresSni?: true
  /** Started with nothing but its certificates; the lists say what that amounts to. */
  asShipped?: true
}

const aeadEcdhe = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
]
const cbcEcdhe = [
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
]
const dhe = [
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-SHA',
  'DHE-RSA-AES128-SHA',
]
const staticRsa = [
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-SHA256',
  'AES128-SHA256',
  'AES256-SHA',
  'AES128-SHA',
]
const tls13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256']
const strongSchemes = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'ed25519',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
]
const allSchemes = [...strongSchemes, 'ECDSA+SHA1', 'RSA+SHA1']

const everything: Omit<LabServer, 'id' | 'title'> = {
  min: 'TLSv1',
  max: 'TLSv1.3',
  suites: [...aeadEcdhe, ...cbcEcdhe, ...dhe, ...staticRsa],
  suitesTls13: tls13,
  groups: ['X25519', 'P-256', 'P-384', 'P-521'],
  schemes: allSchemes,
  certificates: ['rsa', 'p256'],
  choice: 'client',
  level: 0,
  dh: false,
}

/** What today's stricter server looks like: level 1, and no SHA-1. */
const strict = { ...everything, min: 'TLSv1.2', level: 1, schemes: strongSchemes } as const

export const labServers: readonly LabServer[] = [
  { ...everything, id: 'tls10-only', title: 'TLS 1.0 only', max: 'TLSv1' },
  { ...everything, id: 'tls10-plus', title: 'TLS 1.0 to 1.3, RSA and ECDSA' },
  { ...everything, id: 'tls11-ceiling', title: 'TLS 1.0 and 1.1', max: 'TLSv1.1' },
  { ...everything, id: 'tls10-half-enabled', title: 'TLS 1.0 allowed, but at security level 1', level: 1 },
  { ...strict, id: 'tls12-plus', title: 'TLS 1.2 and 1.3' },
  { ...strict, id: 'tls12-only', title: 'TLS 1.2 only', max: 'TLSv1.2', level: 2 },
  { ...strict, id: 'tls13-only', title: 'TLS 1.3 only', min: 'TLSv1.3' },
  { ...everything, id: 'rsa-only', title: 'RSA certificate', certificates: ['rsa'] },
  { ...everything, id: 'ecdsa-only', title: 'ECDSA P-256 certificate', certificates: ['p256'] },
  { ...strict, id: 'ecdsa-p384', title: 'ECDSA P-384 certificate', certificates: ['p384'] },
  { ...strict, id: 'ecdsa-p521', title: 'ECDSA P-521 certificate', certificates: ['p521'] },
  {
    ...everything,
    id: 'rsa-pss-key',
    title: 'RSA-PSS certificate',
    schemes: [...allSchemes, 'rsa_pss_pss_sha256', 'rsa_pss_pss_sha384', 'rsa_pss_pss_sha512'],
    certificates: ['pss'],
  },
  { ...strict, id: 'ed25519', title: 'Ed25519 certificate', certificates: ['ed25519'] },
  { ...strict, id: 'aead-only', title: 'ECDHE with AEAD only', suites: aeadEcdhe, certificates: ['rsa'] },
  { ...strict, id: 'cbc-only', title: 'CBC suites of TLS 1.2 only', suites: cbcEcdhe, max: 'TLSv1.2' },
  {
    ...everything,
    id: 'static-rsa',
    title: 'static RSA only, up to TLS 1.2',
    suites: staticRsa,
    max: 'TLSv1.2',
    certificates: ['rsa'],
  },
  {
    ...everything,
    id: 'dhe-only',
    title: 'DHE only, up to TLS 1.2',
    suites: dhe,
    max: 'TLSv1.2',
    certificates: ['rsa'],
    dh: true,
  },
  {
    ...everything,
    id: 'p521-only',
    title: 'only the group P-521',
    groups: ['P-521'],
    suites: [...aeadEcdhe, ...cbcEcdhe],
    certificates: ['rsa'],
  },
  { ...strict, id: 'x25519-only', title: 'only the group X25519', groups: ['X25519'], suites: aeadEcdhe },
  {
    ...everything,
    id: 'sha1-only',
    title: 'signs with SHA-1 only',
    schemes: ['RSA+SHA1'],
    certificates: ['rsa'],
    max: 'TLSv1.2',
  },
  { ...everything, id: 'no-sha1', title: 'everything, but does not sign with SHA-1', schemes: strongSchemes },
  {
    ...strict,
    id: 'sha384-only',
    title: 'signs with rsa_pkcs1_sha384 only',
    schemes: ['rsa_pkcs1_sha384'],
    certificates: ['rsa'],
    max: 'TLSv1.2',
  },
  {
    ...strict,
    id: 'pss-only',
    title: 'signs with RSA-PSS only',
    schemes: ['rsa_pss_rsae_sha256'],
    certificates: ['rsa'],
  },
  {
    ...everything,
    id: 'server-order',
    title: "the server's order decides",
    choice: 'server',
    suites: [...staticRsa, ...cbcEcdhe, ...aeadEcdhe],
  },
  {
    ...strict,
    id: 'chacha-only',
    title: 'one suite: ECDHE-RSA-CHACHA20-POLY1305',
    suites: ['ECDHE-RSA-CHACHA20-POLY1305'],
    suitesTls13: ['TLS_CHACHA20_POLY1305_SHA256'],
    certificates: ['rsa'],
  },
  {
    ...everything,
    id: 'sni-required',
    title: 'refuses hellos without a name',
    min: 'TLSv1.2',
    requiresSni: true,
  },
  { ...everything, id: 'tls11-only', title: 'TLS 1.1 only', min: 'TLSv1.1', max: 'TLSv1.1' },
  { ...everything, id: 'tls11-plus', title: 'TLS 1.1 to 1.3', min: 'TLSv1.1' },
  { ...everything, id: 'no-tls13', title: 'TLS 1.0 to 1.2', max: 'TLSv1.2', certificates: ['rsa'] },
  {
    ...everything,
    id: 'no-shared-group',
    title: 'ECDHE only, and no curve that a client of ours offers',
    groups: ['brainpoolP512r1'],
    suites: [...aeadEcdhe, ...cbcEcdhe],
  },
  { ...everything, id: 'x448-only', title: 'only the group X448', groups: ['X448'] },
  {
    ...strict,
    id: 'p384-first',
    title: 'prefers P-384, so that most clients of TLS 1.3 are asked again',
    groups: ['P-384', 'P-521'],
  },
  {
    ...everything,
    id: 'cbc-sha1',
    title: 'two CBC suites with HMAC-SHA-1, up to TLS 1.2',
    suites: ['ECDHE-RSA-AES128-SHA', 'AES128-SHA'],
    certificates: ['rsa'],
    max: 'TLSv1.2',
  },
  {
    ...everything,
    id: 'ecdsa-sha1-only',
    title: 'ECDSA certificate, signs with SHA-1 only',
    schemes: ['ECDSA+SHA1'],
    certificates: ['p256'],
    max: 'TLSv1.2',
  },
  {
    ...strict,
    id: 'aes256-only',
    title: 'AES-256 only',
    suites: ['ECDHE-RSA-AES256-GCM-SHA384', 'DHE-RSA-AES256-GCM-SHA384'],
    suitesTls13: ['TLS_AES_256_GCM_SHA384'],
    certificates: ['rsa'],
    dh: true,
  },
  {
    ...strict,
    id: 'tls13-aes128-only',
    title: 'TLS 1.3 with one suite',
    min: 'TLSv1.3',
    suitesTls13: ['TLS_AES_128_GCM_SHA256'],
  },
  {
    ...strict,
    id: 'strict-server-order',
    title: "TLS 1.2 and 1.3, and the server's order decides",
    choice: 'server',
    suites: [...aeadEcdhe.toReversed(), ...cbcEcdhe],
    suitesTls13: tls13.toReversed(),
    groups: ['P-256', 'X25519'],
  },
  {
    ...strict,
    id: 'intermediate',
    title: 'Mozilla Intermediate until 2025',
    suites: [...aeadEcdhe, 'DHE-RSA-AES128-GCM-SHA256', 'DHE-RSA-AES256-GCM-SHA384'],
    groups: ['X25519', 'P-256', 'P-384'],
    dh: true,
  },
]

const leafKeys: Record<LeafKind, CertificateKey> = {
  rsa: { type: 'rsa', bits: 2048, signedWith: 0x0401 },
  p256: { type: 'ecdsa', group: 0x0017, signedWith: 0x0401 },
  p384: { type: 'ecdsa', group: 0x0018, signedWith: 0x0401 },
  p521: { type: 'ecdsa', group: 0x0019, signedWith: 0x0401 },
  pss: { type: 'rsa-pss', bits: 2048, signedWith: 0x0401 },
  ed25519: { type: 'ed25519', signedWith: 0x0401 },
}

export function profileOf(server: LabServer): ServerProfile {
  return {
    id: server.id,
    title: server.title,
    minVersion: parseVersion(server.min)!,
    maxVersion: parseVersion(server.max)!,
    suites: server.suites.map(name => suiteByName(name)!.id),
    suitesTls13: server.suitesTls13.map(name => suiteByName(name)!.id),
    groups: server.groups.map(name => groupByName(name)!.id),
    signatureSchemes: server.schemes.map(name => schemeByName(name)!.id),
    certificates: server.certificates.map(kind => leafKeys[kind]),
    suiteChoice: server.choice,
    requiresSni: server.requiresSni === true,
    engine: 'openssl',
    securityLevel: server.level,
    ...(!server.dh && { dhBits: 0 }),
  }
}

/** The versions from lowest to highest, as OpenSSL's configurations name them. */
export function nodeVersions({ min, max }: LabServer): NodeVersion[] {
  const all: NodeVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']
  return all.slice(all.indexOf(min), all.indexOf(max) + 1)
}

export function labServerOf(id: string): LabServer {
  const known = labServers.find(server => server.id === id)
  if (known === undefined) throw new Error(`no server ${id} in the lab`)
  return known
}
