import type { Observation } from '../model/observation.ts'
import type { Offer } from '../model/offer.ts'

/** Columns of an observation with the types that JSON is read as; `at_ms` becomes `at`. */
export const observationTypes: Readonly<Record<ObservationColumn, string>> = {
  at_ms: 'Int64',
  service: 'String',
  account: 'String',
  attributed_by: 'String',
  confidence: 'String',
  source: 'String',
  address: 'String',
  sni: 'String',
  shape: 'String',
  offered_max: 'UInt16',
  negotiated: 'UInt16',
  suite: 'UInt32',
  group: 'UInt16',
  outcome: 'String',
  reason: 'String',
  breaks: 'String',
  retry: 'Bool',
  operation: 'String',
  user_agent: 'String',
  count: 'UInt32',
}

type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : Name

export type ObservationColumn = Snake<keyof Observation & string>

/** Columns of a hello, in the spelling of the spool; the id is `shape`. */
export const helloTypes: Readonly<
  Record<Snake<Exclude<keyof Offer, 'sni'>> | 'shape' | 'ja3' | 'ja4' | 'ja4_r', string>
> = {
  shape: 'String',
  format: 'String',
  record_version: 'UInt16',
  legacy_version: 'UInt16',
  supported_versions: 'Array(UInt16)',
  suites: 'Array(UInt16)',
  sslv2_specs: 'Array(UInt32)',
  compression: 'Array(UInt8)',
  extensions: 'Array(UInt16)',
  without_extensions: 'Bool',
  groups: 'Array(UInt16)',
  point_formats: 'Array(UInt8)',
  signature_schemes: 'Array(UInt16)',
  signature_schemes_cert: 'Array(UInt16)',
  alpn: 'Array(String)',
  key_share_groups: 'Array(UInt16)',
  psk_modes: 'Array(UInt8)',
  offers_psk: 'Bool',
  extended_master_secret: 'Bool',
  session_ticket: 'Bool',
  ech: 'Bool',
  ja3: 'String',
  ja4: 'String',
  ja4_r: 'String',
}

/** Columns of `intake` in the order in which they are filled, with their types. */
export const intakeTypes: Readonly<Record<string, string>> = {
  lot: 'Date',
  collector: 'String',
  batch: 'String',
  seq: 'UInt64',
  why: 'String',
  at: "DateTime64(3, 'UTC')",
  ...Object.fromEntries(Object.entries(observationTypes).filter(([name]) => name !== 'at_ms')),
}

export const intakeColumns = Object.keys(intakeTypes)
  .map(name => `\`${name}\``)
  .join(', ')

/** `{userAgent: …}` as `{user_agent: …}`. */
export function snakeKeys(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, upper => `_${upper.toLowerCase()}`),
      value,
    ]),
  )
}

/** `{user_agent: …}` as `{userAgent: …}`. */
export function camelKeys(fields: object): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) found[camelName(name)] = value
  return found
}

const camelNames = new Map<string, string>()

/** The names are few, the rows are many. */
function camelName(name: string): string {
  const known = camelNames.get(name)
  if (known !== undefined) return known
  const camel = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  camelNames.set(name, camel)
  return camel
}

/** A text as a literal of SQL. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`
}
