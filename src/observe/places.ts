import type { Layout, Piece, Place, Reading, ValueName } from './source.ts'
import {
  addressSql,
  bareVersions,
  groupSql,
  hostSql,
  literal,
  missedSql,
  plainAddressSql,
  type Sql,
  strangeVersion,
  suiteSql,
  timeSql,
  valueOrEmpty,
  versionSql,
} from './sql.ts'

/** Ways to cut a line, each once per line; `valueSql` then picks values from `cut`. */
export const cuts = {
  /** At quotation marks; inside quotes `\"` is taken for an apostrophe, and `\\` before it for a slash, since it escapes nothing. */
  quoted: `splitByChar('"', replaceAll(replaceAll(line, '\\\\\\\\', '/'), '\\\\"', '\\''))`,
  /** Words; a quoted text counts as one. */
  words: `extractAll(line, '"(?:[^"\\\\\\\\]|\\\\\\\\.)*"|\\\\S+')`,
  /** Words; a quoted text and a bracketed one count as one. */
  bracketed: `extractAll(line, '"(?:[^"\\\\\\\\]|\\\\\\\\.)*"|\\\\[[^\\\\]]*\\\\]|\\\\S+')`,
  tabs: `splitByChar('\\t', line)`,
  spaces: `splitByChar(' ', line)`,
} as const

/** The typed JSON of a line, holding what `layout` looks for. Numbers come as their text. */
function jsonCut(paths: readonly (readonly string[])[], text: Sql = 'line'): Sql {
  return `JSONExtract(${text}, ${literal(tupleType(paths))})`
}

interface Node {
  [key: string]: Node | null
}

function tupleType(paths: readonly (readonly string[])[]): string {
  const tree: Node = {}
  for (const path of paths) {
    let at = tree
    for (const [depth, key] of path.entries()) {
      const last = depth === path.length - 1
      // A path that ends where another goes on is read from the deeper one only.
      if (last) at[key] ??= null
      else {
        at[key] ??= {}
        at = at[key]!
      }
    }
  }
  const type = (node: Node): string =>
    `Tuple(${Object.entries(node)
      .map(([key, below]) => {
        const name = `\`${key.replace(/\[\]$/, '').replaceAll('`', '')}\``
        return `${name} ${below ? type(below) : key.endsWith('[]') ? 'Array(String)' : 'String'}`
      })
      .join(', ')})`
  return type(tree)
}

/** The text at a place of `cut`; empty where there is none. A JSON key that ends in `[]` holds a list, of which the first is taken. */
export function valueSql(
  place: Place | undefined,
  partOf: (part: number) => Sql = part => `cut[${part}]`,
): Sql {
  if (place === undefined) return "''"
  if ('keys' in place) {
    const texts = place.keys.map(path => {
      const picked = path.reduce(
        (sql, key) => `tupleElement(${sql}, ${literal(key.replace(/\[\]$/, ''))})`,
        'cut',
      )
      return path.at(-1)!.endsWith('[]') ? `${picked}[1]` : picked
    })
    return texts.length === 1
      ? texts[0]!
      : `multiIf(${texts
          .slice(0, -1)
          .map(text => `${text} != '', ${text}`)
          .join(', ')}, ${texts.at(-1)})`
  }
  if ('field' in place) return `trim(BOTH '"' FROM cut[${place.field}])`
  if ('key' in place)
    return `extract(line, ${literal(`(?:^|\\t)${place.key.replace(/[^\w]/g, '\\$&')}=([^\\t]*)`)})`
  const part = partOf(place.part)
  if (place.word === undefined) return pieceSql(part, place)
  const words = `splitByWhitespace(${part})`
  const word =
    place.words === undefined
      ? `${words}[${place.word}]`
      : `arrayStringConcat(arraySlice(${words}, ${place.word}, ${place.words}), ' ')`
  return pieceSql(word, place)
}

function pieceSql(whole: Sql, { piece }: { piece?: Piece }): Sql {
  if (piece === undefined) return whole
  const text = piece.of ? pieceSql(whole, { piece: piece.of }) : whole
  if ('between' in piece) return `splitByChar(${literal(piece.between)}, ${text})[${piece.at}]`
  if ('without' in piece) return `trim(BOTH ${literal(piece.without)} FROM ${text})`
  return `if(startsWith(${text}, ${literal(piece.after)}), substring(${text}, ${piece.after.length + 1}), '')`
}

/** Every path that a layout of JSON names. */
function pathsOf(at: Readonly<Record<string, Place>>): (readonly string[])[] {
  return Object.values(at).flatMap(place => ('keys' in place ? place.keys : []))
}

const names: readonly ValueName[] = [
  'time',
  'version',
  'offered',
  'cipher',
  'curve',
  'address',
  'account',
  'sni',
  'userAgent',
  'operation',
  'service',
  'count',
  'status',
]

/**
 * The reading of a log in which each line holds the values of `layout.at`. What is particular to a source comes in `more`: further values,
 * other columns, and reasons to reject, as pairs of condition and reason for multiIf, tried first.
 */
export function readPlaces(
  layout: Layout,
  more: {
    cut?: Sql
    /** The JSON within a line, where something stands before it. */
    json?: Sql
    format?: Reading['format']
    records?: Sql
    time?: (text: Sql) => Sql
    /** Spellings that only this source uses for versions. */
    versions?: ReadonlyMap<string, number>[]
    values?: Record<string, Sql>
    reject?: readonly Sql[]
    /** What an empty version means: plain text, or that the log does not say. */
    absent?: 'plain' | 'unsaid'
    row?: Record<string, Sql>
  } = {},
): Reading {
  const values: Record<string, Sql> = {}
  for (const name of names) values[name] = valueSql(layout.at[name])
  Object.assign(values, more.values)
  const json = Object.values(layout.at).some(place => 'keys' in place)
  // In a field that is named for the version, `1.2` can mean nothing else.
  const quoted = json || more.cut || more.records ? undefined : layout.quoted
  if (quoted) values.parts = 'length(cut)'
  const at = more.row?.at ?? (more.time ?? timeSql.any)('time')
  const isKnown = (name: ValueName) => layout.at[name] !== undefined || more.values?.[name] !== undefined
  const given = (name: ValueName, columns: Record<string, Sql>) => (isKnown(name) ? columns : {})
  return {
    format: more.format ?? 'LineAsString',
    ...(more.records ? { records: more.records } : {}),
    cut: more.cut ?? (json ? jsonCut(pathsOf({ ...layout.at, ...layout.hello }), more.json) : cuts.quoted),
    values,
    steps: {
      version_number: versionSql('version', ...(more.versions ?? []), ...(json ? [bareVersions] : [])),
      ...given('address', { bare_address: quoted ? plainAddressSql('address') : addressSql('address') }),
    },
    ...(quoted && { quoted: { ...quoted, at: layout.at } }),
    reject: [
      ...(quoted ? [`parts != ${quoted.words.length}, 'quotation marks are missing, or too many'`] : []),
      ...(json ? [`NOT isValidJSON(${more.json ?? 'line'}), 'not JSON'`] : []),
      ...(more.reject ?? []),
      ...(more.absent === 'unsaid' ? ["version IN ('', '-'), 'does not say which TLS version'"] : []),
      `version_number = 0 AND NOT (${signsOfALine(isKnown)}), 'not a line of the log format'`,
      `version_number = ${strangeVersion}, 'no TLS version in its place'`,
      "''",
    ].join(', '),
    row: {
      at,
      ...given('service', { service: valueOrEmpty('service') }),
      ...given('account', {
        account: valueOrEmpty('account'),
        attributed_by: `if(${valueOrEmpty('account')} = '', '', 'field')`,
        confidence: `if(${valueOrEmpty('account')} = '', 'none', 'likely')`,
      }),
      ...given('address', { address: 'bare_address' }),
      ...given('sni', { sni: hostSql('sni') }),
      negotiated: `if(version_number = ${strangeVersion}, 0, version_number)`,
      ...given('cipher', { suite: suiteSql('cipher') }),
      ...given('curve', { group: groupSql('curve') }),
      ...given('operation', { operation: valueOrEmpty('operation') }),
      ...given('userAgent', { user_agent: valueOrEmpty('userAgent') }),
      ...given('status', { reason: missedSql('status') }),
      ...more.row,
    },
  }
}

/**
 * What only a line of the log has in its place, where that names no version: an address or an instant. Without it the line is debris (half a
 * line, the log of another program) and no connection without TLS.
 */
function signsOfALine(isKnown: (name: ValueName) => boolean): Sql {
  const signs = [
    ...(isKnown('address') ? ["multiSearchAny(bare_address, ['.', ':'])"] : []),
    ...(isKnown('time') ? ["instant > toDateTime64(0, 3, 'UTC')"] : []),
  ]
  return signs.length > 0 ? signs.join(' OR ') : "version != ''"
}
