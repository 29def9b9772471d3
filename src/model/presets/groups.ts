import { groupByName } from '../iana/groups.ts'
import { schemes } from '../iana/schemes.ts'
import type { Checked } from './checked.ts'

/** A named list of groups or of signature schemes. */
export interface ListPreset extends Checked {
  id: string
  title: string
  ids: number[]
}

const named = (...names: string[]): number[] => names.map(name => groupByName(name)!.id)

/** Every preset that `groups:` of a retirement file may name. */
export const groupPresets: readonly ListPreset[] = [
  {
    id: 'pqc-hybrid',
    title: 'Hybrids of ML-KEM and an elliptic curve',
    source: 'https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-8',
    checked: '2026-11',
    basis: 'primary',
    ids: named('X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'),
  },
  {
    id: 'mozilla',
    title: 'Mozilla Modern and Intermediate',
    source: 'https://ssl-config.mozilla.org/guidelines/6.0.json',
    checked: '2026-11',
    basis: 'primary',
    ids: named('X25519MLKEM768', 'X25519', 'P-256', 'P-384'),
  },
  {
    id: 'nist-curves',
    title: 'NIST curves P-256, P-384, P-521',
    source: 'https://doi.org/10.6028/NIST.SP.800-186',
    checked: '2026-11',
    basis: 'secondary',
    via: "the list of groups that Bouncy Castle's TLS allows in its approved mode",
    ids: named('P-256', 'P-384', 'P-521'),
  },
]

/** Every preset that `signatureSchemes:` of a retirement file may name. */
export const schemePresets: readonly ListPreset[] = [
  {
    id: 'no-sha1',
    title: 'Everything but MD5 and SHA-1',
    source: 'RFC 9155',
    checked: '2026-11',
    basis: 'primary',
    ids: schemes.filter(scheme => scheme.hash !== 'md5' && scheme.hash !== 'sha1').map(scheme => scheme.id),
  },
]
