/** An inline `tlsunset:ignore[rule] reason` comment; it covers its own line, and the next one where it stands alone on its line. */
export interface Ignore {
  line: number
  isAlone: boolean
  rules: readonly string[] | undefined
  reason: string
}

/** Comments that set findings aside. One without a reason (empty) has no effect. */
export function ignoresIn(text: string): Ignore[] {
  const found: Ignore[] = []
  if (!text.includes('tlsunset:ignore')) return found
  text.split('\n').forEach((line, index) => {
    const match = /tlsunset:ignore(?:\[([\w\s,*-]+)\])?[:\s-]*([^\r\n]*)/.exec(line)
    if (!match) return
    const reason = match[2]!.replace(/(?:\*\/|-->|#>)\s*$/, '').trim()
    const isAlone = /^\W*(?:REM\s*)?$/i.test(line.slice(0, match.index))
    found.push({ line: index + 1, isAlone, rules: match[1]?.split(',').map(rule => rule.trim()), reason })
  })
  return found
}

/** The comment that speaks of a rule on a line; it counts only with a reason. */
export function ignoreFor(ignores: readonly Ignore[], line: number, rule: string): Ignore | undefined {
  const found = ignores.filter(
    ignore =>
      (ignore.line === line || (ignore.isAlone && ignore.line === line - 1)) &&
      (!ignore.rules || ignore.rules.includes(rule) || ignore.rules.includes('*')),
  )
  return found.find(ignore => ignore.reason !== '') ?? found[0]
}
