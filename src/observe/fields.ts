import type { Layout, Sample, ValueName } from './source.ts'
import { literal, type Sql } from './sql.ts'

/** The headers of a log of the W3C kind, `#Fields: date time …`, with the names of the fields in order. */
export function fieldHeaders(
  sample: Sample,
  separator: RegExp = /\s+/,
): { line: number; fields: string[] }[] {
  return sample.headers.map(({ line, text }) => ({
    line,
    fields: text
      .replace(/^#fields:?\s*/i, '')
      .split(separator)
      .filter(name => name !== ''),
  }))
}

/**
 * The text of a named field, by the header that stands before the line: a server that is configured anew writes another one into the same
 * file. `cut` is the line cut into its fields. Names are compared without case; the first that a header has is taken.
 */
export function fieldSql(headers: NonNullable<Layout['headers']>, ...names: string[]): Sql {
  const wanted = names.map(name => name.toLowerCase())
  const places = headers.map(({ fields }) => {
    const lower = fields.map(field => field.toLowerCase())
    return wanted.map(name => lower.indexOf(name)).find(index => index >= 0) ?? -1
  })
  const numbers = places.map(place => place + 1)
  if (new Set(numbers).size === 1) return numbers[0]! > 0 ? `cut[${numbers[0]}]` : "''"
  const lines = headers.map(header => header.line)
  const place = `[${numbers.join(', ')}][arrayCount(header -> header < seq, [${lines.join(', ')}])]`
  return `if(${place} = 0, '', cut[${place}])`
}

/** Names of all fields that any header has. */
export function fieldNames(headers: readonly { fields: readonly string[] }[]): string[] {
  return [...new Set(headers.flatMap(header => header.fields))]
}

/** Values by name, for `readPlaces`. */
export function fieldValues(
  headers: NonNullable<Layout['headers']>,
  names: Partial<Record<ValueName, readonly string[]>>,
): Record<string, Sql> {
  return Object.fromEntries(
    Object.entries(names).map(([value, fields]) => [value, fieldSql(headers, ...fields)]),
  )
}

/** A comment or header of such a log. */
export const isHeader: Sql = `startsWith(line, ${literal('#')})`
