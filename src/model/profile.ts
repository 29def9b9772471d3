import { groupByName } from './iana/groups.ts'
import { schemeByName } from './iana/schemes.ts'
import { suiteByName } from './iana/suites.ts'
import type { CertificateKey, ServerProfile } from './prediction.ts'
import { parseVersion, TLS_1_0, TLS_1_3 } from './version.ts'

export type ProfileResult = { ok: true; profile: ServerProfile } | { ok: false; problems: string[] }

/**
 * Reads what a server accepts from parsed JSON. Fields may be spelled as in ServerProfile (`minVersion`) or in snake case (`min_version`,
 * `suites_tls12_and_below`, `suite_choice`, `openssl_security_level`, `certificate`); versions, suites, groups and schemes are names, wire
 * numbers or hex (`c02f`, `0xc02f`). Absent lists are not constrained. Every problem is named, and unknown fields are ignored: such files
 * carry notes.
 */
export function readProfile(json: unknown): ProfileResult {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { ok: false, problems: ['a server profile is a JSON object'] }
  const fields = json as Record<string, unknown>
  const problems: string[] = []
  const pick = (...names: string[]): [string, unknown] => {
    const name = names.find(known => fields[known] !== undefined && fields[known] !== null)
    return [name ?? names[0]!, name === undefined ? undefined : fields[name]]
  }

  const version = (fallback: number, ...names: string[]): number => {
    const [name, value] = pick(...names)
    if (value === undefined) return fallback
    const read = typeof value === 'number' && value > 3 ? value : parseVersion(String(value))
    if (read === undefined) problems.push(`${name}: no such version: ${String(value)}`)
    return read ?? fallback
  }
  const list = (kind: ListKind, ...names: string[]): number[] | undefined => {
    const [name, value] = pick(...names)
    if (value === undefined) return undefined
    if (!Array.isArray(value)) {
      problems.push(`${name}: a list is wanted`)
      return undefined
    }
    return value.flatMap(item => {
      const read = readItem(kind, item)
      if (read === undefined) problems.push(`${name}: no such ${kind}: ${String(item)}`)
      return read === undefined ? [] : [read]
    })
  }
  const whole = (...names: string[]): number | undefined => {
    const [name, value] = pick(...names)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
    problems.push(`${name}: a whole number is wanted, not ${String(value)}`)
    return undefined
  }

  const suites = list('suite', 'suites', 'suites_tls12_and_below')
  const suitesTls13 = list('suite', 'suitesTls13', 'suites_tls13')
  const groups = list('group', 'groups')
  const signatureSchemes = list('signature scheme', 'signatureSchemes', 'signature_schemes')
  const securityLevel = whole('securityLevel', 'openssl_security_level')
  const dhBits = whole('dhBits', 'dh_bits')
  const certificates = readCertificates(pick('certificates', 'certificate'), problems)
  const alpn = readProtocols(pick('alpn'), problems)
  const engine = readEngine(pick('engine', 'server'))
  const profile: ServerProfile = {
    id: String(fields.id ?? 'profile'),
    title: String(fields.title ?? fields.text ?? fields.id ?? 'server profile'),
    minVersion: version(TLS_1_0, 'minVersion', 'min_version'),
    maxVersion: version(TLS_1_3, 'maxVersion', 'max_version'),
    suiteChoice: /^server/i.test(String(pick('suiteChoice', 'suite_choice')[1])) ? 'server' : 'client',
    requiresSni: pick('requiresSni', 'requires_sni')[1] === true,
    ...(suites && { suites }),
    ...(suitesTls13 && { suitesTls13 }),
    ...(groups && { groups }),
    ...(signatureSchemes && { signatureSchemes }),
    ...(certificates && { certificates }),
    ...(alpn && { alpn }),
    ...(engine && { engine }),
    ...(securityLevel !== undefined && { securityLevel }),
    ...(dhBits !== undefined && { dhBits }),
  }
  if (profile.minVersion > profile.maxVersion) problems.push('the lowest version is above the highest')
  return problems.length > 0 ? { ok: false, problems } : { ok: true, profile }
}

type ListKind = 'suite' | 'group' | 'signature scheme'

const byName = {
  suite: suiteByName,
  group: groupByName,
  'signature scheme': schemeByName,
} satisfies Record<ListKind, (text: string) => { id: number } | undefined>

/** Hex that nobody has a name for is kept: a server may know a private number. */
function readItem(kind: ListKind, item: unknown): number | undefined {
  if (typeof item === 'number')
    return Number.isInteger(item) && item >= 0 && item <= 0xffff ? item : undefined
  if (typeof item !== 'string') return undefined
  const hex = /^(?:0x)?([0-9a-f]{4})$/i.exec(item.trim())
  return hex ? Number.parseInt(hex[1]!, 16) : byName[kind](item)?.id
}

/**
 * `rsa-2048`, `ecdsa-p256`, `ed25519`, `dsa-1024`, `rsa-pss-3072`; a list, or one.
 * Undefined for anything else.
 */
export function parseCertificateKey(text: string): CertificateKey | undefined {
  const word = text.trim().toLowerCase()
  if (word === 'ed25519' || word === 'ed448') return { type: word }
  const sized = /^(rsa-pss|rsa|dsa)(?:-(\d{3,5}))?$/.exec(word)
  if (sized) return { type: sized[1] as 'rsa', bits: Number(sized[2] ?? 2048) }
  const curve = /^(?:ecdsa|ec)(?:-(.+))?$/.exec(word)
  if (!curve) return undefined
  const group = groupByName(curve[1]?.replace(/^p(\d)/, 'p-$1') ?? 'secp256r1')
  return group?.kind === 'ec' ? { type: 'ecdsa', group: group.id } : undefined
}

function readProtocols([name, value]: [string, unknown], problems: string[]): string[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value
  problems.push(`${name}: a list of names is wanted`)
  return undefined
}

function readCertificates(
  [name, value]: [string, unknown],
  problems: string[],
): CertificateKey[] | undefined {
  if (value === undefined) return undefined
  return (Array.isArray(value) ? value : [value]).flatMap(item => {
    const key = typeof item === 'string' ? parseCertificateKey(item) : asKey(item)
    if (key === undefined)
      problems.push(`${name}: no such key: ${JSON.stringify(item)}; say rsa-2048 or ecdsa-p256`)
    return key ? [key] : []
  })
}

/** Our own spelling: `{ "type": "ecdsa", "group": 23 }`. */
function asKey(item: unknown): CertificateKey | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  const { type, bits, group, signedWith } = item as Record<string, unknown>
  const signed = typeof signedWith === 'number' ? { signedWith } : {}
  if (type === 'ed25519' || type === 'ed448') return { type, ...signed }
  if (type === 'ecdsa' && typeof group === 'number') return { type, group, ...signed }
  if ((type === 'rsa' || type === 'rsa-pss' || type === 'dsa') && typeof bits === 'number')
    return { type, bits, ...signed }
  return undefined
}

const engines = [
  'standard',
  'openssl',
  'haproxy',
  'gnutls',
  'java',
  'go',
  'schannel',
  'boringssl',
  'nss',
] as const

/** From our own field or from a description such as `OpenSSL 3.0.19 s_server`. */
function readEngine([, value]: [string, unknown]): ServerProfile['engine'] {
  const text = String(value ?? '').toLowerCase()
  return engines.find(engine => text.startsWith(engine))
}
