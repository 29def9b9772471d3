import type { AccountRule } from '../model/policy.ts'
import { fieldNames, fieldSql } from './fields.ts'
import { cuts } from './places.ts'
import type { Layout } from './source.ts'
import { literal, type Sql } from './sql.ts'

/** Usual names of what a log says about the client's certificate: nginx, Envoy, AWS, Zeek, Caddy, the common schema of Elastic. */
const certificateNames: Readonly<Record<'subject' | 'san', readonly string[]>> = {
  subject: [
    'ssl_client_s_dn',
    'tls_client_subject',
    'client_subject',
    'leaf_client_cert_subject',
    'downstream_peer_subject',
    'peer_subject',
    'ssl_client_subject',
    'tls.client.subject',
    'tls.client.x509.subject.distinguished_name',
    'request.tls.client_subject',
    'client_cert_subject',
    'ssl_c_s_dn',
  ],
  san: [
    'ssl_client_san',
    'client_san',
    'downstream_peer_dns_san',
    'downstream_peer_uri_san',
    'peer_uri_san',
    'tls.client.x509.alternative_names',
    'san.dns',
  ],
}

/** The text that a rule asks a log for, over `line`, `cut` and `seq`: empty where a line does not have it. */
export function ruleFieldSql(
  rule: Extract<AccountRule, { by: 'header' | 'field' | 'certificate' | 'api-key' }>,
  layout: Layout,
): Sql {
  if (rule.by === 'header') return namedSql(headerNames(rule.header), layout)
  const field = rule.by === 'certificate' ? rule.field : rule.field
  if (typeof field === 'number') return placeSql(field)
  if (field === undefined)
    return namedSql(certificateNames[(rule as { part: 'subject' | 'san' }).part], layout)
  return namedSql(rule.by === 'api-key' ? [field, ...headerNames(field)] : [field], layout)
}

/** The word at a place of the line, from 1, or from -1 at the end; what stands in quotes or brackets is one word. */
function placeSql(place: number): Sql {
  return emptySql(`trim(BOTH '"' FROM ${cuts.bracketed}[${place}])`)
}

/** How servers call the field of a header in their logs. */
function headerNames(header: string): string[] {
  const lower = header.toLowerCase()
  const snake = lower.replaceAll('-', '_')
  return [
    ...new Set([
      header,
      lower,
      snake,
      `http_${snake}`,
      `request_${header}`,
      `cs(${header})`,
      `request.headers.${header}`,
      `headers.${lower}`,
      `request_headers.${lower}`,
    ]),
  ]
}

function namedSql(names: readonly string[], layout: Layout): Sql {
  const texts = layout.headers
    ? columnsOf(names, layout.headers)
    : Object.values(layout.at).some(place => 'keys' in place)
      ? names.flatMap(jsonPaths).map(jsonSql)
      : names.map(name => pairSql(name, layout.form === 'tskv'))
  if (texts.length === 0) return "''"
  return texts.length === 1 ? texts[0]! : `arrayFirst(found -> found != '', [${texts.join(', ')}])`
}

function columnsOf(names: readonly string[], headers: NonNullable<Layout['headers']>): Sql[] {
  const known = new Set(fieldNames(headers).map(name => name.toLowerCase()))
  return names
    .filter(name => known.has(name.toLowerCase()))
    .map(name => emptySql(`trim(BOTH '"' FROM ${fieldSql(headers, name)})`))
}

/** A name with dots is a key of its own, or one inside another. */
function jsonPaths(name: string): string[][] {
  return name.includes('.') ? [[name], name.split('.')] : [[name]]
}

/** Of a list the first; something may stand before the JSON of a line. */
function jsonSql(path: readonly string[]): Sql {
  const keys = path.map(literal).join(', ')
  const json = `substring(line, greatest(position(line, '{'), 1))`
  return emptySql(
    `if(JSONType(${json}, ${keys}) = 'Array', JSONExtractString(${json}, ${keys}, 1), JSONExtract(${json}, ${keys}, 'String'))`,
  )
}

/** `name=value` or `name:value`, also in quotes. */
function pairSql(name: string, tabs: boolean): Sql {
  const safe = name.replace(/[^\w]/g, '\\$&')
  return emptySql(
    tabs
      ? `extract(line, ${literal(`(?:^|\\t)${safe}=([^\\t]*)`)})`
      : `extract(line, ${literal(`(?:^|[\\s,;|"{(\\[])${safe}[=:]"?([^"\\s,;|})\\]]*)`)})`,
  )
}

/** A sign that stands for no value is none. */
function emptySql(text: Sql): Sql {
  return `if((${text}) IN ('-', 'null', '(null)', '(none)'), '', ${text})`
}
