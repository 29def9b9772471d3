import { quote } from './columns.ts'

/** Values of a statement by name. */
export type Params = Record<string, unknown>

/** A text of SQL, which holds no values, or the place of a value. */
const textOrPlace = /'(?:[^'\\]|\\.)*'|\{(\w+):([^}]+)\}/gs

/**
 * The statement with values written where it says `{name:Type}`, those that `isWritten` picks by their text; what is left travels beside it. In
 * one pass over the statement: a value that looks like the place of another one stays the text that it is.
 */
export function withValues(
  sql: string,
  params: Params,
  isWritten: (text: string) => boolean = () => true,
): { sql: string; rest: Params } {
  const texts = new Map<string, string>()
  const rest: Params = {}
  for (const [name, value] of Object.entries(params)) {
    const text = Array.isArray(value)
      ? `[${value.map(item => quote(String(item))).join(', ')}]`
      : quote(String(value))
    if (isWritten(text)) texts.set(name, text)
    else rest[name] = value
  }
  if (texts.size === 0) return { sql, rest }
  const written = sql.replace(textOrPlace, (place, name: string | undefined, type: string) => {
    const text = texts.get(name ?? '')
    if (text === undefined) return place
    return type === 'Array(String)' || type === 'String' ? text : `CAST(${text}, ${quote(type)})`
  })
  return { sql: written, rest }
}
