import { type Suite, suiteByName, suites } from '../iana/suites.ts'
import { TLS_1_3 } from '../version.ts'
import type { Checked } from './checked.ts'

/** A list of suites that somebody publishes or that is easily named. */
export interface SuitePreset extends Checked {
  id: string
  title: string
  /** For TLS 1.2 and older. Empty: none may be used. */
  older: number[]
  tls13: number[]
}

/** Every preset that `suites:` of a retirement file may name. */
export function suitePresets(): readonly SuitePreset[] {
  known ??= [...published, ...byRule.map(fromRule)]
  return known
}

let known: readonly SuitePreset[] | undefined

function named(...names: string[]): number[] {
  return names.map(name => suiteByName(name)!.id)
}

const tls13Common = named('TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256')

const ecdheAead = named(
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
)

const published: readonly SuitePreset[] = [
  {
    id: 'modern',
    title: 'Mozilla Modern: TLS 1.3 only',
    source: 'https://ssl-config.mozilla.org/guidelines/6.0.json',
    checked: '2026-11',
    basis: 'primary',
    older: [],
    tls13: tls13Common,
  },
  {
    id: 'intermediate',
    title: 'Mozilla Intermediate: ECDHE with AEAD',
    source: 'https://ssl-config.mozilla.org/guidelines/6.0.json',
    checked: '2026-11',
    basis: 'primary',
    older: ecdheAead,
    tls13: tls13Common,
  },
  {
    id: 'intermediate-5.7',
    title: 'Mozilla Intermediate until 2025: ECDHE or DHE with AEAD',
    source: 'https://ssl-config.mozilla.org/guidelines/5.8.json',
    checked: '2026-11',
    basis: 'primary',
    older: [
      ...ecdheAead,
      ...named('DHE-RSA-AES128-GCM-SHA256', 'DHE-RSA-AES256-GCM-SHA384', 'DHE-RSA-CHACHA20-POLY1305'),
    ],
    tls13: tls13Common,
  },
  {
    id: 'old',
    title: 'Mozilla Old, as last published (5.8)',
    source: 'https://ssl-config.mozilla.org/guidelines/5.8.json',
    checked: '2026-11',
    basis: 'primary',
    older: [
      ...ecdheAead,
      ...named(
        'DHE-RSA-AES128-GCM-SHA256',
        'DHE-RSA-AES256-GCM-SHA384',
        'DHE-RSA-CHACHA20-POLY1305',
        'ECDHE-ECDSA-AES128-SHA256',
        'ECDHE-RSA-AES128-SHA256',
        'ECDHE-ECDSA-AES128-SHA',
        'ECDHE-RSA-AES128-SHA',
        'ECDHE-ECDSA-AES256-SHA384',
        'ECDHE-RSA-AES256-SHA384',
        'ECDHE-ECDSA-AES256-SHA',
        'ECDHE-RSA-AES256-SHA',
        'DHE-RSA-AES128-SHA256',
        'DHE-RSA-AES256-SHA256',
        'AES128-GCM-SHA256',
        'AES256-GCM-SHA384',
        'AES128-SHA256',
        'AES256-SHA256',
        'AES128-SHA',
        'AES256-SHA',
        'DES-CBC3-SHA',
      ),
    ],
    tls13: tls13Common,
  },
]

interface SuiteRule extends Checked {
  id: string
  title: string
  accepts(suite: Suite): boolean
}

const byRule: readonly SuiteRule[] = [
  {
    id: 'nist-sp-800-52r2',
    title: 'NIST SP 800-52 Rev. 2: AES, (EC)DHE and static (EC)DH; no RSA key transport',
    source: 'https://doi.org/10.6028/NIST.SP.800-52r2 section 3.3.1',
    checked: '2026-11',
    basis: 'secondary',
    via: "the list that Bouncy Castle's TLS keeps after it (FipsUtils.java)",
    accepts: suite =>
      suite.cipher === 'AES' && (suite.minVersion >= TLS_1_3 || (agreesOnKey(suite) && isCertified(suite))),
  },
  {
    id: 'bsi-tr-02102-2',
    title: 'BSI TR-02102-2: (EC)DHE with AES and SHA-2; no CCM with short tags (DHE until the end of 2029)',
    source:
      'https://www.bsi.bund.de/EN/Themen/Unternehmen-und-Organisationen/Standards-und-Zertifizierung/Technische-Richtlinien/TR-nach-Thema-sortiert/tr02102/tr02102_node.html sections 3.3.1 and 3.4.4',
    checked: '2026-11',
    basis: 'secondary',
    via: "a transcript of tables 1 and 11 of 2023-01 (the same 20 and 3 suites), and what Wire's tests say of tables 3 and 13 of 2026-01",
    accepts: suite =>
      suite.cipher === 'AES' &&
      !suite.name.endsWith('_CCM_8') &&
      !suite.name.endsWith('_CCM_8_SHA256') &&
      suite.hash !== 'sha1' &&
      (suite.minVersion >= TLS_1_3 || (isEphemeral(suite) && isCertified(suite))),
  },
  {
    id: 'pci',
    title:
      'Strong cryptography as PCI DSS means it: at least 112 bits, and a server with a certificate. 3DES, which the glossary still names, is out as NIST disallows it since 2024',
    source: 'https://www.pcisecuritystandards.org/glossary/strong-cryptography/; NIST SP 800-131A Rev. 2',
    checked: '2026-11',
    basis: 'primary',
    accepts: suite => isStrong(suite),
  },
  {
    id: 'aead',
    title: 'Suites with authenticated encryption (GCM, CCM, ChaCha20-Poly1305): what is left without CBC',
    source: 'RFC 9325 section 4.2',
    checked: '2026-11',
    basis: 'primary',
    accepts: suite => isStrong(suite) && suite.mode === 'aead',
  },
  {
    id: 'forward-secret',
    title: 'Suites that agree on a key for one connection: what is left without static RSA and static (EC)DH',
    source: 'RFC 9325 section 4.1',
    checked: '2026-11',
    basis: 'primary',
    accepts: suite => isStrong(suite) && (suite.minVersion >= TLS_1_3 || isEphemeral(suite)),
  },
]

function isEphemeral(suite: Suite): boolean {
  return suite.kx === 'dhe' || suite.kx === 'ecdhe'
}

/** Both sides have a hand in the key: with (EC)DH, ephemeral or not; with RSA key transport the client chooses it alone. */
function agreesOnKey(suite: Suite): boolean {
  return isEphemeral(suite) || suite.kx === 'dh' || suite.kx === 'ecdh'
}

/** Authenticated by a certificate: not anonymous, not by a key or password agreed before. */
function isCertified(suite: Suite): boolean {
  return suite.auth === 'rsa' || suite.auth === 'ecdsa' || suite.auth === 'dss'
}

function isStrong(suite: Suite): boolean {
  const broken = suite.bits < 112 || suite.export || suite.cipher === 'RC4' || suite.cipher === '3DES'
  if (broken || (suite.mode !== 'aead' && suite.hash === 'md5')) return false
  return suite.minVersion >= TLS_1_3 ? suite.mode === 'aead' : isCertified(suite)
}

function fromRule({ accepts, ...said }: SuiteRule): SuitePreset {
  const accepted = suites.filter(accepts)
  return {
    ...said,
    older: accepted.filter(suite => suite.minVersion < TLS_1_3).map(suite => suite.id),
    tls13: accepted.filter(suite => suite.minVersion >= TLS_1_3).map(suite => suite.id),
  }
}
