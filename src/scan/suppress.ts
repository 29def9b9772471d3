/** An inline `tlsunset:ignore[rule] reason` comment; it covers its own line and the next one. */
export interface Ignore {
  line: number
  rules: readonly string[] | undefined
  reason: string
}

/** Comments that set findings aside. One without a reason has no effect. */
export function ignoresIn(text: string): Ignore[] {
  const found: Ignore[] = []
  if (!text.includes('tlsunset:ignore')) return found
  text.split('\n').forEach((line, index) => {
    const match = /tlsunset:ignore(?:\[([\w\s,*-]+)\])?[:\s-]*([^\r\n]*)/.exec(line)
    if (!match) return
    const reason = match[2]!.replace(/(?:\*\/|-->|#>)\s*$/, '').trim()
    if (reason === '') return
    found.push({ line: index + 1, rules: match[1]?.split(',').map(rule => rule.trim()), reason })
  })
  return found
}

export function isIgnored(ignores: readonly Ignore[], line: number, rule: string): boolean {
  return ignores.some(
    ignore =>
      (ignore.line === line || ignore.line === line - 1) &&
      (!ignore.rules || ignore.rules.includes(rule) || ignore.rules.includes('*')),
  )
}
