/** One name with its value in a structured or line-wise text. Offsets are in the text of the source. */
export interface Setting {
  key: string
  keyStart: number
  /** Names of what it stands in, outermost first; of a Terraform resource also its type. */
  parents: readonly string[]
  /** Without quotes. */
  value: string
  start: number
  end: number
  /** Members of a list value. */
  items?: { value: string; start: number; end: number }[]
  /** Whole entry or statement, for deleting it. */
  whole?: { start: number; end: number }
  /** `block`: several lines of text that may hold another format. */
  form: 'scalar' | 'list' | 'block'
  /** Entries beside it, itself included. */
  siblings: Setting[]
  /** Entries beside what it stands in; absent where a reader does not say. */
  around?: readonly Setting[]
}

/** Text with offsets, without the quotes around it. */
export function unquoted(
  text: string,
  start: number,
  end: number,
): { value: string; start: number; end: number } {
  while (start < end && /\s/.test(text[start]!)) start++
  while (end > start && /\s/.test(text[end - 1]!)) end--
  const quote = text[start]
  if (end - start >= 2 && (quote === '"' || quote === "'" || quote === '`') && text[end - 1] === quote) {
    start++
    end--
  }
  return { value: text.slice(start, end), start, end }
}
